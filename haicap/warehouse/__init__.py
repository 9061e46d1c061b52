"""Columnar facts: immutable files, one manifest, questions that readers ask without locks."""
