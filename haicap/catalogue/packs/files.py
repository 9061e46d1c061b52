"""YAML with line numbers, exact decimals, no surprises: `off` and `no` stay words, repeats are refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from haicap.catalogue.packs.problems import Problems

MAX_BYTES = 2_000_000


class Map(dict[Any, Any]):
    """A mapping that knows its file, its line and the line of each key."""

    file: str
    line: int
    lines: dict[Any, int]

    def at(self, key: object = None) -> tuple[str, int]:
        return self.file, self.lines.get(key, self.line)


class _Loader(yaml.CSafeLoader):
    file = ""
    problems = Problems()


def _refuse_aliases(node: yaml.Node, seen: set[int]) -> None:
    """An alias shares its node; a few of them can unfold into gigabytes."""
    if id(node) in seen:
        raise yaml.MarkedYAMLError(problem=_("không dùng được bí danh (*)"), problem_mark=node.start_mark)
    seen.add(id(node))
    if isinstance(node, yaml.CollectionNode):
        for part in node.value:
            for one in part if isinstance(part, tuple) else (part,):
                _refuse_aliases(one, seen)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Map:
    found = Map()
    found.file, found.line, found.lines = loader.file, node.start_mark.line + 1, {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if isinstance(key, list | dict):
            mark = key_node.start_mark
            raise yaml.MarkedYAMLError(problem=_("khóa phải là một từ"), problem_mark=mark)
        if key in found:
            loader.problems.add(
                (loader.file, line),
                _("«%(key)s» có hai lần") % {"key": key},
                _("Lần đầu ở dòng %(line)s; giữ một.") % {"line": found.lines[key]},
            )
        found[key] = loader.construct_object(value_node, deep=True)
        found.lines[key] = line
    return found


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal | str:
    text = node.value.replace("_", "")
    return Decimal(text) if all(sign in "0123456789.+-" for sign in text) else text


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
# YAML 1.1 reads off, on, yes and no as true or false; here they are words ("off:" lists holidays).
_Loader.yaml_implicit_resolvers = {
    sign: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool" or sign in "tTfF"]
    for sign, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path, problems: Problems) -> Map:
    """The file's mapping; what cannot be read is added to `problems` and gives an empty one."""
    empty = Map()
    empty.file, empty.line, empty.lines = path.name, 1, {}
    text = _text(path, problems)
    if text is None:
        return empty
    loader = _Loader(text)
    loader.file, loader.problems = path.name, problems
    try:
        node = loader.get_single_node()
        if node is not None:
            _refuse_aliases(node, set())
        found = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        column = error.problem_mark.column + 1 if error.problem_mark else 1
        what = _("YAML hỏng ở cột %(column)s: %(why)s") % {"column": column, "why": error.problem}
        problems.add((path.name, line), what, _("Xem dấu cách đầu dòng, dấu hai chấm và dấu nháy."))
        return empty
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problems.add((path.name, 1), _("không đọc được YAML: %(why)s") % {"why": error})
        return empty
    finally:
        loader.dispose()
    if not isinstance(found, Map):
        problems.add((path.name, 1), _("tệp phải gồm các mục «tên: nội dung»"))
        return empty
    return found


def _text(path: Path, problems: Problems) -> str | None:
    steps: list[tuple[Callable[[], bool], str]] = [
        (path.is_file, _("không có tệp này")),
        (lambda: path.stat().st_size <= MAX_BYTES, _("tệp lớn quá 2 MB")),
    ]
    for holds, what in steps:
        if not holds():
            problems.add((path.name, 1), what)
            return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add((path.name, 1), _("tệp không phải UTF-8 (byte %(at)s)") % {"at": error.start})
        return None
