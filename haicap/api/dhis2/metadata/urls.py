"""The addresses of metadata; the data half of the exchange has its own."""

from __future__ import annotations

from django.urls import URLPattern

from haicap.api.dhis2.doors import at
from haicap.api.dhis2.metadata import exports, listing, mine, reference, unitlists
from haicap.api.dhis2.metadata.known import listed_kinds

UID, NAME = "(?P<uid>[A-Za-z0-9]{1,40})", "(?P<name>[A-Za-z]{1,60})"


def lists() -> list[URLPattern]:
    """/api/<plural>, /api/<plural>/{uid}, /api/<plural>/{uid}/{property} of every kind."""
    found: list[URLPattern] = []
    for kind in listed_kinds():
        if kind.name == "organisationUnit":
            continue
        found += [
            at(kind.plural, kind.plural, GET=listing.listed(kind)),
            at(f"{kind.plural}/{UID}", kind.name, GET=listing.one(kind)),
            at(f"{kind.plural}/{UID}/{NAME}", f"{kind.name}-part", GET=listing.part(kind)),
        ]
    return found


urlpatterns: list[URLPattern] = [
    at("organisationUnits", "organisationUnits", GET=unitlists.listed),
    at(f"organisationUnits/{UID}", "organisationUnit", GET=unitlists.one),
    at(f"organisationUnits/{UID}/{NAME}", "organisationUnit-part", GET=unitlists.part),
    *lists(),
    at("me", "me", GET=mine.me),
    at("me/authorities", "me-authorities", GET=mine.rights),
    at("me/authorization", "me-authorization", GET=mine.rights),
    at("me/settings", "me-settings", GET=mine.chosen),
    at("metadata", "metadata", GET=exports.everything),
    at("resources", "resources", GET=exports.resources),
    at("schemas", "schemas", GET=exports.schemas),
    at(f"schemas/{NAME}", "schema", GET=exports.schema),
    at("openapi", "openapi", GET=reference.openapi),
    at("periodTypes", "periodTypes", GET=exports.period_types),
]
