"""The states of a report, as a table.

The diagram in docs/reference is generated from ``TRANSITIONS``; nothing else in the room decides what
may follow what.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy

# How slices of this room are named: the room, and the one "form" that is no form but the declared layer.
ROOM = "reporting"
DECLARED = "declared"
# … and the one of figures that the system counts itself, with what an upheld dispute puts before them.
DERIVED = "derived"
CORRECTED = "corrected"


class State(StrEnum):
    OPEN = "open"
    DRAFT = "draft"
    READY = "ready"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LOCKED = "locked"


class Act(StrEnum):
    FILL = "fill"
    SAY_READY = "say_ready"
    HAND_BACK = "hand_back"
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    LOCK = "lock"
    REOPEN = "reopen"


# A reopened report takes the same road as a returned one: its values leave the current facts until the
# commune has submitted them again.
TRANSITIONS: dict[tuple[State, Act], State] = {
    (State.OPEN, Act.FILL): State.DRAFT,
    (State.DRAFT, Act.FILL): State.DRAFT,
    (State.RETURNED, Act.FILL): State.RETURNED,
    (State.DRAFT, Act.SAY_READY): State.READY,
    (State.RETURNED, Act.SAY_READY): State.READY,
    (State.READY, Act.HAND_BACK): State.DRAFT,
    (State.READY, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.RETURN): State.RETURNED,
    (State.SUBMITTED, Act.ACCEPT): State.ACCEPTED,
    (State.ACCEPTED, Act.LOCK): State.LOCKED,
    (State.ACCEPTED, Act.REOPEN): State.RETURNED,
    (State.LOCKED, Act.REOPEN): State.RETURNED,
}

EDITABLE = frozenset(state for state, act in TRANSITIONS if act is Act.FILL)
# From submission on a value is a fact (provisional), from acceptance on a plain one.
FACTS = frozenset({State.SUBMITTED, State.ACCEPTED, State.LOCKED})
FINAL = frozenset({State.ACCEPTED, State.LOCKED})

STATE_LABELS = {
    State.OPEN: gettext_lazy("Chưa nhập"),
    State.DRAFT: gettext_lazy("Đang nhập"),
    State.READY: gettext_lazy("Chờ lãnh đạo xã gửi"),
    State.SUBMITTED: gettext_lazy("Đã gửi, chờ duyệt"),
    State.RETURNED: gettext_lazy("Bị trả lại"),
    State.ACCEPTED: gettext_lazy("Đã duyệt"),
    State.LOCKED: gettext_lazy("Đã khóa"),
}


def after(state: State, act: Act) -> State | None:
    """The state that follows, or None where the table has no such step."""
    return TRANSITIONS.get((state, act))


class DisputeState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"
    LIFTED = "lifted"


class DisputeAct(StrEnum):
    UPHOLD = "uphold"
    REFUSE = "refuse"
    LIFT = "lift"


DISPUTE_STEPS: dict[tuple[DisputeState, DisputeAct], DisputeState] = {
    (DisputeState.OPEN, DisputeAct.UPHOLD): DisputeState.UPHELD,
    (DisputeState.OPEN, DisputeAct.REFUSE): DisputeState.REFUSED,
    (DisputeState.UPHELD, DisputeAct.LIFT): DisputeState.LIFTED,
}

DISPUTE_LABELS = {
    DisputeState.OPEN: gettext_lazy("Chờ tỉnh xét"),
    DisputeState.UPHELD: gettext_lazy("Tỉnh chấp nhận"),
    DisputeState.REFUSED: gettext_lazy("Tỉnh không chấp nhận"),
    DisputeState.LIFTED: gettext_lazy("Đã gỡ"),
}
