"""Somebody at the doors under /api/: a person of the cast with a password, or a system with a key."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from haicap.api import actions
from haicap.core import clock
from haicap.units import queries as units
from tests.cast import BY, PASSWORD

SETS = "/api/dataValueSets"
DONE = "/api/completeDataSetRegistrations"


class Door:
    """`who`: a name of the cast, or a key."""

    def __init__(self, client: Client, who: str) -> None:
        self.client = client
        if who.startswith("haicap_"):
            self.headers = {"Authorization": f"ApiToken {who}"}
        else:
            pair = base64.b64encode(f"{who}:{PASSWORD}".encode()).decode()
            self.headers = {"Authorization": f"Basic {pair}"}

    def post(self, path: str, body: Any, kind: str = "application/json", **query: str) -> HttpResponse:
        data = json.dumps(body) if isinstance(body, dict | list) else body
        address = path + "?" + "&".join(f"{name}={text}" for name, text in query.items())
        return self.client.post(address, data, content_type=kind, headers=self.headers)  # type: ignore[return-value]

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(path, query, headers=self.headers)  # type: ignore[return-value]

    def delete(self, path: str, **query: str) -> HttpResponse:
        address = path + "?" + "&".join(f"{name}={text}" for name, text in query.items())
        return self.client.delete(address, headers=self.headers)  # type: ignore[return-value]


def text_of(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def key_for(uid: str, **more: Any) -> str:
    soon = clock.now() + timedelta(days=1)
    made = {"writes": True, "expires_at": soon, "rate": 60_000} | more
    return actions.issue_key(by=BY, label="System", unit_id=units.by_uid(uid).id, **made).text
