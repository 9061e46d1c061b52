"""The log of what was done is sealed into the next block of its hash chain."""

from datetime import datetime

from haicap.audit import sealing


def run(now: datetime) -> None:
    sealing.seal(now=now)
