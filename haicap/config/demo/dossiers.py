"""Invented dossiers of the demo, brought in through the import itself: a few for every commune and month, and
for some communes (demo.yaml, `counted`) as many as such a commune has, so that there the system counts.

Their sources are marked as demo, and their names say so; that of a few for every commune says that it is a
part. What was open in the last run is finished in a later
one, so a demo that is made again shows updates as a real source would.
"""

import csv
import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from haicap.accounts.scopes import Grant, Scope
from haicap.accounts.states import Role
from haicap.catalogue import calendar
from haicap.config.demo.chance import normal, uniform
from haicap.core import clock, periods
from haicap.core.periods import Period
from haicap.dossiers import actions
from haicap.dossiers.policies.mapping import FIELDS, Plan
from haicap.dossiers.queries import imports, origins
from haicap.units.places import Place

SOURCE, NAME = "mot-cua-minh-hoa", "Hệ thống một cửa (dữ liệu minh họa)"
WHOLE = ("mot-cua-du-minh-hoa", "Một cửa, đủ hồ sơ của vài xã (dữ liệu minh họa)")
MONTHS, EACH = 6, 9
#: of the communes whose every dossier is invented: months back, dossiers of a month per 1,000 residents
WHOLE_MONTHS, PER_1000, RESIDENTS = 4, 11, 15_000
Record = dict[str, str]

# code, name, field, working days, level; the days and levels are proposals of the demo
PROCEDURES = (
    ("1.001193", "Đăng ký khai sinh", "Hộ tịch", 1, "full"),
    ("1.000894", "Đăng ký kết hôn", "Hộ tịch", 2, "part"),
    ("1.000656", "Đăng ký khai tử", "Hộ tịch", 1, "full"),
    ("2.000815", "Chứng thực bản sao từ bản chính", "Chứng thực", 1, "part"),
    ("1.004873", "Cấp giấy xác nhận tình trạng hôn nhân", "Hộ tịch", 3, "full"),
    ("MH-DAT-01", "Đăng ký biến động đất đai (minh họa)", "Đất đai", 10, "part"),
    ("MH-BTXH-01", "Trợ giúp xã hội hằng tháng (minh họa)", "Bảo trợ xã hội", 12, "full"),
)


def settle(
    by: str, province: Place, communes: Sequence[Place], counted: Collection[str] = frozenset()
) -> str:
    """Bring the invented dossiers in, or up to date; returns what became of them, in words.

    `counted`: codes of communes whose every dossier is there."""
    for code, name, field, days, level in PROCEDURES:
        actions.declare(by=by, code=code, name={"vi": name}, field=field, legal_days=days, online_level=level)
    now = clock.now()
    last = periods.containing(clock.today(), periods.Kind.MONTH, periods.Rule.CALENDAR)
    months = [periods.shift(last, -back) for back in range(MONTHS)]
    few = [place for place in communes if place.code not in counted]
    rows = [row for month in months for place in few for row in _rows(place, month, now, _few(place))]
    said = [bring(by, province, rows, name="ho-so-minh-hoa.csv")]
    if every := [place for place in communes if place.code in counted]:
        recent = months[:WHOLE_MONTHS]
        rows = [row for month in recent for place in every for row in _rows(place, month, now, _all(place))]
        name = "ho-so-du-minh-hoa.csv"
        said.append(bring(by, province, rows, name=name, source=WHOLE, partial=False))
    return "; ".join(said)


def bring(
    by: str,
    province: Place,
    rows: Iterable[Mapping[str, str]],
    *,
    name: str,
    source: tuple[str, str] = (SOURCE, NAME),
    partial: bool = True,
) -> str:
    """Records with the fields of an import → a file → the import; founds the source where there is none.

    `partial`: a few for every commune; no total follows from them."""
    code, words = source
    scope = Scope(user_id=0, ref=by, grants=(Grant(Role.SOURCE, province.id, province.path),))
    if origins.by_code(code) is None:
        plan = Plan(columns={field: field for field in FIELDS}, date_style="dmy")
        actions.found_source(
            by=by,
            scope=scope,
            code=code,
            name=words,
            owner_id=province.id,
            plan=plan,
            has_steps=True,
            demo=True,
            partial=partial,
        )
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(FIELDS), restval="")
    writer.writeheader()
    writer.writerows(rows)
    data = out.getvalue().encode()
    token = actions.receive(by=by, scope=scope, source=code, pieces=[data], name=name, queue=False)
    actions.run_now(token=token)
    done = imports.by_token(token)
    assert done is not None
    told = {"new": done.created, "changed": done.updated, "same": done.unchanged, "bad": done.rejected}
    return _("Hồ sơ minh họa: %(new)s mới, %(changed)s cập nhật, %(same)s giữ nguyên, %(bad)s bị loại") % told


def _few(place: Place) -> int:
    return EACH + int(4 * uniform("many", place.code))


def _all(place: Place) -> int:
    return round(PER_1000 * (place.population or RESIDENTS) / 1000)


def _rows(place: Place, month: Period, now: datetime, many: int) -> Iterator[Record]:
    weak = normal("dossiers", place.code)
    book = calendar.workdays()
    for number in range(many):
        key = (place.code, month.key, number)
        code, _name, _field, days, level = PROCEDURES[int(len(PROCEDURES) * uniform("procedure", *key))]
        day = book.add(month.start, int(18 * uniform("day", *key)))
        came = _at(day, 7.5 + 9 * uniform("hour", *key))
        if came >= now:
            continue
        due = _at(book.add(day, days), 17)
        late = uniform("late", *key) < 0.06 + 0.03 * weak
        done = due + timedelta(hours=2 + 60 * uniform("late by", *key))
        if not late:
            done = came + (due - came) * (0.2 + 0.75 * uniform("early", *key))
        yield _record(key, place, code, level, came, due, done, now, late)


def _record(
    key: tuple[object, ...], place: Place, code: str, level: str, came: datetime, due: datetime,
    done: datetime, now: datetime, late: bool,
) -> Record:  # fmt: skip
    online = uniform("online", *key) < 0.86
    finished = done <= now
    fee = uniform("fee", *key) < 0.35
    helped = uniform("submitter", *key)
    return {
        "code": "MH-" + "-".join(map(str, key)), "unit": place.code, "procedure": code,
        "received": _said(came), "due": _said(due), "finished": _said(done) if finished else "",
        "status": "10" if finished else "4", "channel": "2" if online else "1", "level": level,
        "submitter": "self" if helped < 0.55 else "helped" if helped < 0.85 else "behalf",
        "behalf_reason": "Người nộp không có điện thoại (minh họa)" if helped >= 0.85 else "",
        "fee": "15000" if fee else "0", "paid_online": str(int(uniform("paid", *key) < 0.7)) if fee else "",
        "digitised_components": str(int(uniform("components", *key) < 0.88)),
        "digitised_result": str(int(uniform("result", *key) < 0.91)) if finished else "",
        "satisfaction": str(3 + int(3 * uniform("content", *key))) if finished and helped < 0.5 else "",
        "steps": json.dumps(_steps(key, came, done, now)) if late or helped > 0.8 else "",
    }  # fmt: skip


def _steps(key: tuple[object, ...], came: datetime, done: datetime, now: datetime) -> list[list[object]]:
    """Taken on, somewhere else for a while, back again."""
    away = ("citizen", "other", "sync")[int(3 * uniform("away", *key))]
    share = uniform("how long", *key)
    places = [(0.05, 2, "unit"), (0.2, 5 if away == "citizen" else 4, away), (0.2 + 0.7 * share, 4, "unit")]
    steps = [(came + (done - came) * part, status, holder) for part, status, holder in places]
    return [[at.isoformat(timespec="seconds"), status, holder] for at, status, holder in steps if at <= now]


def _at(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), clock.ZONE) + timedelta(minutes=int(60 * hour))


def _said(moment: datetime) -> str:
    return f"{clock.local(moment):%d/%m/%Y %H:%M}"
