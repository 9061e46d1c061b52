"""An act that merges or splits units, across all rooms: prepared by the office, signed by a leader."""
