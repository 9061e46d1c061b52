import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from haicap.api import actions
from haicap.api.allowance import purse
from haicap.api.dhis2 import packs
from haicap.api.dhis2.callers import pairs
from haicap.units import queries as units
from tests.api.dhis2 import export
from tests.api.dhis2.served import both, served, served_sierra
from tests.cast import BY, PASSWORD, World

__all__ = ["both", "served", "served_sierra"]
# what Django's test client answers, with .json()
Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_pairs() -> None:
    pairs.forget()
    purse.forget()


def basic(username: str, password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()}


@pytest.fixture
def country_key(world: World) -> str:
    return actions.issue_key(by=BY, label="Hệ thống của bộ", unit_id=world["00"]).text


@pytest.fixture
def exported(world: World, tmp_path: Path) -> packs.Loaded:
    """The small foreign land of export.py, beside the Vietnam of the tests."""
    return packs.load(by=BY, folder=export.write(tmp_path / "export"))


@pytest.fixture
def foreign_key(exported: packs.Loaded) -> str:
    root = units.by_uid(export.COUNTRY)
    return actions.issue_key(by=BY, label="Foreign ministry", unit_id=root.id).text


@pytest.fixture
def call(client: Client, country_key: str) -> Call:
    """`call("/api/dataElements", fields="id")` with a key for the country, or `key=`, `headers=`."""

    def get(path: str, *, key: str = "", headers: dict[str, str] | None = None, **query: Any) -> Any:
        given = headers if headers is not None else {"Authorization": f"ApiToken {key or country_key}"}
        return client.get(path, query, headers=given)

    return get
