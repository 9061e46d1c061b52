"""/api/me: who asks, with the units that they may read and write; /api/users knows nobody else."""

from __future__ import annotations

from typing import Any

from haicap.accounts.states import Role
from haicap.api.dhis2.callers import Caller
from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.metadata.asker import Asker
from haicap.api.dhis2.metadata.elementkinds import forms
from haicap.api.dhis2.metadata.kinds import Property, constant, kind, named, nothing, to_many
from haicap.api.dhis2.metadata.listing import json_alone, shown

READING = ("M_dhis-web-dashboard", "F_METADATA_EXPORT", "F_VIEW_DATABROWSER")
WRITING = ("F_DATAVALUE_ADD", "F_DATAVALUE_DELETE")
WRITERS = {Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICE, Role.SOURCE}


def authorities(caller: Caller, asker: Asker) -> list[str]:
    writes = any(grant.role in WRITERS for grant in caller.scope.grants)
    return [*READING, *(WRITING if writes else ())]


def settings(caller: Caller, asker: Asker) -> dict[str, Any]:
    return {"keyUiLocale": caller.lang, "keyDbLocale": caller.lang, "keyAnalysisDisplayProperty": "name"}


def last_name(caller: Caller, asker: Asker) -> str:
    """Vietnamese names are written in one piece, family name first."""
    return caller.name


USERS = kind(
    "user",
    "users",
    "User",
    named(lambda caller, asker: caller.name, lambda caller, asker: None)
    | {
        "username": Property(lambda caller, asker: caller.username),
        "surname": Property(last_name),
        "firstName": constant("", "TEXT"),
        "email": constant(None, "TEXT"),
        "authorities": Property(authorities, type="COLLECTION"),
        "settings": Property(settings, type="COMPLEX"),
        "organisationUnits": to_many("organisationUnit", lambda caller, asker: asker.roots),
        "dataViewOrganisationUnits": to_many("organisationUnit", lambda caller, asker: asker.roots),
        "teiSearchOrganisationUnits": to_many("organisationUnit", lambda caller, asker: asker.roots),
        "dataSets": Property(lambda caller, asker: [form.uid for form in forms(asker)], type="COLLECTION"),
        "programs": nothing(),
        "userRoles": nothing(),
        "userGroups": nothing(),
    },
    lambda asker: [asker.ask.caller],
)


def me(ask: Ask) -> dict[str, Any]:
    json_alone(ask)
    return shown(Asker(ask, USERS), USERS, [ask.caller], "*")[0]


def rights(ask: Ask) -> list[str]:
    return authorities(ask.caller, Asker(ask, USERS))


def chosen(ask: Ask) -> dict[str, Any]:
    return settings(ask.caller, Asker(ask, USERS))
