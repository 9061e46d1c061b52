"""From the fields of the editor to a content, and the small operations of its buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from haicap.catalogue.drafts.content import HEAD, KINDS, MOST_CELLS, NEW, Content, shaped
from haicap.catalogue.states import LANGUAGES, REGIME_TEXTS

Post = Mapping[str, Any]


def content_of(post: Any) -> Content:
    """`post`: a QueryDict of the editor. Rows stand in the order of their numbers; gaps close up."""
    return shaped(
        {
            **{name: post.get(name, "") for name in HEAD},
            "name": _languages(post, "name"),
            **{name: _languages(post, name) for name in REGIME_TEXTS},
            "kinds": [kind for kind in KINDS if f"kind.{kind}" in post],
            "approval": "approval" in post,
            "sections": [_section(post, f"s{index}") for index in _numbers(post, r"s(\d+)\.code")],
            "checks": [_check(post, f"k{index}") for index in _numbers(post, r"k(\d+)\.expression")],
            "new": [_new(post, f"n{index}") for index in _numbers(post, r"n(\d+)\.code")],
        }
    )


def _numbers(post: Post, pattern: str) -> list[int]:
    found = (re.fullmatch(pattern, name) for name in post)
    return sorted({int(one.group(1)) for one in found if one and len(one.group(1)) < 5})


def _languages(post: Post, name: str) -> dict[str, str]:
    return {lang: post.get(f"{name}.{lang}", "") for lang in LANGUAGES}


def _section(post: Post, at: str) -> Content:
    cells = [
        {
            "element": post.get(f"{at}.c{index}.element", ""),
            "required": f"{at}.c{index}.required" in post,
            "why": post.get(f"{at}.c{index}.why", ""),
        }
        for index in _numbers(post, rf"{at}\.c(\d+)\.element")
    ]
    return {"code": post.get(f"{at}.code", ""), "name": _languages(post, f"{at}.name"), "cells": cells}


def _check(post: Post, at: str) -> Content:
    return {
        "code": post.get(f"{at}.code", ""),
        "kind": post.get(f"{at}.kind", ""),
        "expression": post.get(f"{at}.expression", ""),
        "message": _languages(post, f"{at}.message"),
    }


def _new(post: Post, at: str) -> Content:
    return {
        **{name: post.get(f"{at}.{name}", "") for name in NEW},
        "name": _languages(post, f"{at}.name"),
        "integer": f"{at}.integer" in post,
        "non_negative": f"{at}.non_negative" in post,
    }


def operate(content: Content, wish: str, used: frozenset[str] = frozenset(), target: str = "") -> str:
    """Do what the button `wish` asks ("cell-up:0:3"); returns the anchor to go to. Unknown wishes do nothing.

    `used`: section and check codes of published versions, which a new part may not take over; `target`: the
    section that receives a found element.
    """
    name, *places = wish.split(":")
    act = _ACTS.get(name)
    return act(content, places, used, target) if act else ""


def _at(places: list[str], step: int) -> int:
    text = places[step] if len(places) > step else ""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else -1


def _move(rows: list[Any], index: int, by: int) -> bool:
    if not (0 <= index < len(rows) and 0 <= index + by < len(rows)):
        return False
    rows[index], rows[index + by] = rows[index + by], rows[index]
    return True


def _section_add(content: Content, _places: list[str], used: frozenset[str], _target: str) -> str:
    taken = used | {one["code"] for one in content["sections"]}
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    code = next((letter for letter in [*letters, *(f"{a}{b}" for a in letters for b in letters)]
                 if letter not in taken), "")  # fmt: skip
    content["sections"].append({"code": code, "name": dict.fromkeys(LANGUAGES, ""), "cells": []})
    return f"s{len(content['sections']) - 1}"


def _section_up(content: Content, places: list[str], _used: frozenset[str], _target: str) -> str:
    _move(content["sections"], _at(places, 0), -1)
    return f"s{max(_at(places, 0) - 1, 0)}"


def _section_del(content: Content, places: list[str], _used: frozenset[str], _target: str) -> str:
    index = _at(places, 0)
    if 0 <= index < len(content["sections"]):
        del content["sections"][index]
    return "cells"


def _cells(content: Content, places: list[str]) -> list[Any]:
    index = _at(places, 0)
    return content["sections"][index]["cells"] if 0 <= index < len(content["sections"]) else []


def _cell_shift(content: Content, places: list[str], by: int) -> str:
    """Within its section; from its edge into the neighbouring section."""
    at, index, cells = _at(places, 0), _at(places, 1), _cells(content, places)
    if _move(cells, index, by):
        return f"s{at}.c{index + by}"
    if 0 <= index < len(cells) and 0 <= at + by < len(content["sections"]):
        neighbour = content["sections"][at + by]["cells"]
        neighbour.insert(len(neighbour) if by < 0 else 0, cells.pop(index))
        return f"s{at + by}"
    return f"s{max(at, 0)}"


def _cell_up(content: Content, places: list[str], _used: frozenset[str], _target: str) -> str:
    return _cell_shift(content, places, -1)


def _cell_down(content: Content, places: list[str], _used: frozenset[str], _target: str) -> str:
    return _cell_shift(content, places, 1)


def _cell_del(content: Content, places: list[str], _used: frozenset[str], _target: str) -> str:
    cells, index = _cells(content, places), _at(places, 1)
    if 0 <= index < len(cells):
        del cells[index]
    return f"s{max(_at(places, 0), 0)}"


def _cell_add(content: Content, places: list[str], used: frozenset[str], target: str) -> str:
    """Into the section chosen beside the search; twice the same element stays one cell."""
    code = places[0] if places else ""
    present = {cell["element"] for one in content["sections"] for cell in one["cells"]}
    if not content["sections"]:
        _section_add(content, [], used, "")
    index = next((i for i, one in enumerate(content["sections"]) if one["code"] == target), -1)
    index = index if index >= 0 else len(content["sections"]) - 1
    if code and code not in present and len(present) < MOST_CELLS:
        content["sections"][index]["cells"].append({"element": code, "required": True, "why": ""})
    return "find"


def _check_add(content: Content, _places: list[str], used: frozenset[str], _target: str) -> str:
    taken = used | {one["code"] for one in content["checks"]}
    number = next(number for number in range(1, 10_000) if f"K{number}" not in taken)
    content["checks"].append(
        {"code": f"K{number}", "kind": "hard", "expression": "", "message": dict.fromkeys(LANGUAGES, "")}
    )
    return f"k{len(content['checks']) - 1}"


def _check_del(content: Content, places: list[str], _used: frozenset[str], _target: str) -> str:
    if 0 <= _at(places, 0) < len(content["checks"]):
        del content["checks"][_at(places, 0)]
    return "checks"


def _new_add(content: Content, _places: list[str], _used: frozenset[str], _target: str) -> str:
    usual = {"over_time": "sum", "over_units": "sum", "over_split": "sum"}
    content["new"].append(
        {**dict.fromkeys(NEW, ""), **usual, "name": dict.fromkeys(LANGUAGES, ""),
         "integer": True, "non_negative": True}
    )  # fmt: skip
    return f"n{len(content['new']) - 1}"


def _new_del(content: Content, places: list[str], _used: frozenset[str], _target: str) -> str:
    if 0 <= _at(places, 0) < len(content["new"]):
        del content["new"][_at(places, 0)]
    return "new"


_ACTS = {
    "section-add": _section_add,
    "section-up": _section_up,
    "section-del": _section_del,
    "cell-up": _cell_up,
    "cell-down": _cell_down,
    "cell-del": _cell_del,
    "cell-add": _cell_add,
    "check-add": _check_add,
    "check-del": _check_del,
    "new-add": _new_add,
    "new-del": _new_del,
}
