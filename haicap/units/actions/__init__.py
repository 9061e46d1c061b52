"""Every change in the units room: keyword-only, `by=`, one transaction, one audit event."""

from haicap.units.actions.boundaries import BoundaryReport, import_boundaries
from haicap.units.actions.drawing import ask_drawing, draw
from haicap.units.actions.layouts import make_layout
from haicap.units.actions.merging import (
    check_reason,
    discard,
    draft,
    enact,
    hand_in,
    hold,
    name_heir,
    note,
    send_back,
    take_back,
    write,
)
from haicap.units.actions.register import RegisterReport, load_register
from haicap.units.actions.trees import Feature, TreeReport, load_tree

__all__ = [
    "BoundaryReport",
    "Feature",
    "RegisterReport",
    "TreeReport",
    "ask_drawing",
    "check_reason",
    "discard",
    "draft",
    "draw",
    "enact",
    "hand_in",
    "hold",
    "import_boundaries",
    "load_register",
    "load_tree",
    "make_layout",
    "name_heir",
    "note",
    "send_back",
    "take_back",
    "write",
]
