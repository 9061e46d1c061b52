"""Patterns in dossiers that the system asks about: one question per file, thresholds as data."""
