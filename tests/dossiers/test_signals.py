"""Questions: one of each pattern is asked, two that only look like them are not; two people decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.accounts.models import User
from haicap.accounts.scopes import scope_of
from haicap.catalogue import calendar
from haicap.config.demo import dossiers, questions
from haicap.config.demo.patterns import STORIES, Patterns, patterns
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.dossiers import permissions
from haicap.dossiers.actions import asking, declaring
from haicap.dossiers.actions.rules import load_rules
from haicap.dossiers.models import Circumstance, Dossier, Signal, SignalRules, SignalStep
from haicap.dossiers.permissions import Act
from haicap.dossiers.signals import finding, rules
from haicap.dossiers.signals.scene import Seen, densest
from haicap.dossiers.stages import SIGNAL_NAMES, CircumstanceKind, SignalKind, SignalState
from haicap.dossiers.states import Status
from haicap.notify.models import Notice
from haicap.units.places import Place
from tests.cast import BY, Cast, World

from .making import record, records, take_in
from .rows import NOW, PACK, Desk
from .test_queue import signed_in

SEPTEMBER = periods.parse("2026-09", periods.Rule.CALENDAR)
OCTOBER = periods.parse("2026-10", periods.Rule.CALENDAR)
#: one commune may play several parts, as long as they do not disturb one another
UNITS = ("24505", "24505", "24505", "22015", "22015", "24133", "24505", "24505")
WHY = "Bộ phận một cửa hỗ trợ người dân vào buổi tối theo lịch"


def test_densest_by_a_slow_twin() -> None:
    @settings(max_examples=30)
    @given(st.lists(st.integers(0, 300), max_size=30), st.integers(1, 60))
    def holds(minutes: list[int], span: int) -> None:
        times = [NOW + timedelta(minutes=n) for n in minutes]
        best = max((sum(0 <= other - n <= span for other in minutes) for n in minutes), default=0)
        assert densest(times, timedelta(minutes=span))[0] == best

    holds()


@pytest.fixture
def demo(cast: Cast, world: World, at_ten: None) -> Patterns:
    """The patterns of September and other dossiers around them, through the import."""
    load_rules(by=BY, path=PACK)
    made = patterns(SEPTEMBER, calendar.workdays(), UNITS, "1.000656")
    with clock.frozen("2026-10-02 07:00"):
        take_in(cast.office, [*made.first, *records(36, months=2)])
    take_in(cast.office, made.again)
    for one in made.told:
        declaring.note(
            by=BY,
            kind=one.kind,
            unit_id=world[one.unit or "66"],
            starts=one.starts.astimezone(UTC),
            ends=one.ends.astimezone(UTC),
            reason=one.reason,
            at=one.at,
        )
    return made


def asked(world: World) -> set[tuple[SignalKind, str]]:
    in_force = rules.in_force()
    assert in_force is not None
    codes = {id_: code for code, id_ in world.ids.items()}
    found = [one for month in (SEPTEMBER, OCTOBER) for one in finding.found(month, in_force, clock.now())]
    return {(one.kind, codes[one.unit_id]) for one in found}


def test_one_of_each_is_asked_and_the_two_look_alikes_are_not(demo: Patterns, world: World) -> None:
    assert {kind for kind, _unit in demo.expected} == set(SignalKind)
    assert len(STORIES) == len(demo.expected) + 2
    assert asked(world) == demo.expected


@pytest.mark.parametrize(
    ("story", "kinds"),
    [
        ("don-viec", {SignalKind.BUNCHING}),
        ("luu-dong", {SignalKind.BURST, SignalKind.OFF_HOURS}),
    ],
)
def test_undeclared_the_look_alikes_would_be_asked(
    cast: Cast, world: World, at_ten: None, story: str, kinds: set[SignalKind]
) -> None:
    """The test above could fail."""
    load_rules(by=BY, path=PACK)
    made = patterns(SEPTEMBER, calendar.workdays(), UNITS, "1.000656")
    take_in(cast.office, [one for one in made.first if f".{story}-" in one["code"]])
    assert asked(world) == {(kind, "24505") for kind in kinds}


def test_days_without_a_time_tell_nothing_about_hours(cast: Cast, world: World, at_ten: None) -> None:
    """A source that knows only days: neither lodged at midnight nor finished in one hour."""
    load_rules(by=BY, path=PACK)
    days = [f"{day:02}/09/2026" for day in (1, 3, 7, 8)]
    lodged = [
        record(n, received=days[n % 4], due="30/09/2026", finished="30/09/2026", account="mot-cua-1")
        for n in range(80)
    ]
    take_in(cast.office, lodged)
    assert asked(world) == set()
    timed = [
        one | {"received": f"{one['received']} 22:{number % 60:02}"} for number, one in enumerate(lodged)
    ]
    take_in(cast.office, [one | {"finished": "30/09/2026 16:30"} for one in timed])
    kinds = {SignalKind.BURST, SignalKind.OFF_HOURS, SignalKind.BUNCHING}
    assert asked(world) == {(kind, "24505") for kind in kinds}


def test_a_session_declared_too_late_excuses_nothing(demo: Patterns, world: World) -> None:
    Circumstance.objects.filter(kind=CircumstanceKind.SESSION).update(at=NOW)
    september = finding.found(SEPTEMBER, rules.in_force(), clock.now())  # type: ignore[arg-type]
    assert sum(one.kind is SignalKind.OFF_HOURS for one in september) == 2


def test_the_same_is_not_asked_twice(demo: Patterns, world: World) -> None:
    in_force = rules.in_force()
    assert in_force is not None
    seen = finding.found(SEPTEMBER, in_force, clock.now())
    assert asking.ask(by=BY, seen=seen, period=SEPTEMBER, rules=in_force) == 5
    assert asking.ask(by=BY, seen=seen, period=SEPTEMBER, rules=in_force) == 0
    assert Notice.objects.filter(code="signal.asked").count() == 5


def test_thresholds_are_data(room: Desk, tmp_path: Path) -> None:
    assert load_rules(by=BY, path=PACK) == (1, False)
    text = (PACK / "signals.yaml").read_text("utf-8")
    (tmp_path / "signals.yaml").write_text(
        text.replace("dossiers: 15, minutes: 60", "dossiers: 9, minutes: 30")
    )
    assert load_rules(by=BY, path=tmp_path) == (2, True)
    assert rules.in_force().of(SignalKind.BURST) == {"dossiers": 9, "minutes": 30}  # type: ignore[union-attr]
    assert rules.numbered(1).of(SignalKind.BURST)["dossiers"] == 15
    assert {one["kind"] for one in rules.numbered(1).basis.values()} == {"proposal"}


@pytest.mark.parametrize("broken", ["dossiers: 0", "dossiers: viele", "dossiers: 15, hour: 3"])
def test_broken_thresholds_are_refused_whole(room: Desk, tmp_path: Path, broken: str) -> None:
    text = (PACK / "signals.yaml").read_text("utf-8")
    (tmp_path / "signals.yaml").write_text(text.replace("dossiers: 15", broken))
    with pytest.raises(Refusal) as refusal:
        load_rules(by=BY, path=tmp_path)
    assert refusal.value.code == "pack.invalid"
    assert SignalRules.objects.count() == 1


@pytest.fixture
def question(room: Desk) -> Callable[[], Signal]:
    """A burst of 18 in Ea Knuếc was asked about; the row as it stands."""
    figures = {"first": NOW.isoformat(), "last": NOW.isoformat(), "total": 20}
    seen = Seen(SignalKind.BURST, room.world["24505"], 18, figures, "3fa85f64")
    asking.ask(by=BY, seen=[seen], period=OCTOBER, rules=rules.numbered(1))
    return Signal.objects.get


def step(act: Callable[..., object], user: User, **given: object) -> None:
    told = {"signal": Signal.objects.get().pk, "text": WHY} | given
    act(by=user.ref, scope=scope_of(user), **told)


def refused(act: Callable[..., object], user: User, **given: object) -> str:
    with pytest.raises(Refusal) as refusal:
        step(act, user, **given)
    return refusal.value.code


def test_the_unit_answers_first_and_two_people_decide(room: Desk, question: Callable[[], Signal]) -> None:
    cast = room.cast
    assert refused(asking.weigh, cast.office, choice="explained") == "signal.early"
    step(asking.answer, cast.commune_leader, choice="mobile_day")
    step(asking.weigh, cast.office, choice="explained")
    assert refused(asking.decide, cast.office, agree=True) == "signal.same_person"
    assert refused(asking.answer, cast.commune_leader, choice="mobile_day") == "signal.step"
    step(asking.decide, cast.leader, agree=True)
    row = question()
    assert (row.state, row.outcome) == (SignalState.CLOSED, "explained")
    assert list(SignalStep.objects.order_by("id").values_list("act", flat=True)) == [
        "answer", "weigh", "agree",
    ]  # fmt: skip


def test_a_second_person_who_does_not_agree_asks_for_another_opinion(
    room: Desk, question: Callable[[], Signal]
) -> None:
    cast = room.cast
    step(asking.answer, cast.commune_officer, choice="other")
    step(asking.weigh, cast.office, choice="watched")
    step(asking.decide, cast.leader, agree=False)
    assert question().state == SignalState.ANSWERED
    step(asking.answer, cast.commune_officer, choice="shared_account")
    step(asking.weigh, cast.office, choice="mended")
    step(asking.decide, cast.leader, agree=True)
    assert question().outcome == "mended"


def test_without_an_answer_the_question_waits_its_days(room: Desk, question: Callable[[], Signal]) -> None:
    with clock.frozen(datetime(2026, 11, 4, 2, tzinfo=UTC)):
        assert question().answer_by.isoformat() == "2026-11-03"
        step(asking.weigh, room.cast.office, choice="watched")


def test_the_database_itself_wants_two_people(question: Callable[[], Signal]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Signal.objects.update(state="closed", weighed_by="user:1", closed_by="user:1")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"choice": "season"}, "signal.choice"),
        ({"text": ""}, "reason.missing"),
        ({"seen_version": 9}, "dossiers.stale"),
    ],
)
def test_bad_answers(room: Desk, question: object, given: dict[str, object], code: str) -> None:
    told = {"choice": "mobile_day"} | given
    assert refused(asking.answer, room.cast.commune_leader, **told) == code


D, E, C, R, A, W, K, S, O = (  # noqa: E741
    Act.DISPUTE, Act.DECIDE, Act.CONFIRM, Act.READ_SIGNALS, Act.ANSWER, Act.WEIGH, Act.CLOSE,
    Act.DECLARE_SESSION, Act.DECLARE_OUTAGE,
)  # fmt: skip
IN_24505 = {
    "leader": {C, R, K}, "office": {E, R, W, K}, "analyst": {R}, "viewer": set(),
    "commune_leader": {D, R, A, S}, "commune_deputy": {R}, "commune_officer": {D, R, A, S},
    "other_leader": set(), "other_deputy": set(), "other_officer": set(),
    "stranger_office": set(), "stranger": set(), "nobody": set(),
}  # fmt: skip


def test_who_may_what_in_a_commune(cast: Cast, world: World) -> None:
    place = world.place("24505")
    scopes = {who: scope_of(getattr(cast, who)) for who in IN_24505}
    found = {who: {act for act in Act if permissions.can(scope, act, place)} for who, scope in scopes.items()}
    assert found == IN_24505


def test_who_may_what_in_the_province(cast: Cast, world: World) -> None:
    place = world.place("66")
    scopes = {who: scope_of(getattr(cast, who)) for who in IN_24505}
    found = {who: {act for act in Act if permissions.can(scope, act, place)} for who, scope in scopes.items()}
    assert found == {who: set() for who in IN_24505} | {"office": {O}}


class TestPages:
    def test_the_whole_way(self, room: Desk, client: Client, question: Callable[[], Signal]) -> None:
        page = f"/ho-so/tin-hieu/{question().pk}/"
        unit = signed_in(client, room.cast.commune_leader)
        html = unit.get(page).content.decode()
        assert "Một tài khoản (3fa85f64) nộp 18 hồ sơ" in html
        assert "Hỏi từ 15 hồ sơ của một tài khoản trong 60 phút. Ngưỡng bản 1, đề xuất" in html
        for who, act, told in (
            ("commune_leader", "answer", {"choice": "mobile_day"}),
            ("office", "weigh", {"choice": "explained"}),
            ("leader", "agree", {}),
        ):
            person = signed_in(client, getattr(room.cast, who))
            assert f"{act}/" in person.get(page).content.decode()
            typed = {"version": str(question().version), "text": WHY} | told
            assert person.post(f"{page}{act}/", typed).status_code == 302
        assert "Đã giải thích được" in signed_in(client, room.cast.office).get(page).content.decode()
        assert str(SIGNAL_NAMES[SignalKind.BURST]) in person.get("/ho-so/tin-hieu/").content.decode()

    @pytest.mark.parametrize("who", ["stranger", "other_leader", "stranger_office"])
    def test_a_stranger_finds_nothing(
        self, room: Desk, client: Client, question: Callable[[], Signal], who: str
    ) -> None:
        person = signed_in(client, getattr(room.cast, who))
        assert person.get(f"/ho-so/tin-hieu/{question().pk}/").status_code == 404
        assert person.post(f"/ho-so/tin-hieu/{question().pk}/answer/").status_code == 404

    def test_a_viewer_is_not_asked(self, room: Desk, client: Client, question: Callable[[], Signal]) -> None:
        viewer = signed_in(client, room.cast.viewer)
        assert viewer.get(f"/ho-so/tin-hieu/{question().pk}/").status_code in (400, 403)
        listed = viewer.get("/ho-so/bang/cau-hoi.csv").getvalue().decode()
        assert str(SIGNAL_NAMES[SignalKind.BURST]) not in listed

    def test_a_session_is_declared(self, room: Desk, client: Client) -> None:
        officer = signed_in(client, room.cast.commune_officer)
        typed = {"starts": "2026-10-31T07:00", "ends": "2026-10-31T12:00", "reason": "Lưu động ở thôn 3"}
        assert officer.post("/ho-so/tin-hieu/khai-bao/", typed).status_code == 302
        assert "Lưu động ở thôn 3" in officer.get("/ho-so/tin-hieu/").content.decode()
        wrong = officer.post("/ho-so/tin-hieu/khai-bao/", typed | {"ends": "2026-10-31T07:00"})
        assert wrong.status_code == 409
        assert "Lưu động ở thôn 3" in wrong.content.decode()
        assert signed_in(client, room.cast.viewer).get("/ho-so/tin-hieu/khai-bao/").status_code == 404


def test_the_demo_asks_once(cast: Cast, world: World, at_ten: None, settings: Any, tmp_path: Path) -> None:
    """Made again, the demo adds nothing to what it asked."""
    settings.DATA_DIR = tmp_path
    province, places = world.place("66"), [world.place(code) for code in UNITS]
    assert SignalKind.BURST in {kind for kind, _unit in patterns_of(province, places)}
    before = Signal.objects.count(), Dossier.objects.count(), Circumstance.objects.count()
    patterns_of(province, places)
    assert (Signal.objects.count(), Dossier.objects.count(), Circumstance.objects.count()) == before
    assert Dossier.objects.filter(status=Status.RECEIVED, finished_at=None).count() > 2


def patterns_of(province: Place, places: list[Place]) -> set[tuple[str, int]]:
    dossiers.settle("system:demo", province, places[:1])
    questions.settle("system:demo", PACK.parent, province, places)
    return set(Signal.objects.values_list("kind", "unit_id"))
