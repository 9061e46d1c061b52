"""One foreign file on the desk of one person: what the pages ask of it again and again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope, scope_in
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Catalogue, Form, spoken
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.tables.books import label_text
from haicap.tables.layout import Layout
from haicap.units import queries as units
from haicap.units.queries import Place
from haicap.units.states import Level

from .. import permissions, queries
from ..policies import mapping, matching, workflow
from ..policies.mapping import Lines, Plan, Target
from ..policies.matching import NOTHING, Choice, How, Match
from ..presenters import mapping as shown
from ..presenters import mappingjoin as joined
from ..presenters import words
from ..queries import foreign
from ..queries.foreign import Kept, Opened


@dataclass(frozen=True)
class Desk:
    scope: Scope
    file: Opened

    @cached_property
    def catalogue(self) -> Catalogue:
        return catalogue.current()

    @cached_property
    def kept(self) -> list[Kept]:
        return foreign.kept_for(self.file.owner_id)

    @cached_property
    def form(self) -> Form:
        return catalogue.form(self.file.plan.form)

    @cached_property
    def period(self) -> Period:
        return workflow.check_period(self.form, self.file.plan.period)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Units whose figures this person may bring, as of the period, or of today while none is chosen."""
        day = self.period.last_day if self.file.plan.form and self.file.plan.period else clock.today()
        return permissions.foreign_reach(self.scope, day)

    @property
    def form_title(self) -> str:
        return f"{self.form.code} · {spoken(self.form.labels, words.lang())}"

    def choices(self) -> list[tuple[Form, list[Period]]]:
        return queries.open_forms(clock.now(), [place.id for place in self.places])

    def recognised(self, layout: Layout) -> shown.Recognised | None:
        headings = {column.index: matching.heading_of(column) for column in layout.columns}
        return shown.recognised(layout, self.kept, self.file.source, headings)

    def known(self, layout: Layout) -> Kept | None:
        """The kept mapping whose heading is this one."""
        found = self.recognised(layout)
        return found.kept if found is not None and found.same else None

    def known_source(self) -> str:
        found = self.known(self.file.layout) if self.file.layout is not None else None
        return found.source if found else ""

    def proposed(self, layout: Layout, found: shown.Recognised | None) -> Plan:
        """What is filled in before a person decided anything: nothing but what is known from last time."""
        plan = Plan(sheet=self.file.sheet.name)
        if found is None:
            return plan
        last = Plan.read({name: found.kept.plan.get(name) for name in ("rows", "unit", "lang")})
        return replace(plan, form=found.kept.form, rows=last.rows, unit=last.unit, lang=last.lang)

    def begun(self, plan: Plan) -> Plan:
        """A plan whose unit is the only one there is, where there is only one."""
        return replace(plan, unit=self.places[0].code) if len(self.places) == 1 else plan

    def check_reading(self) -> Layout:
        """The layout, when everything that the first page asks is answered. Refusals mapping.*, period.*."""
        layout, plan = self.file.layout, self.file.plan
        if layout is None:
            raise Refusal("mapping.no_table", gettext_lazy("Trang tính này không có bảng số liệu."))
        if not plan.form or not plan.period:
            raise Refusal("mapping.no_form", gettext_lazy("Hãy chọn mẫu và kỳ báo cáo."), place="mau")
        period = self.period
        workflow.check_open(self.form, period, clock.now())
        mapping.check_period(layout, period, plan.sure_of_period)
        if plan.rows is Lines.SPLITS and plan.unit not in {place.code for place in self.places}:
            raise Refusal("mapping.no_unit", gettext_lazy("Hãy chọn đơn vị của bảng này."), place="xa")
        if not layout.data:
            raise Refusal("mapping.no_rows", gettext_lazy("Bảng này chưa có dòng số liệu nào."))
        return layout

    def row_matches(self, layout: Layout) -> tuple[dict[int, Match], tuple[Choice, ...]]:
        plan = self.file.plan
        choices = joined.row_choices(plan, self.form, self.catalogue, self.places, self.period)
        known = self.known(layout)
        kept = joined.kept_lines(known.plan) if known else {}
        code = layout.labels.code
        native = {row.index: layout.sheet.cell(row.index, code) for row in layout.rows} if code >= 0 else {}
        matches = matching.match_rows(list(mapping.rows_taken(layout, plan)), choices, kept, native)
        if plan.rows is Lines.UNITS and self.foreign_province(layout):
            # Names recur in every province: a file about another one is matched by code or by hand.
            matches = {index: NOTHING if one.how is How.NAME else one for index, one in matches.items()}
        return matches, choices

    def column_matches(self, layout: Layout) -> dict[int, Match]:
        known = self.known(layout)
        kept = {h: target.to for h, target in joined.kept_headings(known.plan).items()} if known else {}
        if self.file.plan.rows is Lines.ELEMENTS:
            choices = matching.unit_choices(self.places)
        else:
            choices = joined.element_choices(self.form, self.catalogue)
        return matching.match_columns(mapping.open_columns(layout), choices, kept)

    def columns(self, layout: Layout, plan: Plan) -> list[joined.ColumnJoin]:
        matches, kept = self.column_matches(layout), self.kept_targets(layout)
        return joined.columns(layout, plan, self.catalogue, self.period, matches, kept)

    def kept_targets(self, layout: Layout) -> dict[int, Target]:
        known = self.known(layout)
        kept = joined.kept_headings(known.plan) if known else {}
        found = {c.index: kept.get(matching.heading_of(c)) for c in mapping.open_columns(layout)}
        return {index: target for index, target in found.items() if target is not None}

    def column_options(self) -> list[tuple[str, list[tuple[str, str]]]]:
        if self.file.plan.rows is Lines.ELEMENTS:
            return [(_("Đơn vị"), [(place.code, place.full_name) for place in self.places])]
        return joined.options(self.form, self.catalogue)

    def split_options(self) -> list[tuple[str, str]]:
        if self.file.plan.rows is Lines.SPLITS:
            return []
        labels = self.labels()
        return [
            (one.code, labels.get(one.code, one.code))
            for one in joined.split_choices(self.form, self.catalogue)
        ]

    def labels(self) -> dict[str, str]:
        return joined.labels_of(self.file.plan, self.form, self.catalogue, self.places)

    def units_by_id(self) -> dict[int, Place]:
        return {place.id: place for place in self.places}

    def join_problem(self, layout: Layout, plan: Plan, wrong: Sequence[tuple[int, str]]) -> str:
        """Why the joins cannot be used yet, in words; "" when they can."""
        if wrong:
            told = ", ".join(f"{index + 1}: {text}" for index, text in wrong[:5])
            return _("Mã gõ ở các dòng sau không có trong danh sách: %(rows)s.") % {"rows": told}
        if not any(target.to for target in plan.columns.values()):
            return _("Chưa có cột nào được nối.")
        if not plan.lines:
            return _("Chưa có dòng nào được nối.")
        lines = joined.columns(layout, plan, self.catalogue, self.period, {}, {})
        return next((f"{line.letter} · {line.label}: {line.problem}" for line in lines if line.problem), "")

    def foreign_province(self, layout: Layout) -> str:
        """The province code that the file tells when it is not the one of this office; "" otherwise."""
        told = next(
            (label_text(v) for k, v in layout.parameters.items() if k.lower() in ("ma_tinh", "matinh")), ""
        )
        if not told:
            return ""
        home = units.by_id(self.file.owner_id)
        own = {home.code} | (
            {units.by_id(home.parent_id).code} if home.level == Level.COMMUNE and home.parent_id else set()
        )
        return "" if told in own or told.zfill(2) in own else told


def desk_of(request: HttpRequest, token: str) -> Desk:
    """Refusals mapping.not_yours, mapping.unknown (404)."""
    scope = scope_in(request)
    permissions.foreign_home(scope)
    return Desk(scope, foreign.opened(by=scope.ref, token=token))
