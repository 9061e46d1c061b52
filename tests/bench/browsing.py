"""The process that asks for pages as the province's leader; `tests.bench.pages` starts it on a demo."""

import json
import os
from dataclasses import asdict

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  models need the apps
from django.test import Client  # noqa: E402

from haicap.catalogue import queries as catalogue  # noqa: E402
from haicap.core import clock, periods  # noqa: E402
from tests.bench.figures import Taken, timed  # noqa: E402

COUNTRY = "/ca-nuoc/"


def visit(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")


def first_pages() -> list[str]:
    """The score and every monthly indicator, in each of the last six closed months."""
    last = periods.last_closed(periods.Kind.MONTH, clock.today())
    months = [periods.shift(last, -back).key for back in range(6)]
    monthly = [
        code for code, one in catalogue.current().indicators.items() if one.period_kind is periods.Kind.MONTH
    ]
    return [f"/?ky={month}" for month in months] + [
        f"/?ky={month}&chi-tieu={code}" for month in months for code in monthly
    ]


def taken(client: Client, addresses: list[str]) -> Taken:
    return timed([lambda address=address: visit(client, address) for address in addresses])


def main() -> None:
    client = Client()
    client.force_login(get_user_model().objects.get(username="leader"), settings_backend())
    addresses = first_pages()
    # Templates, catalogue and units are read once per process, not once per page.
    visit(client, addresses.pop(0))
    visit(client, COUNTRY)
    found = {
        "first_page_102": taken(client, addresses),
        "first_page_102_again": taken(client, addresses[-30:] * 4),
        "country_page": taken(client, [COUNTRY] * 40),
    }
    print(json.dumps({name: asdict(one) for name, one in found.items()}))


def settings_backend() -> str:
    return "django.contrib.auth.backends.ModelBackend"


main()
