"""Invented dossiers for tests: as records, as a file, and through the import itself.

`take_in` is what a test mostly wants: it founds a source when there is none, sends the records as a CSV file
and runs the import to its end.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

from haicap.accounts.models import User
from haicap.accounts.scopes import Scope, scope_of
from haicap.dossiers import actions
from haicap.dossiers.models import Import, Source
from haicap.dossiers.policies.mapping import Plan

Record = dict[str, str]

PROCEDURES = {"1.000656": ("Đăng ký khai tử", "full"), "2.000815": ("Chứng thực bản sao", "part"),
              "1.001193": ("Đăng ký khai sinh", "full")}  # fmt: skip
HEADINGS = {
    "code": "Mã hồ sơ", "unit": "Mã xã", "procedure": "Mã TTHC", "received": "Ngày tiếp nhận",
    "due": "Ngày hẹn trả", "finished": "Ngày có kết quả", "status": "Trạng thái", "channel": "Hình thức nộp",
    "level": "Mức độ", "submitter": "Ai nộp", "fee": "Lệ phí", "paid_online": "Thanh toán trực tuyến",
    "digitised_components": "Số hóa thành phần", "digitised_result": "Số hóa kết quả",
    "satisfaction": "Hài lòng", "account": "Tài khoản", "steps": "Các bước", "last_step": "Ngày cập nhật",
}  # fmt: skip
SOURCE = "mot-cua"


def plan(**changes: object) -> Plan:
    return Plan(**({"columns": dict(HEADINGS), "date_style": "dmy"} | changes))  # type: ignore[arg-type]


def record(number: int, **given: object) -> Record:
    """One dossier of Ea Knuếc, received on 1 September 2026, finished in time; `given` says what differs."""
    plain = {
        "code": f"H15.26-{number:06}", "unit": "24505", "procedure": "1.000656",
        "received": "01/09/2026 08:00",
        "due": "04/09/2026 17:00", "finished": "03/09/2026 09:30", "status": "10", "channel": "2",
        "level": "full", "submitter": "self",
    }  # fmt: skip
    return plain | {name: str(value) for name, value in given.items()}


def records(
    count: int, *, units: Sequence[str] = ("24505", "22015", "24133"), months: int = 3,
    last: date = date(2026, 9, 1), seed: int = 7,
) -> list[Record]:  # fmt: skip
    """Dossiers of these units over some months up to that of `last`; one in five late, one in nine open."""
    chance = Random(seed)
    made = []
    for number in range(count):
        day = date(last.year, last.month, 1) - timedelta(days=30 * chance.randrange(months))
        came = datetime.combine(day, datetime.min.time()) + timedelta(
            days=chance.randrange(20), hours=8, minutes=chance.randrange(480)
        )
        due = came + timedelta(days=chance.choice((1, 3, 7)))
        late, is_open = chance.random() < 0.2, chance.random() < 0.11
        done = due + timedelta(hours=chance.randrange(1, 40)) * (1 if late else -1)
        made.append(
            record(
                number, unit=chance.choice(units), procedure=chance.choice(list(PROCEDURES)),
                received=f"{came:%d/%m/%Y %H:%M}", due=f"{due:%d/%m/%Y %H:%M}",
                finished="" if is_open else f"{max(done, came):%d/%m/%Y %H:%M}",
                status=4 if is_open else 10, channel=chance.choice("1223"),
                level=chance.choice(("full", "part")), submitter=chance.choice(("self", "helped", "behalf")),
                fee=chance.choice(("0", "8.000", "")), paid_online=chance.choice(("1", "0", "")),
                digitised_components=chance.choice("01"), digitised_result=chance.choice("01"),
                satisfaction=chance.choice(("", "4", "5")),
            )
        )  # fmt: skip
    return made


def published() -> list[Record]:
    """8,155 dossiers of one month of Ea Knuếc, 7,413 of them online, 1,079 of these with all of the service
    online: 90.9 % and 13.2 %."""
    return [
        record(
            number, channel=2 if number < 7_413 else 1, level="full" if number < 1_079 else "part",
            received=f"{number % 28 + 1:02}/09/2026 {8 + number % 8:02}:{number % 60:02}",
            due="", finished="",
            status=4,
        )
        for number in range(8_155)
    ]  # fmt: skip


def as_csv(
    rows: Iterable[Mapping[str, str]], *, delimiter: str = ",", extra: Mapping[str, str] | None = None
) -> bytes:
    """A file under the headings that `plan` reads; `extra`: further columns, the same cell in every row."""
    rows, extra = list(rows), extra or {}
    names = [name for name in HEADINGS if any(name in row for row in rows)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow([*(HEADINGS[name] for name in names), *extra])
    writer.writerows([*(row.get(name, "") for name in names), *extra.values()] for row in rows)
    return out.getvalue().encode()


def procedures() -> None:
    for code, (name, level) in PROCEDURES.items():
        actions.declare(by="system:test", code=code, name={"vi": name}, legal_days=3, online_level=level)


def source(scope: Scope, *, code: str = SOURCE, reads: Plan | None = None) -> Source:
    """The source with this code, founded and its procedures declared when there is none."""
    found = Source.objects.filter(code=code).first()
    if found is None:
        procedures()
        id = actions.found_source(
            by=scope.ref, scope=scope, code=code, name="Một cửa (minh họa)", plan=reads or plan()
        )
        found = Source.objects.get(pk=id)
    return found


def send(
    user: User, data: bytes, *, name: str = "ho-so.csv", code: str = SOURCE, reads: Plan | None = None,
    dry_run: bool = False,
) -> Import:  # fmt: skip
    """Bring a file in and run it until it is done, fails or asks."""
    scope = scope_of(user)
    source(scope, code=code, reads=reads)
    token = actions.receive(
        by=scope.ref, scope=scope, source=code, pieces=[data], name=name, dry_run=dry_run, queue=False
    )
    batch = Import.objects.get(token=token)
    actions.run(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def take_in(user: User, rows: Iterable[Mapping[str, str]], **given: object) -> Import:
    return send(user, as_csv(rows), **given)  # type: ignore[arg-type]
