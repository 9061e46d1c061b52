"""Signed-in browsers for the pages of figures, in the rough land."""

from collections.abc import Callable

import pytest
from django.test import Client

from haicap.accounts import actions
from haicap.accounts.states import Role
from tests.cast import BY, SINCE
from tests.world import Land

Browser = Callable[[str], Client]


@pytest.fixture
def browser(rough: Land) -> Browser:
    """`browser("leader")` is signed in as one of the cast; "" is nobody; "analyst_00" sees the country."""

    def opened(who: str) -> Client:
        client = Client()
        if who == "analyst_00":
            user = actions.create_user(
                by=BY, username=who, name="Phân tích", password="mot-mat-khau-dai-2026"
            )
            actions.appoint(
                by=BY, user=user, role=Role.ANALYST, unit_id=rough.world["00"], title="", starts=SINCE
            )
            client.force_login(user)
        elif who:
            client.force_login(getattr(rough.cast, who))
        return client

    return opened


@pytest.fixture
def leader(browser: Browser) -> Client:
    return browser("leader")
