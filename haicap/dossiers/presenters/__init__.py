"""Figures of the room → words, rows and cells."""
