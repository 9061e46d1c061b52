"""What asking costs and what need not be asked: the answer from what is held, and the burden board."""
