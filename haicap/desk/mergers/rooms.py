"""The rooms that answer an act, in the order in which they carry it; taken back in the reverse order.

Named in the settings, since the api stands beside the desk and neither imports the other.
"""

from functools import cache
from importlib import import_module
from typing import cast

from django.conf import settings

from haicap.units.succession import Answer, Change, Room


@cache
def rooms() -> dict[str, Room]:
    """room → its succession module"""
    return {path.split(".")[1]: cast(Room, import_module(path)) for path in settings.SUCCESSION_ROOMS}


def preview(change: Change) -> dict[str, Answer]:
    return {name: room.preview(change) for name, room in rooms().items()}
