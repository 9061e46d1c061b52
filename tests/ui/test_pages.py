"""The base templates, seen through the pattern page."""

import json
import re

import pytest
from django.test import Client

from haicap.ui import assets


@pytest.fixture
def client(settings: object) -> Client:
    settings.HAICAP_SHOW_PATTERNS = True  # type: ignore[attr-defined]
    settings.HAICAP_DEMO = True  # type: ignore[attr-defined]
    return Client()


pytestmark = pytest.mark.django_db


def page(client: Client, lang: str = "vi", query: str = "") -> str:
    client.cookies["django_language"] = lang
    answer = client.get("/ui/mau/" + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_pattern_page_is_closed_unless_asked_for(settings: object) -> None:
    settings.HAICAP_SHOW_PATTERNS = False  # type: ignore[attr-defined]
    assert Client().get("/ui/mau/").status_code == 404


@pytest.mark.parametrize("lang", ["vi", "en", "bn"])
def test_pages_speak_the_language(client: Client, lang: str) -> None:
    assert f'<html lang="{lang}"' in page(client, lang)


def test_nothing_inline_and_nothing_foreign(client: Client) -> None:
    text = page(client)
    assert not re.search(r"<style|\sstyle=|\son(?:click|load|error|change)=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=\"/static/)", text)
    assert not re.search(r"(?:href|src)=\"(?:https?:)?//", text)


def test_ids_are_unique(client: Client) -> None:
    ids = re.findall(r"\sid=\"([^\"]+)\"", page(client, query="?loi=1"))
    # each counter and each map carries the patterns it paints with, under its own prefix
    own = [name for name in ids if not name.startswith("s-")]
    assert len(own) == len(set(own))


def test_every_part_that_is_referred_to_exists(client: Client) -> None:
    text = page(client)
    ids = set(re.findall(r"\sid=\"([^\"]+)\"", text))
    wanted = set(re.findall(r"(?:<use href=\"#|url\(#)([^\")]+)", text))
    assert wanted <= ids


def test_text_size_is_remembered(client: Client) -> None:
    assert "data-text-size" not in page(client)
    client.cookies["haicap_text_size"] = "150"
    assert 'data-text-size="150"' in page(client)
    client.cookies["haicap_text_size"] = "9000"
    assert "data-text-size" not in page(client)


def test_demo_mark(client: Client, settings: object) -> None:
    assert "Dữ liệu minh họa" in page(client)
    settings.HAICAP_DEMO = False  # type: ignore[attr-defined]
    assert "Dữ liệu minh họa" not in page(client)


def test_skip_link_leads_to_the_content(client: Client) -> None:
    text = page(client)
    assert 'href="#noi-dung"' in text
    assert '<main class="page" id="noi-dung"' in text


def test_assets_come_from_the_manifest(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = tmp_path / "manifest.json"  # type: ignore[operator]
    entry = {"src/main.ts": {"file": "main-1.js", "css": ["main-2.css"], "isEntry": True}}
    manifest.write_text(json.dumps(entry))
    monkeypatch.setattr(assets, "MANIFEST", manifest)
    found = assets.entry("main.ts")
    assert found == assets.Entry("ui/build/main-1.js", ("ui/build/main-2.css",))
    with pytest.raises(KeyError):
        assets.entry("never.ts")
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "gone.json")  # type: ignore[operator]
    assert assets.entry("main.ts") is None
