"""Is the thing in a state that allows it? Whether the person may is for permissions."""
