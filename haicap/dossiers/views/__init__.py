"""Pages under /ho-so/."""
