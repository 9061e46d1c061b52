"""The detector of slips learns how far each element moves, from what all units have reported."""

from datetime import datetime

from haicap.reporting.actions import learn_spreads


def run(now: datetime) -> None:
    learn_spreads()
