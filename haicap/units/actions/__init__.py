"""Every change in the units room: keyword-only, `by=`, one transaction, one audit event."""

from haicap.units.actions.register import RegisterReport, load_register

__all__ = ["RegisterReport", "load_register"]
