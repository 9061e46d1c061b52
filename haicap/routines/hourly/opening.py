"""A window that has closed leaves an obligation for every commune that owes the report."""

from datetime import datetime

from haicap.reporting.actions import open_closed_periods

BY = "system:clock"


def run(now: datetime) -> None:
    open_closed_periods(by=BY)
