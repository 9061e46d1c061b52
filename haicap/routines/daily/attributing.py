"""Dossiers that became overdue in the night are attributed; files of dossiers that nobody answered for go."""

from datetime import datetime

from haicap.dossiers.actions import forget_old, settle_overdue

BY = "system:clock"


def run(now: datetime) -> None:
    settle_overdue(by=BY)
    forget_old(by=BY)
