"""Tokens and tree of the formula language: + − * / ( ) numbers, names, and comparisons for checks.

Every refusal names the character (counted from 1) in `place`, so that an editor can put the cursor there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from haicap.core.errors import Refusal

COMPARISONS = ("<=", ">=", "!=", "<", ">", "=")
# Decimal has 18 digits in the store; deeper or longer texts are mistakes, and recursion has an end.
MAX_LENGTH = 2000
MAX_DEPTH = 50
MAX_DIGITS = 18
# an element, or one split of one: DE_360077.COC_360271
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?")
TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    rf"|(?P<name>{NAME.pattern})"
    r"|(?P<sign><=|>=|!=|[-+*/()<>=])"
)


@dataclass(frozen=True)
class Number:
    value: Decimal
    at: int


@dataclass(frozen=True)
class Name:
    code: str
    at: int


@dataclass(frozen=True)
class Negative:
    operand: Node
    at: int


@dataclass(frozen=True)
class Operation:
    sign: str
    left: Node
    right: Node
    at: int


Node = Number | Name | Negative | Operation


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int


def refuse(code: str, message: str, at: int, **params: object) -> Refusal:
    words = message % {"at": at, **params}
    return Refusal(f"formula.{code}", words, place=str(at), **params)


def tokens(text: str) -> Iterator[Token]:
    if len(text) > MAX_LENGTH:
        raise refuse(
            "long", _("Ký tự %(at)s: công thức dài quá %(limit)s ký tự"), MAX_LENGTH, limit=MAX_LENGTH
        )
    position = 0
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None:
            sign = text[position]
            raise refuse("character", _("Ký tự %(at)s: không dùng được «%(sign)s»"), position + 1, sign=sign)
        kind = str(found.lastgroup)
        if kind == "number" and len(found.group().replace(".", "")) > MAX_DIGITS:
            raise refuse("number", _("Ký tự %(at)s: số quá dài"), position + 1)
        if kind != "space":
            yield Token(kind, found.group(), position + 1)
        position = found.end()
    yield Token("end", "", len(text) + 1)


def tree(text: str, comparison: bool) -> Node:
    """The tree of `text`; `comparison` demands exactly one comparison at the top, else forbids them."""
    parser = _Parser(list(tokens(text)))
    node = parser.sum(0)
    if comparison:
        node = parser.compared(node)
    parser.end()
    return node


class _Parser:
    def __init__(self, stream: list[Token]) -> None:
        self.stream = stream
        self.index = 0

    @property
    def ahead(self) -> Token:
        return self.stream[self.index]

    def take(self) -> Token:
        token = self.ahead
        self.index += 1
        return token

    def compared(self, left: Node) -> Node:
        if self.ahead.text not in COMPARISONS:
            raise refuse("comparison", _("Ký tự %(at)s: thiếu phép so sánh"), self.ahead.at)
        token = self.take()
        return Operation(token.text, left, self.sum(0), token.at)

    def sum(self, depth: int) -> Node:
        node = self.product(depth)
        while self.ahead.text in ("+", "-"):
            token = self.take()
            node = Operation(token.text, node, self.product(depth), token.at)
        return node

    def product(self, depth: int) -> Node:
        node = self.single(depth)
        while self.ahead.text in ("*", "/"):
            token = self.take()
            node = Operation(token.text, node, self.single(depth), token.at)
        return node

    def single(self, depth: int) -> Node:
        token = self.ahead
        if depth > MAX_DEPTH:
            raise refuse("deep", _("Ký tự %(at)s: lồng quá nhiều lớp"), token.at)
        if token.kind == "number":
            self.take()
            return Number(Decimal(token.text), token.at)
        if token.kind == "name":
            self.take()
            return Name(token.text, token.at)
        if token.text == "-":
            self.take()
            return Negative(self.single(depth + 1), token.at)
        if token.text == "(":
            return self.bracket(depth)
        if token.kind == "end":
            raise refuse("end", _("Ký tự %(at)s: công thức còn dở dang"), token.at)
        raise refuse("unexpected", _("Ký tự %(at)s: không chờ «%(sign)s» ở đây"), token.at, sign=token.text)

    def bracket(self, depth: int) -> Node:
        opening = self.take()
        inner = self.sum(depth + 1)
        if self.ahead.text != ")":
            message = _("Ký tự %(at)s: thiếu «)» cho «(» ở ký tự %(opening)s")
            raise refuse("bracket", message, self.ahead.at, opening=opening.at)
        self.take()
        return inner

    def end(self) -> None:
        if self.ahead.kind != "end":
            message = _("Ký tự %(at)s: không chờ «%(sign)s» ở đây")
            raise refuse("unexpected", message, self.ahead.at, sign=self.ahead.text)
