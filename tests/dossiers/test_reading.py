"""Files of every kind: encodings, workbooks, JSON lines, cut ones; what is asked, what is dropped."""

import io
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings

from haicap.accounts.scopes import scope_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.dossiers import actions
from haicap.dossiers.actions.reading import Reading
from haicap.dossiers.models import Dossier, Import, Procedure, Rejected, Source
from haicap.dossiers.policies.mapping import Plan
from haicap.tables import jsonlists
from tests.cast import Cast
from tests.dossiers import making
from tests.dossiers.making import HEADINGS, as_csv, record, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with clock.frozen("2026-10-27T10:00"):
        yield
    # nothing waits on the disk once an import has ended
    waiting = Import.objects.filter(state="asking").count()
    assert len(list((tmp_path / "dossiers").glob("*"))) == waiting


TWO = (record(1, channel="Trực tuyến"), record(2, channel="Trực tiếp"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_every_encoding_reads_the_same(cast: Cast, encoding: str) -> None:
    text = as_csv(TWO, delimiter=";").decode()
    if encoding == "cp1258":
        text = "".join(map(_with_tone_apart, text))
    batch = send(cast.office, text.encode(encoding))
    assert (batch.state, batch.created) == ("done", 2), batch.failure
    assert sorted(Dossier.objects.values_list("channel", flat=True)) == [1, 2]


def _with_tone_apart(letter: str) -> str:
    """The old Windows writes the tone behind its letter, where it has no letter for both."""
    try:
        letter.encode("cp1258")
        return letter
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tones = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
        bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        return bare + "".join(tones)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'M\xb7 h\xe5 s\xac,Ng\xb5y ti\xd5p nh\xcbn,\xae\xac\xaen v\xde\n1,2,3\n', "TCVN3"),
        (b'a,b\n1,"never closed\n2,3\n', "Dòng"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "tệp"),
        (b"a,a\n1,2\n", "lặp lại"),
        (b"a,b\n", "Tệp trống"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words_and_changes_nothing(
    cast: Cast, data: bytes, words: str
) -> None:
    batch = send(cast.office, data)
    assert batch.state == "failed"
    assert words in batch.failure
    assert not Dossier.objects.exists()


def test_an_empty_file_is_refused_at_the_door(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        send(cast.office, b"")
    assert refused.value.code == "tables.empty_file"


def test_a_row_that_was_cut_is_left_out(cast: Cast) -> None:
    data = as_csv([record(1), record(2)])
    batch = send(cast.office, data[:-60] + b"\n\n" + data[-60:-60])
    assert (batch.created, batch.reasons) == (1, {"row.short": 1})
    assert Rejected.objects.get().row == 3


def test_a_workbook_gives_its_native_dates_and_numbers(cast: Cast) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [HEADINGS[name] for name in ("code", "unit", "procedure", "received", "due", "channel", "fee")]
    )
    sheet.append(["A-1", 24505, "1.000656", datetime(2026, 5, 4, 8, 30), datetime(2026, 5, 6), 2, 1234.5])  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    batch = send(cast.office, out.getvalue(), name="a.xlsx")
    assert (batch.state, batch.created) == ("done", 1), (batch.failure, batch.reasons)
    one = Dossier.objects.get()
    assert clock.local(one.received_at).isoformat() == "2026-05-04T08:30:00+07:00"
    # a day without a time is due until its end
    assert one.due_at is not None
    assert clock.local(one.due_at).isoformat() == "2026-05-06T23:59:59+07:00"
    assert str(one.fee) == "1234.5000"


def test_json_lines(cast: Cast) -> None:
    row = {HEADINGS[name]: value for name, value in record(1, received="2026-09-01T08:00:00Z").items()}
    row[HEADINGS["fee"]] = 8000  # type: ignore[assignment]
    row[HEADINGS["steps"]] = [["2026-09-01T09:00:00+07:00", 5], ["2026-09-02 10:00", 4, "other"]]  # type: ignore[assignment]
    lines = [json.dumps(row, ensure_ascii=False), "[1]", "{broken", ""]
    batch = send(cast.office, "\n".join(lines).encode(), name="a.jsonl")
    assert (batch.created, batch.reasons) == (1, {"row.json": 2})
    one = Dossier.objects.get()
    assert one.received_at.isoformat() == "2026-09-01T08:00:00+00:00"
    assert one.steps == [["2026-09-01T02:00:00Z", 5, "citizen"], ["2026-09-02T03:00:00Z", 4, "other"]]


def test_one_json_list(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlists, "_PIECE", 100)
    rows = [{HEADINGS[name]: cell for name, cell in record(number).items()} for number in range(1, 6)]
    text = json.dumps([*rows[:4], 7, rows[4] | {"Khác": {"a": 1.5}}], ensure_ascii=False, indent=1)
    batch = send(cast.office, b"\xef\xbb\xbf" + text.encode(), name="a.json")
    assert (batch.state, batch.created, batch.rejected) == ("done", 5, 1)
    rejected = Rejected.objects.get()
    assert (rejected.row, rejected.code) == (5, "row.json")
    assert send(cast.office, b"[ ]", name="a.json").state == "failed"
    cut = send(cast.office, text.encode()[:-40], name="a.json")
    assert (cut.state, cut.created, "thứ 6" in cut.failure) == ("failed", 0, True)


def test_columns_that_name_persons_are_dropped_and_listed(cast: Cast, caplog: Any) -> None:
    extra = {
        "Họ và tên chủ hồ sơ": "Người Thử Nghiệm", "CCCD": "012345678901", "Ghi chú 1": "0905 123 456",
        "Ghi chú 2": "ai@do.example", "Ngày sinh": "01/01/1980", "Số nội bộ": "17",
    }  # fmt: skip
    rows = [record(1), record(2), record(3), record(4, unit="0905123456")]
    batch = send(cast.office, as_csv(rows, extra=extra))
    dropped = dict(batch.dropped)
    assert dropped.pop("Số nội bộ") == "unused"
    assert dropped == dict.fromkeys((*extra,)[:5], "personal")
    stored = json.dumps([list(table.objects.values()) for table in (Dossier, Import, Rejected)], default=str)
    for secret in ("Thử Nghiệm", "012345678901", "0905", "ai@do", "1980", "H15.26"):
        # where a word begins: the middle of a hash may be any four digits
        told = re.compile(rf"(?<![\w-]){re.escape(secret)}")
        assert not told.search(stored)
        assert not told.search(caplog.text)


def test_a_new_source_is_asked_about_and_remembered(cast: Cast) -> None:
    rows = [record(n, received=f"0{n}/09/2026", due="", finished="") for n in (1, 2, 3)]
    batch = send(cast.office, as_csv(rows, extra={"Điện thoại": "0905123456"}), reads=Plan())
    assert batch.state == "asking"
    assert [one["heading"] for one in batch.found["columns"] if one["personal"]] == ["Điện thoại"]
    scope = scope_of(cast.office)

    def answer(plan: Plan, style: str = "") -> Any:
        return actions.answer(
            by=scope.ref, scope=scope, token=batch.token, plan=plan, style=style, queue=False
        )

    columns = {name: HEADINGS[name] for name in ("code", "unit", "procedure", "received")}
    assert answer(Plan(columns=columns)).columns == ("channel",)
    assert answer(Plan(columns=columns, fixed={"channel": "2"})).style
    # a column that names persons cannot be chosen for anything
    assert answer(Plan(columns=columns | {"unit": "Điện thoại"})).columns == ("unit", "channel")
    assert not answer(Plan(columns=columns, fixed={"channel": "2"}), style="dmy")
    actions.run(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.created) == ("done", 3)
    assert sorted(batch.dropped) == [
        ["Ai nộp", "unused"], ["Hình thức nộp", "unused"], ["Mức độ", "unused"],
        ["Ngày có kết quả", "unused"], ["Ngày hẹn trả", "unused"], ["Trạng thái", "unused"],
        ["Điện thoại", "personal"],
    ]  # fmt: skip
    # the next file of this source asks nothing
    again = send(cast.office, as_csv([record(9, received="04/05/2026", due="", finished="")]))
    assert (again.state, again.created) == ("done", 1)
    assert Dossier.objects.filter(period="2026-05").exists()


def test_a_file_against_the_style_of_its_source_is_asked_about_again(cast: Cast) -> None:
    rows = [
        record(n, received=day, due="", finished="") for n, day in enumerate(("05/04/2026", "05/31/2026"))
    ]
    batch = send(cast.office, as_csv(rows))
    assert batch.state == "asking"


def test_a_stopped_import_takes_nothing_more(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    batch = send(cast.office, as_csv(TWO), reads=Plan())
    scope = scope_of(cast.office)
    with django_capture_on_commit_callbacks(execute=True):
        actions.stop(by=scope.ref, scope=scope, token=batch.token)
    actions.run(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == "killed"
    with pytest.raises(Refusal):
        actions.stop(by=scope.ref, scope=scope, token=batch.token)


def test_stopped_while_its_file_is_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker holds what it read before; what the person did stands, and no cell of the file is kept."""
    real = Reading.parts

    def stopped(reading: Reading) -> Any:
        yield from real(reading)
        batch = Import.objects.get()
        batch.state, batch.found = "killed", {}
        batch.save()

    monkeypatch.setattr(Reading, "parts", stopped)
    batch = send(cast.office, as_csv(TWO), reads=Plan())
    batch.refresh_from_db()
    assert (batch.state, batch.found) == ("killed", {})
    assert not list(Path(settings.DATA_DIR, "dossiers").iterdir())


def test_a_file_that_breaks_off_on_its_way_leaves_nothing(cast: Cast) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"names"
        raise OSError("gone")

    scope = scope_of(cast.office)
    making.source(scope)
    with pytest.raises(OSError, match="gone"):
        actions.receive(by=scope.ref, scope=scope, source=making.SOURCE, pieces=pieces(), name="a.csv")
    assert not list(Path(settings.DATA_DIR, "dossiers").iterdir())


def test_what_a_crash_left_lying_goes(cast: Cast) -> None:
    """Cut off before the import was noted, or right after its end: no row leads to the folder any more."""
    waiting = send(cast.office, as_csv(TWO), reads=Plan())
    folder = Path(settings.DATA_DIR, "dossiers")
    for token, days in (("lost", 3), ("fresh", 0), (waiting.token, 3)):
        (folder / token).mkdir(exist_ok=True)
        (folder / token / "upload").write_bytes(b"names")
        then = time.time() - days * 86_400
        os.utime(folder / token, (then, then))
    actions.forget_old(by="system:test")
    assert {one.name for one in folder.iterdir()} == {"fresh", waiting.token}
    os.utime(folder / "fresh", (0, 0))
    actions.forget_old(by="system:test")
    assert [one.name for one in folder.iterdir()] == [waiting.token]


def test_what_breaks_the_worker_ends_the_import(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would break again: nobody waits for it, and the file with its names does not lie about."""
    monkeypatch.setattr(Reading, "parts", lambda _reading: 1 / 0)
    batch = send(cast.office, as_csv(TWO))
    batch.refresh_from_db()
    assert batch.state == "failed"
    assert not list(Path(settings.DATA_DIR, "dossiers").iterdir())


def test_states_that_begin_like_names_are_no_names(cast: Cast) -> None:
    """Đặng, Hồ, Lý are families; “Đang trình ký”, “Hồ sơ mới” are states, and asked about."""
    words = ("Đang trình ký", "Đang thẩm định", "Hồ sơ mới")
    rows = [record(n, status=word, finished="") for n, word in enumerate(words)]
    batch = send(cast.office, as_csv(rows, extra={"Ghi chú": "Đặng Thị Thử"}))
    assert batch.state == "asking"
    (status,) = [one for one in batch.found["columns"] if one["heading"] == "Trạng thái"]
    assert set(status["words"]) == set(words)


def test_real_requests_with_american_dates(cast: Cast, shared_data: Path) -> None:
    """Right counts stand beside the file: 1,614 dates read both ways, so its style is asked, once."""
    data = (shared_data / "trials" / "dossiers" / "requests_4000.csv").read_bytes()
    plan = Plan(
        columns={
            "code": "SRRecordID", "procedure": "SRType", "received": "CreatedDate", "due": "DueDate",
            "finished": "CloseDate", "status": "SRStatus", "channel": "MethodReceived",
        },
        fixed={"unit": "24505"},
        values={
            "channel": dict.fromkeys(("Phone", "Internal", "System", "Other"), "1")
            | dict.fromkeys(("API", "Web"), "2"),
            "status": {"Closed (Duplicate)": "9", "Closed (Transferred)": "9", "Open (Duplicate)": "4"},
        },
        declare_new=True,
    )  # fmt: skip
    batch = send(cast.office, data, reads=plan)
    assert batch.state == "asking"
    seen = {one["heading"]: one["dates"] for one in batch.found["columns"]}["CreatedDate"]
    assert (seen["both"], seen["mdy"], seen["dmy"]) == (1_614, 2_386, 0)
    scope = scope_of(cast.office)
    actions.answer(by=scope.ref, scope=scope, token=batch.token, plan=plan, style="mdy", queue=False)
    actions.run(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.read, batch.created, batch.rejected) == (4_000, 4_000, 0)
    assert Procedure.objects.filter(code="ECC-Vehicle Look Up").exists()
    pairs = list(Dossier.objects.values_list("due_at", "finished_at"))
    closed = [(due, done) for due, done in pairs if due and done]
    late = [(due, done) for due, done in closed if done > due]
    assert (len(closed), len(closed) - len(late), len(late)) == (3_809, 3_193, 616)
    assert sum(clock.local(due).date() == clock.local(done).date() for due, done in late) == 102
    assert (sum(due is None for due, _ in pairs), sum(done is None for _, done in pairs)) == (124, 88)
    assert Source.objects.get().mapping["date_style"] == "mdy"
