"""Bodies of /api/dataValueSets: JSON, CSV, XML and ADX become the same records; nothing else gets in."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from haicap.api.dhis2 import bodies, periodids
from haicap.api.dhis2.messages import WebMessageError
from haicap.api.dhis2.records import Record
from haicap.core import periods
from haicap.core.errors import Refusal

JSON = b"""{"dataSet": "aaaaaaaaaaa", "period": "202610", "idScheme": "code", "orgUnit": "24505",
 "dataValues": [{"dataElement": "CQ01_TS", "value": 12.50, "comment": "l\\u1ea7n 2", "followUp": true},
 {"dataElement": "CQ01_TT", "value": null, "deleted": true, "period": "2026Q3"}]}"""
XML = """<dataValueSet xmlns="http://dhis2.org/schema/dxf/2.0" dataSet="aaaaaaaaaaa" period="202610"
 idScheme="code" orgUnit="24505"><dataValue dataElement="CQ01_TS" value="12.50" comment="lần 2"
 followUp="true"/><dataValue dataElement="CQ01_TT" deleted="true" period="2026Q3"/></dataValueSet>""".encode()
CSV = (
    "dataelement,period,orgunit,value,comment,followup,deleted\r\n"
    "CQ01_TS,202610,24505,12.50,lần 2,true,\r\n\r\nCQ01_TT,2026Q3,24505,,,,true\r\n"
).encode("utf-8-sig")
ADX = """<adx xmlns="urn:ihe:qrph:adx:2015"><group dataSet="CQS" period="2026-10-01/P1M" orgUnit="24505"
 MECHANISM="PEPFAR" completeDate="2026-10-20"><dataValue dataElement="CQ01_TS" SEX="F" value="1">
 <annotation>lần 2</annotation></dataValue></group></adx>""".encode()


def records(data: bytes, content_type: str = "") -> list[Record]:
    body = bodies.parse(data, content_type)
    return [record.within(group) for group in body.groups for record in group.records]


def bare(found: list[Record]) -> list[tuple[object, ...]]:
    return [
        (r.index, r.data_element, r.period, r.org_unit, r.value or None, r.comment, r.follow_up, r.deleted)
        for r in found
    ]


def test_three_formats_say_the_same() -> None:
    told = bare(records(JSON))
    assert told == [
        (0, "CQ01_TS", "202610", "24505", "12.50", "lần 2", True, False),
        (1, "CQ01_TT", "2026Q3", "24505", None, "", False, True),
    ]
    assert bare(records(XML)) == told
    assert bare(records(CSV)) == told
    assert bodies.parse(XML, "").schemes == bodies.parse(JSON, "").schemes


def test_a_packed_body_is_unpacked_whatever_it_is_called() -> None:
    for data in (JSON, XML, CSV):
        assert bare(records(gzip.compress(data), "application/json" if data is JSON else "")) == bare(
            records(data)
        )


def test_adx_names_options_instead_of_combinations() -> None:
    body = bodies.parse(ADX, "application/adx+xml")
    group, record = body.groups[0], body.groups[0].records[0]
    assert (group.data_set, group.options, group.complete_date) == (
        "CQS",
        (("MECHANISM", "PEPFAR"),),
        "2026-10-20",
    )
    assert (record.options, record.comment, record.value) == ((("SEX", "F"),), "lần 2", "1")


def test_digits_of_json_numbers_are_kept() -> None:
    data = b'{"dataValues": [{"value": 12345678901234567890.1234567890}, {"value": 1e2}, {"value": false}]}'
    assert [r.value for r in records(data)] == ["12345678901234567890.1234567890", "1e2", "false"]


BAD = [
    (b"", 400, "no body"),
    (b'{"dataValues": 5}', 400, "dataValues must be a list"),
    (b'{"dataValues": [5]}', 400, "dataValues[0] must be an object"),
    (b'{"dataValues": [{"value": [1]}]}', 400, "dataValues[0].value must be a text"),
    (b'{"dataValues": [{"value": NaN}]}', 400, "NaN"),
    (b'{"dataValues": [{"value": "\\u0000"}]}', 400, "character"),
    (b'{"dataValues": [{"value": "\\ud800"}]}', 400, "character"),
    (b'{"dataValues": [', 400, "line 1, column"),
    (b"[" * 100_000, 400, "deeply"),
    (b"<dataValueSet><dataValue></dataValueSet>", 400, "line 1"),
    (b'<!DOCTYPE a [<!ENTITY b "c">]><dataValueSet/>', 400, "document type"),
    (b"<other/>", 400, "root"),
    (b'<adx><dataValue value="1"/></adx>', 400, "outside"),
    (b"dataelement,period,orgunit\na,b,c\n", 409, "lacks value"),
    (b"dataelement,period,orgunit,value\na,b,c,d,e\n", 400, "row 2"),
    (b"\xff\xfe\x00", 400, "UTF-8"),
    (b"PK\x03\x04", 415, "gzip"),
    (b"\x1f\x8b\x08", 400, "gzip"),
    (gzip.compress(JSON)[:-12], 400, "gzip"),
    (b'{"idScheme": "ATTRIBUTE:abc", "dataValues": []}', 400, "ATTRIBUTE:abc"),
]


@pytest.mark.parametrize(("data", "status", "words"), BAD)
def test_what_cannot_be_read_is_refused_with_its_place(data: bytes, status: int, words: str) -> None:
    with pytest.raises(WebMessageError) as refused:
        bodies.parse(data, "")
    assert refused.value.status == status
    assert words in refused.value.message


def test_a_bomb_is_left_packed() -> None:
    bomb = gzip.compress(b" " * (2 * bodies.MEBIBYTE))
    with pytest.raises(WebMessageError) as refused:
        bodies.unpacked(bomb, limit=bodies.MEBIBYTE)
    assert refused.value.status == 413


def test_csv_without_a_header_is_refused_in_the_words_of_dhis2() -> None:
    with pytest.raises(WebMessageError, match=r"^CSV without header row is no longer supported\.$"):
        bodies.parse(CSV, "application/csv", first_row_is_header=False)


def test_other_types_are_named() -> None:
    with pytest.raises(WebMessageError, match="application/pdf") as refused:
        bodies.parse(b"%PDF-1.7", "application/pdf")
    assert refused.value.status == 415


def outcome(data: bytes, content_type: str) -> int:
    try:
        bodies.parse(data, content_type)
    except WebMessageError as refused:
        return refused.status
    return 200


@given(st.binary(max_size=400), st.sampled_from(["", "application/json", "text/csv", "application/xml"]))
@example(b"\xef\xbb\xbf", "")
@example(b'<?xml version="1.0" encoding="utf-7"?><adx/>', "")
@example(b'<?xml version="1.0" encoding="x"?><adx/>', "application/adx+xml")
@example(b'"\r', "text/csv")
def test_any_bytes_are_a_body_or_a_refusal(data: bytes, content_type: str) -> None:
    assert outcome(data, content_type) in (200, 400, 409, 413, 415)


JSONABLE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["dataValues", "value", "period", "id", "x"]), inner, max_size=4)
    ),
)


@given(JSONABLE)
def test_any_json_is_a_body_or_a_refusal(found: object) -> None:
    assert outcome(json.dumps(found).encode(), "application/json") in (200, 400)


@pytest.mark.parametrize(
    ("text", "key", "back"),
    [
        ("202610", "2026-10", "202610"),
        ("2026-10", "2026-10", "202610"),
        ("2026Q3", "2026-Q3", "2026Q3"),
        ("2026S1", "2026-H1", "2026S1"),
        ("2026", "2026", "2026"),
        ("2026W7", "2026-W07", "2026W7"),
        ("2026W53", "2026-W53", "2026W53"),
        ("20261015", "2026-10-15", "20261015"),
        ("2026-10-01/P1M", "2026-10", "202610"),
        ("2026-07-01/P3M", "2026-Q3", "2026Q3"),
        ("2026-01-01/P1Y", "2026", "2026"),
        ("2026-9M", "2026-9M", "2026-9M"),
    ],
)
def test_periods_are_read_and_written_as_dhis2_does(text: str, key: str, back: str) -> None:
    assert periodids.key_of(text) == key
    assert periodids.id_of_key(key) == back


@pytest.mark.parametrize(
    "text", ["", "202613", "2026Q5", "2026W54", "20260230", "2026-10-02/P1M", "20x", "²"]
)
def test_other_texts_are_no_period(text: str) -> None:
    with pytest.raises(Refusal):
        periodids.key_of(text)


@given(st.dates(min_value=periods.parse("1950").start, max_value=periods.parse("2150").start))
def test_ids_and_adx_windows_come_back(day: object) -> None:
    for kind in (
        periods.Kind.DAY,
        periods.Kind.WEEK,
        periods.Kind.MONTH,
        periods.Kind.HALF,
        periods.Kind.YEAR,
    ):
        period = periods.containing(day, kind)  # type: ignore[arg-type]
        assert periodids.key_of(periodids.id_of(period)) == period.key
        assert periodids.key_of(periodids.adx_of(period)) == period.key


def test_every_file_of_dhis2_core_is_read(shared_data: Path) -> None:
    folder = shared_data / "trials" / "dhis2" / "core-fixtures"
    unread = {"dataSetRegistrations.csv", "dataValueSetBNoHeader.csv", "dataValueSetBAttributeIdScheme.xml"}
    for path in sorted(file for file in folder.rglob("*") if file.is_file() and file.name not in unread):
        assert bodies.parse(path.read_bytes(), "").size > 0, path.name
