"""Forms made in the browser: what was typed, what it means, what is wrong with it, and its publication."""
