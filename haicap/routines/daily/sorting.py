"""Warehouse files that many small changes have frayed are written anew in their order."""

from datetime import datetime

from haicap.warehouse.refresh import sort


def run(now: datetime) -> None:
    sort()
