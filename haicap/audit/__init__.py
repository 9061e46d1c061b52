"""Who did what, when and why; and which slices of the facts it touched."""
