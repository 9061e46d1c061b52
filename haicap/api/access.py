"""Who asks, and which units are open to them: worked out once, from a key or from nothing."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haicap.accounts.addresses import client_address
from haicap.api import actions, queries
from haicap.api.allowance import purse
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue, Indicator
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import Kind, Level

ADDRESS_RATE = 300
IPV6_NETWORK = 64


@dataclass(frozen=True)
class Access:
    """`roots` are the paths of units that are open with all below them.

    `published`: press figures and the register of units are open for every unit (the demo).
    """

    caller: str
    roots: tuple[str, ...]
    published: bool
    keyed: bool

    def sees(self, place: Place) -> bool:
        return any(place.path.startswith(root) for root in self.roots)

    def lists(self, place: Place) -> bool:
        # trees of other systems are theirs, also in the demo
        return self.sees(place) or (self.published and place.kind != Kind.FOREIGN)

    def check_unit(self, place: Place, *, parameter: str) -> None:
        """A unit that is not open looks like one that does not exist. Refusal unit.unknown."""
        if not self.lists(place):
            raise unknown_unit(parameter)

    def check_figure(
        self, place: Place, indicator: Indicator | None, catalogue: Catalogue, *, parameter: str
    ) -> None:
        """Figures of the reporting system are for those in scope. Refusal unit.unknown."""
        open_to_all = self.published and indicator is not None and is_published(indicator, catalogue)
        if not open_to_all and not self.sees(place):
            raise unknown_unit(parameter)


def unknown_unit(parameter: str) -> Refusal:
    return Refusal("unit.unknown", _("Không có đơn vị mang mã này."), place=parameter)


def is_published(indicator: Indicator, catalogue: Catalogue) -> bool:
    """Indicators outside every pillar are made of figures that the press has published."""
    return indicator.pillar not in {pillar.code for pillar in catalogue.pillars}


def access_of(request: HttpRequest) -> Access:
    """Refusals key.unauthorised (401) and rate.exceeded (429, `seconds`)."""
    text = given(request)
    if text:
        found = queries.holder(text)
        if found is not None:
            spend(f"key:{found.prefix}", found.rate)
            if found.last_used != clock.today():
                actions.note_use(prefix=found.prefix)
            return Access(f"key:{found.prefix}", (units.by_id(found.unit_id).path,), False, True)
    # a wrong key counts as well: guessing must not be free
    spend(sender(request), ADDRESS_RATE)
    if text or not settings.HAICAP_DEMO:
        raise Refusal(
            "key.unauthorised",
            _("Cần một khóa còn hiệu lực, gửi trong “Authorization: Bearer …” hoặc “X-API-Key”."),
            place="Authorization",
        )
    return Access("demo", demo_roots(), True, False)


def given(request: HttpRequest) -> str:
    """The key in the headers, "" for none. Other schemes of Authorization belong to somebody else's door."""
    scheme, _space, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        # an empty Bearer is a key that fits nothing, not the absence of one
        return rest.strip() or "-"
    return request.headers.get("X-API-Key", "").strip()


def demo_roots() -> tuple[str, ...]:
    """The provinces of the demo are those whose pack asks communes for reports."""
    owners = {form.owner_unit_id for form in catalogue_queries.current().forms.values()}
    found = units.by_ids(owner for owner in owners if owner is not None)
    return tuple(sorted(place.path for place in found.values() if place.level != Level.COUNTRY))


def spend(caller: str, rate: int) -> None:
    seconds = purse.spend(caller, rate)
    if seconds:
        raise Refusal(
            "rate.exceeded",
            _("Quá %(rate)s lượt trong một phút. Hãy thử lại sau %(seconds)s giây.")
            % {"rate": rate, "seconds": seconds},
            seconds=seconds,
        )


def sender(request: HttpRequest) -> str:
    """A name for the sender's address that cannot be turned back into it."""
    key = settings.SECRET_KEY.encode()
    return (
        "from:" + hmac.new(key, _network(client_address(request)).encode(), hashlib.sha256).hexdigest()[:32]
    )


def _network(address: str) -> str:
    """One household of IPv6 owns 2⁶⁴ addresses."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))
