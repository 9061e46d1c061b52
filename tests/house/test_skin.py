"""Colours live in one file, and no page styles itself."""

import re

from tests.house.source import HOUSE, ROOT, modules, templates

HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b(?!;)")
STYLE = re.compile(r"<style\b|\sstyle\s*=")
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son[a-z]+\s*=\s*[\"']")
OUTSIDE = re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//")


def lines(found: dict[str, str], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number} {line.strip()[:80]}"
        for path, text in found.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_colours_are_in_the_palette_alone() -> None:
    python = {path: text for path, text in modules().items() if path != "haicap/ui/palette.py"}
    assert not lines(python, re.compile(r"[\"']" + HEX.pattern))
    assert not lines(templates(), re.compile(r"(?:fill|stroke|color|content)\s*[=:]\s*[\"']?" + HEX.pattern))


def test_sass_takes_its_colours_from_the_palette() -> None:
    sass = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in sorted((ROOT / "frontend").rglob("*.scss"))
        if "generated" not in path.parts
    }
    assert not lines(sass, re.compile(r"[\s:(,]" + HEX.pattern))


def test_no_page_carries_a_style() -> None:
    assert not lines(templates(), STYLE)
    svg = {path: text for path, text in modules().items() if path.startswith("haicap/ui/")}
    assert not lines(svg, re.compile(r"<style>?[^>`]*[{(]|\sstyle=[\"'{]"))


def test_no_page_carries_a_script() -> None:
    assert not lines(templates(), SCRIPT)


def test_nothing_comes_from_another_host() -> None:
    assert not lines(templates(), OUTSIDE)


def test_there_are_templates_to_look_at() -> None:
    assert len(templates()) > 5
    assert (HOUSE / "ui" / "palette.py").exists()
