"""The unsent are reminded in the morning of the working days that their regime names; offices get their
digest."""

from datetime import datetime

from haicap.reporting.actions import remind_due
from haicap.reporting.policies.timing import REMIND_AT

AT = REMIND_AT
BY = "system:clock"


def run(now: datetime) -> None:
    remind_due(by=BY, now=now)
