"""Who acts in the tests of this room, and shortcuts for what they do most."""

from dataclasses import dataclass
from datetime import UTC, datetime

from haicap.accounts.models import User
from haicap.accounts.scopes import Scope, scope_of
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.reporting import actions, queries
from haicap.reporting.actions import CellChange, SaveResult
from haicap.reporting.models import Report, Value
from haicap.reporting.states import State
from tests.cast import Cast, World

FORM, MACHINE, PERIOD = "CQS-T", "MAY-T", "2026-10"
NOW = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 10, 21, 10, 0, tzinfo=UTC)
FULL = {"HS_NHAN": "412", "HS_NHAN_CTT": "377", "HS_PHI": "128", "HS_TTTT": "71"}


class refused:  # noqa: N801 (reads like pytest.raises)
    """`with refused("report.step"):` the block must raise exactly this refusal."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.error = Refusal("none")

    def __enter__(self) -> "refused":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        assert isinstance(error, Refusal), f"not refused: {error!r}"
        assert error.code == self.code
        self.error = error
        return True


def state_of(report: int) -> State:
    return State(Report.objects.get(pk=report).state)


@dataclass(frozen=True)
class Office:
    """The reporting office of the tests: who acts, and shortcuts for what they do most."""

    cast: Cast
    world: World

    def scope(self, user: User) -> Scope:
        return scope_of(user)

    def open(self, form: str = FORM, period: str = PERIOD, code: str = "24505") -> int:
        user = self.cast.commune_officer if code == "24505" else self.cast.other_officer
        return actions.open_report(
            by=user, scope=scope_of(user), form=form, period=period, unit_id=self.world[code]
        )

    def save(self, report: int, texts: dict[str, str], user: User | None = None, **more: str) -> SaveResult:
        """Types these texts on top of whatever is stored now."""
        who = user or self.cast.commune_officer
        versions = {value.element.code: value.version for value in Value.objects.filter(report=report)}
        changes = [CellChange(code, versions.get(code, 0), text) for code, text in texts.items()]
        return actions.save_cells(by=who, scope=scope_of(who), report=report, changes=changes, **more)

    def ready(self, period: str = PERIOD, texts: dict[str, str] | None = None) -> int:
        report = self.open(period=period)
        self.save(report, texts or FULL)
        officer = self.cast.commune_officer
        actions.say_ready(by=officer, scope=scope_of(officer), report=report)
        return report

    def submitted(self, period: str = PERIOD, texts: dict[str, str] | None = None) -> int:
        report = self.ready(period, texts)
        leader = self.cast.commune_leader
        actions.submit(by=leader, scope=scope_of(leader), report=report)
        return report

    def accepted(self, period: str = PERIOD, texts: dict[str, str] | None = None) -> int:
        report = self.submitted(period, texts)
        actions.accept(by=self.cast.office, scope=scope_of(self.cast.office), report=report)
        return report

    def change(self, report: int, *changes: CellChange, **more: str) -> SaveResult:
        """Saves exactly these changes, with the versions they say they are based on."""
        officer = self.cast.commune_officer
        return actions.save_cells(by=officer, scope=scope_of(officer), report=report, changes=changes, **more)

    def say_ready(self, report: int, seen_version: int | None = None) -> actions.Outcome:
        officer = self.cast.commune_officer
        return actions.say_ready(
            by=officer, scope=scope_of(officer), report=report, seen_version=seen_version
        )

    def submit(self, report: int, key: str = "", who: str = "commune_leader") -> actions.Outcome:
        user = getattr(self.cast, who)
        return actions.submit(by=user, scope=scope_of(user), report=report, key=key)

    def give_back(self, report: int, reasons: dict[str, str]) -> actions.Outcome:
        user = self.cast.office
        return actions.return_report(by=user, scope=scope_of(user), report=report, reasons=reasons)

    def detail(self, period: str = PERIOD, code: str = "24505") -> queries.ReportDetail:
        return queries.detail(self.world.place(code), FORM, periods.parse(period), "vi")
