"""Bodies of figures: what is a record, what is wrong with one, what ends the whole body."""

import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.api.intake.v1.records import CSV, JSON, JSON_LIMIT, LINES, LONGEST_LINE, Record, Wrong, read
from haicap.core.errors import Refusal

GOOD = {"form": "CQS-T", "period": "2026-10", "unit": "24505", "element": "HS_NHAN", "value": 12}


def records(body: bytes, kind: str) -> list[Record | Wrong]:
    return list(read(io.BytesIO(body), kind, len(body)))


def in_each_kind(rows: list[dict[str, object]]) -> list[tuple[bytes, str]]:
    names = sorted({name for row in rows for name in row})
    table = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    return [
        (json.dumps({"values": rows}).encode(), JSON),
        (json.dumps(rows).encode(), JSON),
        ("\n".join(json.dumps(row) for row in rows).encode(), LINES),
        (("\ufeff" + "\r\n".join(",".join(cells) for cells in table)).encode(), CSV),
    ]


def test_the_three_kinds_say_the_same() -> None:
    rows = [GOOD, {**GOOD, "unit": "00466", "value": "1234.5"}]
    for body, kind in in_each_kind(rows):
        first, second = records(body, kind)
        assert isinstance(first, Record)
        assert isinstance(second, Record)
        assert (first.index, first.unit, first.number) == (0, "24505", Decimal(12))
        assert (second.index, second.unit, second.number) == (1, "00466", Decimal("1234.5"))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"value": "1.234,5"}, "number.text"),
        ({"value": True}, "number.text"),
        ({"value": []}, "number.text"),
        ({"value": None}, "record.content"),
        ({"value": ""}, "record.content"),
        ({"value": 1, "remove": True}, "record.content"),
        ({"value": 1, "no_figure": "chưa có"}, "record.content"),
        ({"unit": 466}, "record.text"),
        ({"unit": "0\0"}, "record.text"),
        ({"remove": 1}, "record.text"),
        ({"element": "\ud800"}, "record.text"),
        ({"note": "a\udfffb"}, "record.text"),
        ({"\ud800": 1}, "record.field"),
        ({"values": 1}, "record.field"),
    ],
)
def test_a_wrong_record_is_named_and_the_others_are_read(changed: dict[str, object], code: str) -> None:
    wrong, right = records(json.dumps([{**GOOD, **changed}, GOOD]).encode(), JSON)
    assert isinstance(wrong, Wrong)
    assert (wrong.index, wrong.place, wrong.code) == (0, "/values/0", code)
    assert isinstance(right, Record)


@pytest.mark.parametrize("number", ["1e300000000", "1e999999999999", "-1e-400"])
def test_a_number_that_would_fill_the_memory_is_not_written_out(number: str) -> None:
    (wrong,) = records(f'[{{"value": {number}}}]'.encode(), JSON)
    assert isinstance(wrong, Wrong)
    assert wrong.code == "number.too_big"


def test_nothing_is_not_zero() -> None:
    """C4: an empty cell is no figure; 0 is one."""
    body = b"unit,element,value\n24505,A,\n24505,A,0\n"
    nothing, zero = records(body, CSV)
    assert isinstance(nothing, Wrong)
    assert isinstance(zero, Record)
    assert zero.number == 0


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", JSON, "body.empty"),
        (b"{}", "text/xml", "body.kind"),
        (b'{"values": 3}', JSON, "body.shape"),
        (b'{"values": [], "more": 1}', JSON, "body.shape"),
        (b'{"values": [', JSON, "body.broken"),
        (b"[NaN]", JSON, "body.broken"),
        (b"[1e99999999999999999999]", JSON, "body.broken"),
        (b"unit\n" + b"x" * (LONGEST_LINE + 2), CSV, "body.broken"),
        (b"\xff\xfe", JSON, "body.broken"),
        (b"[" * 100_000, JSON, "body.broken"),
        (b"unit,value,unit\n", CSV, "body.header"),
        (b"unit,gia_tri\n", CSV, "body.header"),
        (b'unit,value\n"2450', CSV, "body.broken"),
        (b"unit\n\xff\n", CSV, "body.broken"),
        (b"x" * (LONGEST_LINE + 2), LINES, "body.broken"),
    ],
)
def test_what_ends_the_whole_body(body: bytes, kind: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        records(body, kind)
    assert refused.value.code == code


def test_a_large_document_is_asked_for_as_lines() -> None:
    with pytest.raises(Refusal) as refused:
        list(read(io.BytesIO(b"[]"), JSON, JSON_LIMIT + 1))
    assert refused.value.code == "body.too_big"


def test_a_broken_line_costs_itself_only() -> None:
    lines = [b"{", b"", b"3", b"[1e99999999999999999999]"]
    body = b"\n".join([json.dumps(GOOD).encode(), *lines, json.dumps(GOOD).encode()])
    found = records(body, LINES)
    assert [(one.index, isinstance(one, Record)) for one in found] == [
        (0, True), (1, False), (2, False), (3, False), (4, True),
    ]  # fmt: skip
    assert found[3].place.endswith("5")


@given(st.binary(max_size=300), st.sampled_from([JSON, LINES, CSV]))
def test_any_bytes_are_answered(body: bytes, kind: str) -> None:
    try:
        found = records(body, kind)
    except Refusal:
        return
    assert [one.index for one in found] == list(range(len(found)))
