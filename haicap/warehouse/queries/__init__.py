"""Questions to the facts, one per file. Each has a slow, obvious twin in tests/twins."""
