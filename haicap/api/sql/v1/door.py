"""POST /api/sql/v1/query: one SELECT in, its rows out, over the units of the key and no others.

The body is the SQL itself (text/plain) or {"sql": "…"}. `?format=csv|jsonl|arrow`. Rows are streamed as they
come; when something breaks on the way the connection is cut, so that no half answer passes for a whole one.
"""

from __future__ import annotations

import fcntl
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import pyarrow as pa
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from pyarrow import csv

from haicap.api import actions
from haicap.api.intake.v1.door import answering, check_query, choice, good_key
from haicap.core.errors import Refusal
from haicap.warehouse import doors
from haicap.warehouse.doors import Answer

MOST_BYTES = 64 * 1024
# a heading and a batch of rows
AT_FIRST = 2
PLAIN = (
    *(pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal),
    *(
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
    ),
)
Pieces = Callable[[Answer], Iterator[bytes]]


@answering
def query(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        raise Refusal("method.not_allowed", _("Ở đây chỉ gửi được: dùng POST."))
    key = good_key(request)
    if not key.sql:
        raise Refusal("key.no_sql", _("Khóa này không dùng được cho câu hỏi SQL."), place="Authorization")
    check_query(request, frozenset({"format"}))
    kind, pieces = choice(request, "format", FORMATS, FORMATS["csv"])
    sql = _sql(request)
    with ExitStack() as held:
        held.enter_context(_alone(key.prefix))
        actions.note_question(prefix=key.prefix, sql=sql)
        answer = doors.asked(sql, key.unit_id)
        held.callback(answer.close)
        rest = pieces(answer)
        first = _begun(rest)
        return StreamingHttpResponse(_through(first, rest, held.pop_all()), content_type=kind)


def _begun(pieces: Iterator[bytes]) -> list[bytes]:
    """The first rows as they will be sent: what has no place in the format is told before anything was."""
    try:
        return list(islice(pieces, AT_FIRST))
    except (pa.ArrowException, OverflowError, ValueError) as error:
        text = _("Cột này không viết được ở định dạng đã chọn: %(words)s") % {"words": str(error)[:200]}
        raise Refusal("sql.format", text, place="format") from error


def _through(first: list[bytes], rest: Iterator[bytes], held: ExitStack) -> Iterator[bytes]:
    with held:
        yield from first
        yield from rest


def _sql(request: HttpRequest) -> str:
    raw = request.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Refusal("body.too_big", _("Câu hỏi dài quá."))
    try:
        text = raw.decode("utf-8")
        if request.content_type != "application/json":
            return text
        given = json.loads(text)
        if isinstance(given, dict) and set(given) == {"sql"} and isinstance(given["sql"], str):
            return str(given["sql"])
    except ValueError:
        pass
    raise Refusal("sql.statement", _("Hãy gửi đúng một câu SELECT."), place="sql")


class _alone:  # noqa: N801 (reads like a phrase: with _alone(key))
    """One question at a time per key, whichever process answers it. Refusal sql.busy (429)."""

    def __init__(self, prefix: str) -> None:
        self.path = Path(settings.WAREHOUSE_DIR) / doors.FOLDER / f"{prefix}.lock"

    def __enter__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = self.path.open("a")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.file.close()
            text = _("Câu hỏi trước của khóa này còn đang chạy.")
            raise Refusal("sql.busy", text, seconds=1) from None

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _csv(answer: Answer) -> Iterator[bytes]:
    heading = (name.replace('"', '""') for name in answer.schema.names)
    yield (",".join(f'"{name}"' for name in heading) + "\n").encode()
    plain = csv.WriteOptions(include_header=False)
    for batch in answer.batches():
        piece = io.BytesIO()
        csv.write_csv(_as_text(batch), piece, plain)
        yield piece.getvalue()


def _as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """What CSV knows nothing of (lists, times, spans, bytes) stands there as JSON writes it."""
    columns = [column if _is_plain(column.type) else _flat(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _is_plain(type: pa.DataType) -> bool:
    return any(is_kind(type) for is_kind in PLAIN)


def _flat(column: pa.Array) -> pa.Array:
    def text(cell: object) -> str | None:
        return cell if cell is None or isinstance(cell, str) else json.dumps(cell, default=str)

    return pa.array([text(cell) for cell in column.to_pylist()], pa.string())


def _jsonl(answer: Answer) -> Iterator[bytes]:
    names = answer.schema.names
    if twins := sorted({name for name in names if names.count(name) > 1}):
        text = _("Hai cột cùng tên %(name)s; hãy đặt tên khác bằng AS.") % {"name": twins[0]}
        raise Refusal("sql.twins", text, place="sql")
    for batch in answer.batches():
        rows = (
            json.dumps(row, default=str, ensure_ascii=False, allow_nan=False) for row in batch.to_pylist()
        )
        yield ("\n".join(rows) + "\n").encode() if batch.num_rows else b""


def _arrow(answer: Answer) -> Iterator[bytes]:
    piece = io.BytesIO()
    writer = pa.ipc.new_stream(piece, answer.schema)
    for batch in answer.batches():
        writer.write_batch(batch)
        yield piece.getvalue()
        piece.seek(0)
        piece.truncate()
    writer.close()
    yield piece.getvalue()


FORMATS: dict[str, tuple[str, Pieces]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "jsonl": ("application/jsonl; charset=utf-8", _jsonl),
    "arrow": ("application/vnd.apache.arrow.stream", _arrow),
}
