"""The demo: the same figures everywhere, parts within wholes, lives that could be true, three stories."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from haicap.accounts.actions import create_user
from haicap.audit import actions as audit
from haicap.catalogue import calendar
from haicap.catalogue.queries import Catalogue, Form
from haicap.config.demo import building, mark
from haicap.config.demo.building import _copied, _undisturbed, build
from haicap.config.demo.chance import normal, uniform
from haicap.config.demo.figures import Setting, figures
from haicap.config.demo.lives import Hands, Sheet, life
from haicap.config.demo.people import COMMUNE, PROVINCE
from haicap.config.demo.profile import Profile, read
from haicap.core import clock, periods
from haicap.core.bands import Band
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.insight.heatmap import heatmap
from haicap.reporting.actions import ImportedReport
from haicap.reporting.facts import value_rows
from haicap.reporting.states import State
from haicap.units.places import Place
from haicap.warehouse.refresh import refresh
from tests.world import NOW, PACKS, Land

pytestmark = pytest.mark.django_db
HANDS = Hands("user:1", "user:2", "user:3")
MONTHS = [periods.parse(key) for key in ("2025-07", "2026-02", "2026-10")]


@pytest.fixture(scope="module")
def profile() -> Profile:
    return read(PACKS / "dak-lak" / "demo.yaml")


@pytest.fixture
def catalogue(rough: Land) -> Catalogue:
    return rough.catalogue


def place(code: str, population: int | None = 15_000, area: float | None = 90.0, kind: str = "xa") -> Place:
    return Place(
        id=int(code), uid=code, code=code, name=code, full_name=code, name_en="", kind=kind, level=2,
        parent_id=1, path=f"/1/{code}/", valid_from=date(2025, 7, 1), valid_to=None, area_km2=area,
        population=population, lon=None, lat=None,
    )  # fmt: skip


PLACES = [
    place("24505"),
    place("24211"),
    place("24265"),
    place("24444"),
    place("24133", 169_596, 71.9, "phuong"),
    place("22015", 45_000, 30.0, "phuong"),
    place("24001", 900, 600.0),
    place("24002", None, None),
    *(place(str(24600 + n), 5_000 + 700 * n, 40.0 + 9 * n) for n in range(20)),
]


def months_of(form: Form) -> list[tuple[Period, int]]:
    last = periods.last_closed(form.kind, clock.today(), form.rule)
    first = periods.containing(form.first_day or last.start, form.kind, form.rule)
    span = periods.span(first, last)
    return [(period, len(span) - 1 - number) for number, period in enumerate(span)]


def lives(form: Form, profile: Profile, now: datetime = NOW) -> Iterator[tuple[Setting, ImportedReport]]:
    for period, back in months_of(form):
        sheet = Sheet(form.code, calendar.deadline(form, period), now)
        for one in PLACES:
            setting = Setting(one, period, back)
            numbers = figures(form.elements, setting, profile)
            told = life(sheet, setting, HANDS, numbers, _undisturbed(setting, profile))
            if told is not None:
                yield setting, told


def test_chance_is_the_same_on_every_machine() -> None:
    assert uniform("strength", "24505") == pytest.approx(uniform("strength", "24505"), abs=0)
    assert 0 < min(uniform("x", n) for n in range(2000)) < 0.01
    assert 0.99 < max(uniform("x", n) for n in range(2000)) < 1
    assert abs(sum(normal("x", n) for n in range(2000)) / 2000) < 0.1
    assert uniform("a", "bc") != uniform("ab", "c")


def test_every_element_of_every_form_has_a_recipe(catalogue: Catalogue, profile: Profile) -> None:
    asked = {element for form in catalogue.forms.values() for element in form.elements}
    assert asked <= set(profile.recipes)
    for code, recipe in profile.recipes.items():
        ways = [recipe.per_1000 is not None, bool(recipe.fixed), bool(recipe.share_of), bool(recipe.of)]
        assert sum(ways) == 1, code
        assert not recipe.share_of or recipe.share_of in profile.recipes
        assert 0 <= recipe.start <= 1
        assert 0 <= recipe.end <= 1


def test_figures_pass_every_hard_check(catalogue: Catalogue, profile: Profile) -> None:
    broken = 0
    for form in catalogue.forms.values():
        hard = [check for check in form.checks if check.kind == "hard"]
        for period, back in months_of(form):
            for one in PLACES:
                numbers = figures(form.elements, Setting(one, period, back), profile)
                assert set(numbers) == set(form.elements)
                for element, number in numbers.items():
                    measure = catalogue.elements[element]
                    assert number >= 0 or not measure.non_negative, element
                    assert number == int(number) or not measure.integer, element
                for check in hard:
                    part, _sign, whole = check.expression.partition("<=")
                    told = dict(numbers)
                    # one of the two may stand in another form
                    if part.strip() in told and (limit := amount(whole, told)) is not None:
                        broken += told[part.strip()] > limit
    assert broken == 0


def amount(text: str, numbers: dict[str, Decimal]) -> Decimal | None:
    text = text.strip()
    return Decimal(text) if text.replace(".", "").isdigit() else numbers.get(text)


def test_figures_are_the_same_in_every_order(catalogue: Catalogue, profile: Profile) -> None:
    form = catalogue.forms["CQS-T"]
    for month in MONTHS:
        setting = Setting(PLACES[0], month, 3)
        forward = figures(form.elements, setting, profile)
        assert figures(form.elements[::-1], setting, profile) == forward
        assert figures(form.elements, setting, profile) == forward
    assert forward != figures(form.elements, Setting(PLACES[4], MONTHS[2], 3), profile)


def test_lives_could_have_happened(catalogue: Catalogue, profile: Profile) -> None:
    """In order, after the window closed, never in the future, and nobody accepts own work."""
    states: Counter[State] = Counter()
    late = returned = 0
    for form in catalogue.forms.values():
        for setting, told in lives(form, profile):
            instants = [told.typed.at, *(s.at for s in told.submissions), *(r.at for r in told.returns)]
            instants += [step.at for cell in told.cells for step in cell.steps]
            instants += [told.accepted.at] if told.accepted else []
            closed = datetime.combine(setting.period.end, time(), clock.ZONE)
            assert max(instants) <= NOW, told
            assert min(instants) >= closed - timedelta(days=1), (form.code, setting, min(instants))
            subs, backs = told.submissions, told.returns
            assert [s.at for s in subs] == sorted(s.at for s in subs)
            for back in backs:
                assert subs[back.cycle - 1].at < back.at
                assert len(subs) == back.cycle or back.at < subs[back.cycle].at
            if told.accepted:
                assert told.accepted.at > subs[-1].at
                hands = {told.typed.by, *(s.by for s in subs)}
                hands |= {step.by for cell in told.cells for step in cell.steps}
                assert told.accepted.by not in hands
            assert all((cell.number is None) == bool(cell.no_figure_reason) for cell in told.cells)
            states[told.state] += 1
            late += subs[0].at > calendar.deadline(form, setting.period)
            returned += bool(backs)
    assert states[State.ACCEPTED] > 500
    assert states[State.SUBMITTED] > 0
    assert late > 20
    assert returned > 20


def test_just_after_a_window_closes_nobody_has_sent_tomorrow(catalogue: Catalogue, profile: Profile) -> None:
    form = catalogue.forms["CQS-T"]
    for hours in (1, 30, 80, 150):
        now = datetime(2026, 10, 15, 0, 0, tzinfo=clock.ZONE) + timedelta(hours=hours)
        for _setting, told in lives(form, profile, now):
            assert told.submissions[-1].at < now
            assert told.accepted is None or told.accepted.at < now
            assert all(back.at < now for back in told.returns)


def test_the_story_of_the_payments(catalogue: Catalogue, profile: Profile) -> None:
    form = catalogue.forms["CQS-T"]
    shares = []
    for back, key in ((2, "2026-08"), (1, "2026-09"), (0, "2026-10")):
        numbers = figures(form.elements, Setting(PLACES[1], periods.parse(key), back), profile)
        shares.append(100 * numbers["HS_TTTT"] / numbers["HS_PHI"])
    told = (Decimal(52), Decimal(36), Decimal("21.4"))
    assert all(abs(share - near) < 1 for share, near in zip(shares, told, strict=True)), shares


def test_the_story_of_the_copied_form(catalogue: Catalogue, profile: Profile) -> None:
    form, copier = catalogue.forms["CQS-T"], PLACES[2]
    now = Setting(copier, periods.parse("2026-10"), 0)
    then = Setting(copier, periods.parse("2026-09"), 1)
    copied = figures(form.elements, _copied(now, form, profile), profile)
    assert copied == figures(form.elements, _copied(then, form, profile), profile)
    assert copied != figures(form.elements, now, profile)
    other = Setting(PLACES[0], now.period, 0)
    assert _copied(other, form, profile) is other


def test_the_story_of_the_recovery(catalogue: Catalogue, profile: Profile) -> None:
    story = next(one for one in profile.stories if one.code == "recovery")
    assert list(story.strength) == sorted(story.strength)
    assert len(story.strength) == story.last == 6
    form, who = catalogue.forms["CQS-T"], PLACES[3]
    first = figures(form.elements, Setting(who, periods.parse("2026-05"), 5), profile)
    last = figures(form.elements, Setting(who, periods.parse("2026-10"), 0), profile)
    assert last["HS_TTTT"] / last["HS_PHI"] > first["HS_TTTT"] / first["HS_PHI"] + Decimal("0.2")


def test_communes_of_stories_report_while_their_story_plays(catalogue: Catalogue, profile: Profile) -> None:
    sent = {(s.place.code, s.period.key) for s, _told in lives(catalogue.forms["CQS-T"], profile)}
    for story in profile.stories:
        for back in range(story.last):
            assert (story.unit, periods.shift(periods.parse("2026-10"), -back).key) in sent, story.code


def test_no_person_is_invented() -> None:
    for _name, who, _title in (*COMMUNE.values(), *PROVINCE.values()):
        assert who.split(" ")[0] in {"Lãnh", "Phó", "Công", "Văn"}, who


def test_built_twice_is_built_once(
    rough: Land, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.WAREHOUSE_DIR = tmp_path / "demo"
    monkeypatch.setattr(building, "load_figures", lambda *_: None)
    said: list[str] = []
    with transaction.atomic():
        audit.record(by=mark.BY, action="user.created", object="user:1")
    build(PACKS, "mot-mat-khau-dai-2026", said.append)
    rows = list(value_rows())
    build(PACKS, "mot-mat-khau-dai-2026", said.append)
    assert list(value_rows()) == rows
    assert len(rows) > 2_000
    refresh()
    found = heatmap(rough.place("66"), periods.parse("2026-06"))
    assert {row.band for row in found.rows} & {Band.GREEN, Band.YELLOW, Band.RED}


def test_no_demo_among_real_people(db: None) -> None:
    create_user(by="system:test", username="somebody")
    with pytest.raises(Refusal) as refused:
        build(PACKS, "a-long-password-2026", print)
    assert refused.value.code == "demo.real"


def test_the_mark_follows_the_data(client: Client, db: None) -> None:
    mark.forget()
    assert "Dữ liệu minh họa" not in client.get("/dang-nhap/").content.decode()
    with transaction.atomic():
        audit.record(by=mark.BY, action="user.created", object="user:1")
    assert "Dữ liệu minh họa" not in client.get("/dang-nhap/").content.decode(), "asked a moment ago"
    mark.forget()
    assert "Dữ liệu minh họa" in client.get("/dang-nhap/").content.decode()
