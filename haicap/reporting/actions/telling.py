"""Who is told of a step: the commune of what the province decided, the province of what has arrived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from haicap.accounts.states import Role
from haicap.audit.actions import Actor
from haicap.catalogue import queries as catalogue
from haicap.notify import actions as notify
from haicap.notify.actions import Recipient, Seats
from haicap.units import queries as units
from haicap.units.queries import Place

from ..models import Dispute, Report
from ..permissions import responsible
from ..queries.derived import form_with
from ..states import Act

CODES = {
    Act.SAY_READY: "report.ready",
    Act.HAND_BACK: "report.handed_back",
    Act.SUBMIT: "report.submitted",
    Act.RETURN: "report.returned",
    Act.ACCEPT: "report.accepted",
    Act.REOPEN: "report.reopened",
}


def tell(
    row: Report,
    act: Act,
    by: Actor | str,
    reasons: Iterable[tuple[str, str]] = (),
    signed: Mapping[str, Any] | None = None,
) -> None:
    """Inside the transaction of the step, so that nobody hears of what did not happen. `reasons`: (element
    code, text), "" for the whole report."""
    code = CODES.get(act)
    if code is None:
        return
    place = units.by_id(row.unit_id)
    notify.send(
        by=by,
        to=receivers(act, place),
        subject_code=code,
        params={
            **about(row),
            "who": by if isinstance(by, str) else by.ref,
            "reasons": [list(one) for one in reasons],
            "role": (signed or {}).get("role", ""),
        },
        link=address(row, place),
        key=f"report:{row.pk}:{act.value}:{row.version}",
        unit_id=row.unit_id,
    )


def receivers(act: Act, place: Place) -> list[Recipient]:
    own = responsible(place)
    officer, leader = Seats(own.id, Role.COMMUNE_OFFICER), Seats(own.id, Role.COMMUNE_LEADER)
    office = [Seats(own.parent_id, Role.PROVINCE_OFFICE)] if own.parent_id else []
    to: dict[Act, list[Recipient]] = {
        Act.SAY_READY: [leader],
        Act.HAND_BACK: [officer],
        Act.SUBMIT: [*office],
        Act.RETURN: [officer, leader],
        Act.ACCEPT: [officer, leader],
        Act.REOPEN: [officer, leader, *office],
    }
    return to[act]


def about(row: Report) -> dict[str, str]:
    return {
        "form": row.form,
        "period": row.period,
        "rule": row.rule,
        "deadline": row.deadline.isoformat(),
    }


def address(row: Report, place: Place) -> str:
    return reverse("reporting:report", args=[row.form, row.period, place.code])


def tell_dispute(row: Dispute, code: str, by: Actor | str, reason: str) -> None:
    """The province of a dispute, the commune of what became of it. Inside the transaction of the step."""
    value = row.value
    place = units.by_id(value.unit_id)
    own = responsible(place)
    office = [Seats(own.parent_id, Role.PROVINCE_OFFICE)] if own.parent_id else []
    commune = [Seats(own.id, Role.COMMUNE_OFFICER), Seats(own.id, Role.COMMUNE_LEADER)]
    element = catalogue.current().elements_by_id[value.element_id].code
    notify.send(
        by=by,
        to=office if code == "derived.disputed" else commune,
        subject_code=code,
        params={
            "form": form_with(element, value.kind, value.rule),
            "period": value.period,
            "rule": value.rule,
            "who": by if isinstance(by, str) else by.ref,
            "reasons": [[element, reason]],
        },
        link=reverse("reporting:dispute", args=[row.pk]),
        key=f"dispute:{row.pk}:{row.version}",
        unit_id=value.unit_id,
    )
