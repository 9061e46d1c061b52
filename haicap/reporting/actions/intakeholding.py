"""Which reports without approval are held: nobody will look at them before they become facts, so they are
kept as drafts while a hard check is broken or a required cell is blank."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils import translation
from django.utils.translation import gettext

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import spoken
from haicap.core import numbers

from ..models import Value
from ..policies.divided import is_filled, whole
from ..policies.taken import BLANK, Figure
from ..queries.derived import Cells as SystemCells
from ..queries.derived import by_report, standing, system_figures
from .intakejudging import Group
from .intakerules import Rules

# SQLite takes 32,766 parameters at most.
PER_QUERY = 2_000
OFFICIAL = "official"
Cells = dict[int, dict[tuple[str, str], Figure]]
"""element id → (split, attribution) → what stands there"""


def kept_back(groups: Sequence[Group], rules: Rules, lang: str) -> dict[int, str]:
    """id() of a group → why its report is held, in the language of the batch."""
    asked = [
        one for one in groups
        if not one.form.approval and (rules.hard(one.form) or rules.required(one.form))
    ]  # fmt: skip
    stored, counted = _stored(asked, rules), counted_for(asked)
    found = {}
    for group in asked:
        cells = stored[group.report.pk] if group.report.pk is not None else defaultdict(dict)
        system = standing(counted, group.report)
        for (element, split, attribution, scenario), _id, _version, _before, after, _why in group.writes:
            if scenario == OFFICIAL:
                cells[element][split, attribution] = after
        for element, one in system.items():
            cells[element]["", ""] = (one.shown, "", "")
        if words := "; ".join(_words(group, cells, rules, lang)):
            found[id(group)] = words
    return found


def counted_for(groups: Sequence[Group]) -> SystemCells:
    """What the system counted for the cells of these reports. One query, none where it counts nothing."""
    own = [one for one in groups if one.form.counted]
    if not own:
        return {}
    book = catalogue.current().elements
    elements = {book[code].id for one in own for code in one.form.counted}
    units, keys = {one.key[0] for one in own}, {one.key[2] for one in own}
    return by_report(system_figures(units, keys, elements))


def _words(group: Group, cells: Cells, rules: Rules, lang: str) -> Iterator[str]:
    """The first hard check that is broken, and how many required cells are blank."""
    for check, comparison, elements in rules.hard(group.form):
        values = {
            one.code: whole(one, {s: figure[0] for (s, by), figure in cells[one.id].items() if not by})
            for one in elements
        }
        if comparison.holds(values) is False:
            yield spoken(check.labels, lang)
            break
    blank = sum(
        not is_filled(one, {split for (split, _by), figure in cells[one.id].items() if figure != BLANK})
        for one in rules.required(group.form)
    )
    if blank:
        with translation.override(lang):
            yield gettext("Còn %(n)s ô bắt buộc để trống.") % {"n": numbers.format(blank, lang)}


def _elements(group: Group, rules: Rules) -> set[int]:
    """Of which elements anything is asked."""
    checked = {one.id for _check, _comparison, elements in rules.hard(group.form) for one in elements}
    return checked | {one.id for one in rules.required(group.form)}


def _stored(groups: Sequence[Group], rules: Rules) -> dict[int, Cells]:
    """Report → the official figures that stand there; text that was refused in the grid counts as nothing."""
    reports = [one.report.pk for one in groups if one.report.pk is not None]
    by_form = {id(one.form): one for one in groups}.values()
    wanted = {element for one in by_form for element in _elements(one, rules)}
    found: dict[int, Cells] = defaultdict(lambda: defaultdict(dict))
    for first in range(0, len(reports), PER_QUERY):
        rows = Value.objects.filter(
            report_id__in=reports[first : first + PER_QUERY], element_id__in=wanted, scenario=OFFICIAL
        ).exclude(origin="declared")
        fields = (
            "report_id",
            "element_id",
            "split",
            "attribution",
            "number",
            "no_figure_reason",
            "text",
            "raw",
        )
        for report, element, split, attribution, number, reason, text, raw in rows.values_list(*fields):
            found[report][element][split, attribution] = BLANK if raw else (number, reason, text)
    return found
