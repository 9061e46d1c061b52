"""The demo: invented figures on real units, deterministic, marked on every page."""
