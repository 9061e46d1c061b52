"""Reading: units in, rows out."""
