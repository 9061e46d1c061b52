"""organisationUnits and their levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from haicap.api.dhis2.metadata.asker import Asker
from haicap.api.dhis2.metadata.kinds import KINDS, Property, constant, kind, named, nothing, to_many, to_one
from haicap.catalogue.uids import uid_of
from haicap.core.languages import VI
from haicap.units.places import Place
from haicap.units.states import COUNTRY_CODE

# Level 1 is the top, as in DHIS2; ours begins at 0.
NAMES = (gettext_noop("Cả nước"), gettext_noop("Tỉnh, thành phố"), gettext_noop("Xã, phường, đặc khu"))


@dataclass(frozen=True)
class OrgLevel:
    uid: str
    level: int
    name: str


def levels(asker: Asker) -> list[OrgLevel]:
    """As deep as the trees that the asker sees. Names are those of Vietnam's tree where there is one."""
    line = [place for root in asker.roots for place in asker.line(root)]
    deepest = max((place.level for place in (*asker.places, *line)), default=-1)
    ours = any(place.code == COUNTRY_CODE for place in line)
    with translation.override(asker.lang):
        return [
            OrgLevel(uid_of("level", str(depth)), depth + 1, _named(depth, ours))
            for depth in range(deepest + 1)
        ]


def _named(depth: int, ours: bool) -> str:
    return gettext(NAMES[depth]) if ours and depth < len(NAMES) else f"Level {depth + 1}"


def name(place: Place, asker: Asker) -> str:
    return place.full_name


def shown(place: Place, asker: Asker) -> str:
    return place.full_name if asker.lang == VI else place.name_en or place.full_name


def path(place: Place, asker: Asker) -> str:
    return "/" + "/".join(one.uid for one in asker.line(place))


def opening(place: Place, asker: Asker) -> str:
    return f"{place.valid_from.isoformat()}T00:00:00.000"


def closed(place: Place, asker: Asker) -> str | None:
    """The last day of its life, as DHIS2 counts."""
    if place.valid_to is None:
        return None
    return f"{(place.valid_to - timedelta(days=1)).isoformat()}T00:00:00.000"


def ancestors(place: Place, asker: Asker) -> list[Place]:
    return asker.line(place)[:-1]


def every(asker: Asker) -> Sequence[Place]:
    """Closed units are reached by their uid, and listed when they are asked for: their codes may have passed
    to their successors."""
    query = asker.ask.query
    wanted = any(text.startswith("closedDate") for text in query.getlist("filter"))
    return asker.all_places if wanted or asker.ask.flag("includeClosed", False) else asker.places


PROPERTIES: dict[str, Property] = named(
    name, lambda place, asker: place.code, lambda place, asker: place.name[:50], shown
) | {
    "level": Property(lambda place, asker: place.level + 1, type="INTEGER"),
    "path": Property(path),
    "openingDate": Property(opening, type="DATE"),
    "closedDate": Property(closed, type="DATE"),
    "created": Property(opening, type="DATE"),
    "lastUpdated": Property(opening, type="DATE"),
    "leaf": Property(lambda place, asker: not asker.children(place), type="BOOLEAN"),
    "parent": to_one("organisationUnit", lambda place, asker: asker.parent(place)),
    "children": to_many("organisationUnit", lambda place, asker: asker.children(place)),
    "ancestors": to_many("organisationUnit", ancestors),
    "geometry": Property(lambda place, asker: asker.shape(place), type="COMPLEX"),
    "dataSets": to_many("dataSet", lambda place, asker: asker.owes.get(place.id, [])),
    "organisationUnitGroups": nothing(),
    "programs": nothing(),
    "users": nothing(),
    "dimensionItem": Property(lambda place, asker: place.uid),
    "dimensionItemType": constant("ORGANISATION_UNIT"),
    "href": Property(
        lambda place, asker: asker.ask.request.build_absolute_uri(f"/api/organisationUnits/{place.uid}")
    ),
}
kind("organisationUnit", "organisationUnits", "OrganisationUnit", PROPERTIES, every)
LEVEL: dict[str, Any] = named(lambda one, asker: one.name, lambda one, asker: None) | {
    "level": Property(lambda one, asker: one.level, type="INTEGER"),
}
kind("organisationUnitLevel", "organisationUnitLevels", "OrganisationUnitLevel", LEVEL, levels)
UNITS = KINDS["organisationUnit"]
