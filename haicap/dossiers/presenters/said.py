"""What people said, with position and time. Names of people stay out of lists; one matter names who acted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from haicap.accounts import queries as accounts
from haicap.accounts.states import ROLE_NAMES, Role

from ..queries.disputes import Spoken
from ..stages import INNOCENT_LABELS, OUTCOME_LABELS, Innocent, Outcome, SignalAct
from .tables import moment_words

ACTS = {
    "raised": gettext_lazy("Xã đề nghị"),
    "office": gettext_lazy("Văn phòng tỉnh trả lời"),
    "leader": gettext_lazy("Lãnh đạo tỉnh quyết định"),
    SignalAct.ANSWER: gettext_lazy("Đơn vị trả lời"),
    SignalAct.WEIGH: gettext_lazy("Ý kiến thứ nhất"),
    SignalAct.AGREE: gettext_lazy("Người thứ hai đồng ý"),
    SignalAct.DISAGREE: gettext_lazy("Người thứ hai không đồng ý"),
}


@dataclass(frozen=True, slots=True)
class Line:
    act: str
    who: str
    role: str
    at: str
    choice: str
    text: str


def lines(said: Iterable[Spoken]) -> list[Line]:
    """One query for the names."""
    told = list(said)
    names = accounts.names({one.by for one in told})
    return [
        Line(
            str(ACTS.get(one.act, one.act)),
            names.get(one.by) or gettext("Hệ thống"),
            str(ROLE_NAMES[Role(one.role)]) if one.role in ROLES else "",
            moment_words(one.at),
            choice(one.choice),
            one.text,
        )
        for one in told
    ]


ROLES = frozenset(role.value for role in Role)


def choice(code: str) -> str:
    if code in set(Innocent):
        return str(INNOCENT_LABELS[Innocent(code)])
    return str(OUTCOME_LABELS[Outcome(code)]) if code in set(Outcome) else ""
