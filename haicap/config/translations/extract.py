"""Which msgids a room uses, read from syntax trees: exactly what gettext will be asked for."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template import Engine
from django.template.base import Node, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

# name in django.utils.translation -> positions of (context, singular, plural) among the arguments
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
MARKED = re.compile(r"""\b_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\)""")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")


@dataclass(frozen=True, order=True)
class Message:
    singular: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True)
class Use:
    message: Message
    place: str
    problem: str = ""


def of_room(room: Path) -> Iterator[Use]:
    for path in sorted(room.rglob("*.py")):
        yield from of_python(path.read_text("utf-8"), place(room, path))
    for folder in sorted(room.rglob("templates")):
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            yield from of_template(path.read_text("utf-8"), place(room, path))


def place(room: Path, path: Path) -> str:
    return path.relative_to(room.parent).as_posix()


def of_python(source: str, where: str) -> Iterator[Use]:
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in CALLS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = called(node.func, names)
        if name is None:
            continue
        at = f"{where}:{node.lineno}"
        parts = [literal(node.args, position) for position in CALLS[name]]
        if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args[:3]):
            yield Use(Message(""), at, f"{name}() needs one literal, not a text put together at run time")
        elif parts[1] is not None:
            yield Use(Message(parts[1], parts[2] or "", parts[0] or ""), at)


def called(function: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(function, ast.Name):
        return names.get(function.id)
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        known = function.value.id == "translation" and function.attr in CALLS
        return function.attr if known else None
    return None


def literal(arguments: list[ast.expr], position: int | None) -> str | None:
    if position is None or position >= len(arguments):
        return None
    argument = arguments[position]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def of_template(source: str, where: str) -> Iterator[Use]:
    for node in nodes(Template(source, engine=Engine.get_default()).nodelist, set()):
        if isinstance(node, TranslateNode):
            yield from of_translate(node, where)
        elif isinstance(node, BlockTranslateNode):
            yield from of_block(node, where)
    for tag in TAG.finditer(source):
        for found in MARKED.finditer(tag.group()):
            text = re.sub(r"\\(.)", r"\1", found.group(1) or found.group(2) or "")
            yield Use(Message(text.replace("%", "%%")), f"{where}:{line(source, tag.start())}")


def line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1


def of_translate(node: TranslateNode, where: str) -> Iterator[Use]:
    variable = node.filter_expression.var
    text = getattr(variable, "literal", variable)
    if isinstance(text, str):
        # Variable.resolve() doubles the percent signs before it asks gettext
        yield Use(Message(text.replace("%", "%%"), "", context(node)), at(node, where))


def of_block(node: BlockTranslateNode, where: str) -> Iterator[Use]:
    singular, _names = node.render_token_list(node.singular)
    plural, _names = node.render_token_list(node.plural) if node.plural else ("", [])
    if "\n" in singular:
        yield Use(Message(""), at(node, where), "blocktranslate over several lines needs “trimmed”")
        return
    yield Use(Message(singular, plural, context(node)), at(node, where))


def context(node: TranslateNode | BlockTranslateNode) -> str:
    given = getattr(node, "message_context", None)
    found = getattr(given, "var", None)
    return found if isinstance(found, str) else ""


def at(node: Node, where: str) -> str:
    return f"{where}:{node.token.lineno}" if node.token else where


def nodes(item: object, seen: set[int]) -> Iterator[Node]:
    """Every node below `item`: third-party tags keep their children in attributes of any name."""
    if id(item) in seen:
        return
    seen.add(id(item))
    if isinstance(item, Node):
        yield item
        for child in vars(item).values():
            if isinstance(child, Node | list | tuple | dict):
                yield from nodes(child, seen)
    elif isinstance(item, dict):
        yield from below(item.values(), seen)
    elif isinstance(item, list | tuple):
        yield from below(item, seen)


def below(items: Iterable[object], seen: set[int]) -> Iterator[Node]:
    for item in items:
        yield from nodes(item, seen)
