"""Haicap: the operating platform of a province under two-tier local government."""

__version__ = "0.1.0"
