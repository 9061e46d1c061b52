"""From a figure to what it is made of and back: both ways say the same."""

import pytest
from django.test import Client

from haicap.catalogue.uses import uses
from haicap.insight.readings import elements_of
from tests.world import Land

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def test_an_indicator_names_an_element_exactly_when_the_element_names_it(land: Land) -> None:
    book = land.catalogue
    for element in book.elements.values():
        found = uses(book, element.code)
        fed = {one.code for one in (*found.above, *found.below)}
        assert fed == {one.code for one in book.indicators.values() if element.id in elements_of(one)}
        assert {one.code for one in found.forms} == {
            one.code for one in book.forms.values() if element.code in one.elements
        }


def test_the_page_of_a_cell_says_what_its_figure_feeds(land: Land, client: Client) -> None:
    client.force_login(land.cast.commune_officer)
    page = client.get("/bao-cao/CQS-T/2026-10/24505/o/HS_NHAN/")
    fed = {one.code for one in uses(land.catalogue, "HS_NHAN").below}
    assert fed
    for code in fed:
        assert f'href="/xa/24505/?vi-sao={code}"' in page.content.decode()
        assert client.get(f"/xa/24505/?vi-sao={code}").status_code == 200


def test_a_colour_leads_to_the_page_of_each_of_its_figures(land: Land, client: Client) -> None:
    client.force_login(land.cast.office)
    page = client.get("/xa/24505/?vi-sao=CQ01").content.decode()
    indicator = land.catalogue.indicators["CQ01"]
    for id in elements_of(indicator):
        href = f"/bao-cao/CQS-T/2026-10/24505/o/{land.catalogue.elements_by_id[id].code}/"
        assert f'href="{href}"' in page
        assert "CQ01" in client.get(href).content.decode()
