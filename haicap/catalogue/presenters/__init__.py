"""Definitions → words and rows of a page."""
