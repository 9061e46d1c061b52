"""What the pages of this room show: rows in, words and flags out."""
