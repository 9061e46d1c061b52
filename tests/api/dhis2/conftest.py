import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from haicap.api import actions
from haicap.api.dhis2.callers import pairs
from tests.cast import BY, PASSWORD, World

Call = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _no_pairs() -> None:
    pairs.forget()


def basic(username: str, password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()}


@pytest.fixture
def country_key(world: World) -> str:
    return actions.issue_key(by=BY, label="Hệ thống của bộ", unit_id=world["00"]).text


@pytest.fixture
def call(client: Client, country_key: str) -> Call:
    """`call("/api/dataElements", fields="id")` with a key for the country, or `key=`, `headers=`."""

    def get(path: str, *, key: str = "", headers: dict[str, str] | None = None, **query: Any) -> HttpResponse:
        given = headers if headers is not None else {"Authorization": f"ApiToken {key or country_key}"}
        return client.get(path, query, headers=given)  # type: ignore[return-value]

    return get
