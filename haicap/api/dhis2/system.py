"""What the server says about itself."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse

from haicap import __version__
from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.messages import WebMessageError
from haicap.catalogue.uids import LENGTH, LETTERS, SIGNS
from haicap.core import clock

# The release whose field names and answers are followed; clients choose their dialect by it.
COMPATIBLE = "2.42.0"
MOST_IDS = 10_000


def info(ask: Ask) -> dict[str, Any]:
    now = clock.now()
    base = ask.request.build_absolute_uri("/").rstrip("/")
    return {
        "contextPath": base,
        "version": COMPATIBLE,
        "revision": f"haicap-{__version__}",
        "serverDate": stamp(now),
        "serverTimeZoneId": str(clock.ZONE),
        "serverTimeZoneDisplayName": "Indochina Time",
        "lastAnalyticsTableSuccess": stamp(now),
        "intervalSinceLastAnalyticsTableSuccess": "0 h, 0 m, 0 s",
        "lastAnalyticsTableRuntime": "0 h, 0 m, 0 s",
        "calendar": "iso8601",
        "dateFormat": "yyyy-mm-dd",
        "systemName": "Haicap",
        "instanceBaseUrl": base,
        "isMetadataVersionEnabled": False,
        "isMetadataSyncEnabled": False,
        "encryption": False,
        "emailConfigured": False,
        "redisEnabled": False,
    }


def ping(ask: Ask) -> HttpResponse:
    return HttpResponse("pong", content_type="text/plain")


def ids(ask: Ask) -> dict[str, list[str]]:
    return {"codes": [fresh() for _one in range(ask.whole("limit", 1, least=1, most=MOST_IDS))]}


def unknown(ask: Ask, rest: str = "") -> dict[str, Any]:
    raise WebMessageError(404, f"/api/{rest[:200]} is not part of what Haicap shares with DHIS2")


def stamp(moment: Any) -> str:
    """2026-11-25T03:00:00.000, the server's local time, as DHIS2 writes it."""
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


def fresh() -> str:
    return secrets.choice(LETTERS) + "".join(secrets.choice(SIGNS) for _one in range(LENGTH - 1))
