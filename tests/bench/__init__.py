"""Figures of speed and size, one JSON line each: `make bench`, or `make bench BENCH=name` for one."""
