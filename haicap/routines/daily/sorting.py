"""Warehouse files that many small changes have frayed are written in order again; old ones are let go."""

from datetime import datetime

from haicap.warehouse import retention
from haicap.warehouse.archiving import Archives
from haicap.warehouse.places import root_directory
from haicap.warehouse.refresh import sort


def run(now: datetime) -> None:
    retention.prune(root_directory())
    sort(archive=Archives())
