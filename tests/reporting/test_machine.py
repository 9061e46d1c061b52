"""Whatever people click: no step outside the table, nobody accepts own work, every change is kept."""

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from haicap.accounts.scopes import Grant, Scope, scope_of
from haicap.accounts.states import Role
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.reporting import actions, facts, queries
from haicap.reporting.actions import CellChange
from haicap.reporting.models import Report, Submission, Value, ValueChange
from haicap.reporting.states import Act, State, after
from tests.cast import make_cast, make_world

from .conftest import publish
from .office import FORM, FULL, NOW, PERIOD

TEXTS = st.sampled_from(["0", "5", "100", "412", "", "chữ", "-1"])
CODES = st.sampled_from(sorted(FULL))
PEOPLE = st.sampled_from(
    ["commune_officer", "commune_leader", "commune_deputy", "office", "leader", "viewer", "stranger", "both"]
)


class Road(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.frozen = clock.frozen(NOW)
        self.frozen.__enter__()
        self.log: list[str] = []

    def teardown(self) -> None:
        self.frozen.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def start(self) -> None:
        self.world = make_world()
        self.cast = make_cast(self.world)
        publish(self.world["66"])
        officer = self.cast.commune_officer
        self.report = actions.open_report(
            by=officer, scope=scope_of(officer), form=FORM, period=PERIOD, unit_id=self.world["24505"]
        )
        self.state = State.OPEN

    def person(self, who: str) -> tuple[object, Scope]:
        """ "both" is the officer who also sits in the province's office: the one who must not accept."""
        if who != "both":
            user = getattr(self.cast, who)
            return user, scope_of(user)
        user, place = self.cast.commune_officer, self.world.place("66")
        extra = Grant(Role.PROVINCE_OFFICE, place.id, place.path)
        return user, Scope(user.pk, user.ref, (*scope_of(user).grants, extra))

    def attempt(self, act: Act, who: str, call: object, **more: object) -> None:
        user, scope = self.person(who)
        try:
            with transaction.atomic():
                call(by=user, scope=scope, report=self.report, **more)  # type: ignore[operator]
        except Refusal:
            assert State(Report.objects.get(pk=self.report).state) is self.state
            return
        target = after(self.state, act)
        assert target is not None, f"{act} went through in {self.state}"
        now = State(Report.objects.get(pk=self.report).state)
        assert now in (target, self.state if act is Act.FILL else target)
        self.state = now

    @rule(who=PEOPLE, code=CODES, text=TEXTS, base=st.integers(0, 3))
    def fill(self, who: str, code: str, text: str, base: int) -> None:
        change = [CellChange(code, base, text)]
        self.attempt(Act.FILL, who, actions.save_cells, changes=change)

    @rule()
    def fill_all(self) -> None:
        known = {v.element.code: v.version for v in Value.objects.filter(report_id=self.report)}
        change = [CellChange(code, known.get(code, 0), text) for code, text in FULL.items()]
        self.attempt(Act.FILL, "commune_officer", actions.save_cells, changes=change)

    @rule(who=PEOPLE)
    def say_ready(self, who: str) -> None:
        self.attempt(Act.SAY_READY, who, actions.say_ready)

    @rule(who=PEOPLE)
    def hand_back(self, who: str) -> None:
        self.attempt(Act.HAND_BACK, who, actions.hand_back)

    @rule(who=PEOPLE)
    def submit(self, who: str) -> None:
        self.attempt(Act.SUBMIT, who, actions.submit)

    @rule(who=PEOPLE)
    def give_back(self, who: str) -> None:
        self.attempt(Act.RETURN, who, actions.return_report, reasons={"": "Xem lại giúp"})

    @rule(who=PEOPLE)
    def accept(self, who: str) -> None:
        self.attempt(Act.ACCEPT, who, actions.accept)

    @rule(who=PEOPLE)
    def lock(self, who: str) -> None:
        self.attempt(Act.LOCK, who, actions.lock)

    @rule(who=PEOPLE)
    def reopen(self, who: str) -> None:
        self.attempt(Act.REOPEN, who, actions.reopen, reason="Cần sửa lại")

    @invariant()
    def nobody_accepts_own_work(self) -> None:
        row = Report.objects.filter(pk=getattr(self, "report", 0)).first()
        if row is not None and row.accepted_by:
            assert row.accepted_by not in queries.hands(row.pk)

    @invariant()
    def history_ends_in_what_is_stored(self) -> None:
        for value in Value.objects.filter(report_id=getattr(self, "report", 0)):
            steps = list(ValueChange.objects.filter(value=value).order_by("id"))
            ends = [(step.to_number, step.to_reason) for step in steps] or [(None, "")]
            starts = [(step.from_number, step.from_reason) for step in steps]
            assert ends[-1] == (value.number, value.no_figure_reason)
            assert starts == [(None, ""), *ends][: len(starts)]

    @invariant()
    def facts_follow_the_state(self) -> None:
        row = Report.objects.filter(pk=getattr(self, "report", 0)).first()
        if row is None:
            return
        assert bool(list(facts.value_rows())) == (row.state in ("submitted", "accepted", "locked"))
        assert Submission.objects.filter(report=row).count() == row.cycle


@pytest.mark.django_db
def test_the_road() -> None:
    Road.TestCase.settings = settings(
        max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Road.TestCase().runTest()
