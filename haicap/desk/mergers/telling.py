"""Who is told of an act: the people of the units that end, and the office above them."""

from django.urls import reverse

from haicap.accounts.states import Role
from haicap.audit.slices import Actor, ref_of
from haicap.notify import actions as notify
from haicap.notify.actions import Outgoing, Seats
from haicap.units import mergers, queries

SIGNED, UNDONE = "act.signed", "act.undone"


def tell(act: mergers.Act, code: str, by: Actor | str) -> None:
    """Inside the transaction of the step, while the people are still found at the units that end."""
    who = ref_of(by)
    places = [queries.by_id(id) for id in act.plan.olds]
    notify.send_many(
        by=by,
        items=[
            Outgoing(
                code=code,
                key=f"act:{act.id}:{code}:{act.version}:{place.id}",
                to=(
                    Seats(place.id, Role.COMMUNE_LEADER),
                    Seats(place.id, Role.COMMUNE_DEPUTY),
                    Seats(place.id, Role.COMMUNE_OFFICER),
                    Seats(act.owner_id, Role.PROVINCE_OFFICE),
                ),
                params={"who": who, "day": act.on.isoformat() if act.on else ""},
                link=reverse("desk:unit_reports", args=[place.uid]),
                # about the province: a message about a unit would keep an act from being taken back
                unit_id=act.owner_id,
            )
            for place in places
        ],
    )
