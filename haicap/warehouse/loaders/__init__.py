"""Where facts come from: one loader per record room, the only readers of that room's ``facts``."""
