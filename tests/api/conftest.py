from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from haicap.api import actions
from haicap.api.allowance import purse
from tests.cast import BY
from tests.world import Land

ROOT = "/api/open/v1/"
Ask = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _empty_purse() -> None:
    """What this process holds outlives a test; its database does not."""
    purse.forget()


@pytest.fixture
def demo(settings: Any) -> None:
    settings.HAICAP_DEMO = True


@pytest.fixture
def ask(client: Client) -> Ask:
    """`ask("heatmap", province="66", key="haicap_…", headers={…})`."""

    def get(what: str, *, key: str = "", headers: dict[str, str] | None = None, **query: Any) -> HttpResponse:
        given = {**(headers or {}), **({"Authorization": f"Bearer {key}"} if key else {})}
        return client.get(ROOT + what, query, headers=given)  # type: ignore[return-value]

    return get


@pytest.fixture
def province_key(land: Land) -> str:
    return actions.issue_key(by=BY, label="Cổng dữ liệu tỉnh", unit_id=land.world["66"]).text


@pytest.fixture
def commune_key(land: Land) -> str:
    return actions.issue_key(by=BY, label="Trang xã", unit_id=land.world["24505"]).text
