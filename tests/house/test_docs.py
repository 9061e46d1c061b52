"""What the documents say of the code is held against the code."""

import re
from pathlib import Path

import pytest

from scripts import reference
from tests.house.source import HOUSE, ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
# made by a browser test
PICTURES = {"docs/pictures/first-page.png"}


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_reference_is_up_to_date(name: str) -> None:
    written = (reference.FOLDER / name).read_text("utf-8")
    assert written == reference.PAGES[name](), "run: python -m scripts.reference"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for target in LINK.findall(page.read_text("utf-8")):
        place = (page.parent / target).resolve()
        if "://" not in target and not place.exists() and str(place.relative_to(ROOT)) not in PICTURES:
            lost.append(target)
    assert not lost


def test_every_room_is_on_the_map_of_rooms() -> None:
    page = (ROOT / "docs" / "rooms.md").read_text("utf-8")
    table = set(re.findall(r"^\| `([a-z]+)` \|", page, re.M))
    assert table == {path.name for path in HOUSE.iterdir() if (path / "__init__.py").exists()}


def test_the_import_order_in_the_documents_is_the_one_enforced() -> None:
    contract = (ROOT / "pyproject.toml").read_text("utf-8")
    layers = contract.split('id = "down"')[1].split("layers = [")[1].split("]")[0]
    enforced = [re.findall(r"(?<!\()\b[a-z]+\b(?!\))", line) for line in re.findall(r'"([^"]+)"', layers)]
    page = (ROOT / "docs" / "rooms.md").read_text("utf-8")
    told = [line.split(" | ") for line in page.split("```")[1].strip().splitlines()]
    assert told == [rooms for rooms in enforced if rooms]


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_direct_dependency_has_a_line() -> None:
    page = (ROOT / "docs" / "adr" / "0015-dependencies.md").read_text("utf-8").lower()
    wanted = set()
    for kind in ("base", "postgres", "scale", "dev", "node"):
        text = (ROOT / "requirements" / f"{kind}.in").read_text("utf-8")
        wanted |= {name.lower() for name in re.findall(r"^[A-Za-z][A-Za-z0-9._-]*", text, re.M)}
    wanted |= set(re.findall(r'^    "(@?[a-z][^"]*)": "\d', (ROOT / "package.json").read_text("utf-8"), re.M))
    assert not {name for name in wanted if name not in page}
