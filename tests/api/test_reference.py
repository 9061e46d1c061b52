"""The OpenAPI document and the page that is made from it."""

import re
from typing import Any

import pytest
from django.test import Client

from haicap.api.open.v1.reference import document, operations
from haicap.config.headers import POLICY
from tests.api.conftest import ROOT

pytestmark = pytest.mark.django_db


def spoken(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [value for name, value in node.items() if name in ("description", "summary") and value]
        return [one for one in own if isinstance(one, str)] + [t for v in node.values() for t in spoken(v)]
    return [text for one in node for text in spoken(one)] if isinstance(node, list) else []


def test_the_document_needs_no_key_and_speaks_three_languages(client: Client) -> None:
    said = {}
    for lang in ("vi", "en", "bn"):
        answer = client.get(ROOT + "openapi.json", headers={"Accept-Language": lang})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        said[lang] = spoken(answer.json())
    assert len(said["vi"]) > 100
    for vi, en, bn in zip(said["vi"], said["en"], said["bn"], strict=True):
        assert len({vi, en, bn}) == 3, vi


def test_a_key_is_needed_outside_the_demo(client: Client, settings: Any) -> None:
    for demo in (True, False):
        settings.HAICAP_DEMO = demo
        assert ({} in client.get(ROOT + "openapi.json").json()["security"]) is demo


def test_no_parameter_may_be_null_and_all_refusals_have_one_shape() -> None:
    for operation in operations(document()):
        for parameter in operation["parameters"]:
            assert "null" not in str(parameter["schema"]), parameter["name"]
        refused = {status: one for status, one in operation["responses"].items() if status[0] in "45"}
        assert refused.keys() == {"400", "401", "404", "429", "503"}
        for one in refused.values():
            assert one["content"]["application/json"]["schema"]["$ref"].endswith("/Problem")


@pytest.mark.parametrize(
    ("lang", "word"), [("vi", "Cách hỏi"), ("en", "How to ask"), ("bn", "কীভাবে অনুরোধ করবেন")]
)
def test_the_page_shows_every_address_and_shape(client: Client, lang: str, word: str) -> None:
    answer = client.get(ROOT, headers={"Accept-Language": lang})
    page = answer.content.decode()
    assert word in page
    made = document()
    for path, methods in made["paths"].items():
        assert f"GET {path}" in page
        for parameter in methods["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page
    for name in made["components"]["schemas"]:
        assert f'id="{name}"' in page


def test_the_page_lives_under_the_policy_of_all_pages(client: Client) -> None:
    answer = client.get(ROOT)
    page = answer.content.decode()
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert not re.search(r"<style|\bstyle=|\bon\w+=|<script(?![^>]*\bsrc=)", page)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!testserver/)', page)
    anchors = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


@pytest.mark.parametrize("method", ["post", "delete"])
def test_the_page_is_for_reading(client: Client, method: str) -> None:
    assert getattr(client, method)(ROOT).status_code == 405
