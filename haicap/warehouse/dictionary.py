"""The data dictionary of the lake: what each table and column means, and the lists that its ids point to.

The description is a Frictionless Data Package (https://specs.frictionlessdata.io/data-package/), which other
tools read; what that has no word for stands under "haicap". See docs/adr/0025.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.utils import translation
from django.utils.translation import gettext_lazy

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Catalogue, Terms
from haicap.core.languages import LANGUAGES
from haicap.units import queries as units

from .manifest import Manifest, checksum
from .tables import TABLES

TYPES = {
    "INTEGER": "integer",
    "VARCHAR": "string",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "DECIMAL(18,4)": "number",
}
MEANINGS = {
    "values": gettext_lazy("Số liệu: mỗi dòng là một số của một đơn vị, một chỉ số thành phần, một kỳ"),
    "obligations": gettext_lazy("Báo cáo phải nộp: hạn, lúc gửi, trạng thái"),
    "dossiers": gettext_lazy("Hồ sơ dịch vụ công, mỗi dòng một hồ sơ, không có mã hồ sơ và không có người"),
    "units": gettext_lazy("Đơn vị hành chính qua các thời kỳ"),
    "elements": gettext_lazy("Chỉ số thành phần: đếm cái gì, bằng đơn vị nào, cộng được theo chiều nào"),
    "indicators": gettext_lazy("Chỉ tiêu: công thức, hướng tốt, nguồn"),
}
# One word for one column, whatever table it stands in.
COLUMNS = {
    "unit_id": gettext_lazy("đơn vị (units.id)"),
    "element_id": gettext_lazy("chỉ số thành phần (elements.id)"),
    "split": gettext_lazy("phần chia; trống là tổng"),
    "attribution": gettext_lazy("cách quy cho ai; trống là chung"),
    "period": gettext_lazy("kỳ, theo mã kỳ"),
    "kind": gettext_lazy("loại kỳ"),
    "rule": gettext_lazy("quy tắc kỳ: nd09 (Nghị định 09/2019) hoặc calendar (theo lịch)"),
    "start": gettext_lazy("ngày đầu của kỳ"),
    "end": gettext_lazy("ngày sau ngày cuối của kỳ"),
    "scenario": gettext_lazy("chính thức, ước tính hoặc kế hoạch"),
    "origin": gettext_lazy("nguồn: corrected, derived, reported, declared; số đứng trước được dùng"),
    "form": gettext_lazy("mẫu báo cáo"),
    "number": gettext_lazy("con số; trống là không có số, không phải số 0"),
    "missing": gettext_lazy("lý do không có số"),
    "status": gettext_lazy("tình trạng"),
    "grade": gettext_lazy("ai bảo đảm: system, proven, declared, inferred"),
    "deadline": gettext_lazy("hạn nộp (UTC)"),
    "submitted": gettext_lazy("lần gửi tính đúng hạn (UTC)"),
    "state": gettext_lazy("trạng thái của báo cáo"),
    "procedure": gettext_lazy("mã thủ tục"),
    "channel": gettext_lazy("cách nộp: 1 trực tiếp, 2 trực tuyến, 3 bưu chính"),
    "level": gettext_lazy("mức dịch vụ công, hoặc cấp đơn vị"),
    "submitter": gettext_lazy("ai nộp: self, helped, behalf"),
    "received": gettext_lazy("ngày tiếp nhận"),
    "due": gettext_lazy("ngày hẹn trả"),
    "finished": gettext_lazy("ngày xong"),
    "late": gettext_lazy("1: xong sau hạn, 0: đúng hạn, trống: chưa biết"),
    "blame": gettext_lazy("thời gian trễ thuộc về ai"),
    "fee": gettext_lazy("phí, lệ phí (đồng)"),
    "paid_online": gettext_lazy("1: trả phí trực tuyến"),
    "digitised_components": gettext_lazy("1: thành phần hồ sơ đã số hóa"),
    "digitised_result": gettext_lazy("1: kết quả đã số hóa"),
    "satisfaction": gettext_lazy("mức hài lòng, 1 đến 5"),
    "n": gettext_lazy("số hồ sơ, luôn là 1"),
}


def dimensions() -> dict[str, pa.Table]:
    """Table name → rows that ids of the facts point to, as they stand today."""
    book = catalogue.current()
    return {
        "units": pa.Table.from_pylist(
            [
                {
                    "id": one.id, "code": one.code, "uid": one.uid, "name": one.full_name, "level": one.level,
                    "kind": one.kind, "parent_id": one.parent_id, "valid_from": one.valid_from,
                    "valid_to": one.valid_to,
                }
                for one in units.current().ordered
            ],
            schema=UNITS,
        ),
        "elements": pa.Table.from_pylist(
            [
                {
                    "id": one.id, "code": one.code, "uid": one.uid, "unit": one.measure.unit,
                    "over_time": one.measure.over_time.value, "over_units": one.measure.over_units.value,
                    "over_split": one.measure.over_split.value, "derived": one.derived is not None,
                    **_said("label", one.labels),
                }
                for one in book.elements.values()
            ],
            schema=ELEMENTS,
        ),
        "indicators": pa.Table.from_pylist(
            [
                {
                    "id": one.id, "code": one.code, "uid": one.uid, "version": one.number,
                    "numerator": one.numerator, "denominator": one.denominator, "factor": str(one.factor),
                    "unit": one.unit, "direction": one.direction.value, "period_kind": one.period_kind.value,
                    "rule": one.rule.value, "source": one.source, "basis": one.basis,
                    "temporary": one.temporary, "above": _terms(one.numerator_terms, book),
                    "below": _terms(one.denominator_terms, book), **_said("label", one.labels),
                }
                for one in book.indicators.values()
            ],
            schema=INDICATORS,
        ),
    }  # fmt: skip


def _schema(words: str, **others: pa.DataType) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in words.split()] + list(others.items()))


UNITS = _schema(
    "code uid name kind",
    id=pa.int32(), level=pa.int32(), parent_id=pa.int32(), valid_from=pa.date32(), valid_to=pa.date32(),
)  # fmt: skip
ELEMENTS = _schema(
    "code uid unit over_time over_units over_split label_vi label_en label_bn",
    id=pa.int32(),
    derived=pa.bool_(),
)
INDICATORS = _schema(
    "code uid numerator denominator above below factor unit direction period_kind rule source basis "
    "label_vi label_en label_bn",
    id=pa.int32(), version=pa.int32(), temporary=pa.bool_(),
)  # fmt: skip


def _terms(terms: Terms | None, book: Catalogue) -> str:
    """[[element code, coefficient as text], …] as JSON; [] for nothing to divide by."""
    return json.dumps([[book.elements_by_id[id].code, str(weight)] for id, weight in terms or ()])


def _said(name: str, labels: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_{lang}": labels.get(lang, "") for lang in LANGUAGES}


def package(
    manifest: Manifest,
    tables: Sequence[str],
    format: str,
    files: Mapping[str, Sequence[Path]],
    rows: Mapping[str, int],
    below: Path,
) -> dict[str, Any]:
    """The content of datapackage.json; `files` are paths below `below`, by table."""
    return {
        "profile": "data-package",
        "name": "haicap",
        "created": manifest.made_at,
        "haicap": {
            "snapshot": manifest.id,
            "catalogue": catalogue.version(),
            "years": {name: sorted(e.year for e in manifest.files if e.table == name) for name in tables},
        },
        "resources": [
            {
                "name": name,
                "path": [path.as_posix() for path in files.get(name, ())],
                "format": format,
                "description": _in_all(MEANINGS[name]),
                "haicap": {
                    "rows": rows[name],
                    "sha256": {path.as_posix(): checksum(below / path) for path in files.get(name, ())},
                },
                "schema": {"fields": _fields(name)},
            }
            for name in (*tables, "units", "elements", "indicators")
        ],
    }


def _fields(name: str) -> list[dict[str, Any]]:
    if name in TABLES:
        return [
            {"name": column, "type": TYPES[kind], "description": _in_all(COLUMNS[column])}
            for column, kind in TABLES[name].columns
        ]
    schema = {"units": UNITS, "elements": ELEMENTS, "indicators": INDICATORS}[name]
    return [{"name": field.name, "type": _type(field.type)} for field in schema]


def _type(type: pa.DataType) -> str:
    if pa.types.is_integer(type):
        return "integer"
    return {"date32[day]": "date", "bool": "boolean"}.get(str(type), "string")


def _in_all(words: Any) -> dict[str, str]:
    found = {}
    for lang in LANGUAGES:
        with translation.override(lang):
            found[lang] = str(words)
    return found
