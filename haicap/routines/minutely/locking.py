"""Accepted reports whose day has come are locked."""

from datetime import datetime

from haicap.reporting.actions import lock_due

BY = "system:clock"


def run(now: datetime) -> None:
    lock_due(by=BY, now=now)
