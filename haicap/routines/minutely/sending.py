"""Mails and calls that wait go out; the post comes last, so that a slow server delays nothing else."""

from datetime import datetime

from haicap.notify.actions import send_due


def run(now: datetime) -> None:
    send_due(now=now)
