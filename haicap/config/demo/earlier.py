"""The months before 1 July 2025: invented reports of the old communes that some of today's were made of."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from haicap.catalogue import actions as catalogue_actions
from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form
from haicap.config.demo.figures import Setting, figures
from haicap.config.demo.lives import Hands, Sheet, life
from haicap.config.demo.profile import Profile
from haicap.core import periods
from haicap.core.periods import Period
from haicap.reporting import actions as reporting
from haicap.reporting.actions.importrows import ImportedReport
from haicap.reporting.queries import expected
from haicap.units import lineage
from haicap.units.places import Place

PACK = "dak-lak-2025"
FORM = "CQS-T-2025"
FIRST = "2025-01"
# Nobody of the demo held a position in a commune that no longer exists: the signatures name functions.
HANDS = Hands("demo:cong-chuc-xa-cu", "demo:lanh-dao-xa-cu", "demo:van-phong-tinh-cu")


def build(by: str, packs: Path, profile: Profile, now: datetime) -> str:
    """Idempotent; returns a sentence that tells what is there. Refusal unit.closed where the register was
    loaded without the old communes."""
    catalogue_actions.load_pack(by=by, path=packs / PACK)
    form = catalogue.form(FORM)
    reports = values = 0
    for period in _periods(form):
        rows = list(_reports(form, period, profile, now))
        done = reporting.bulk_import(by=by, rows=rows, door="demo")
        reporting.open_period(by=by, form=form.code, period=period.key)
        reports += done.reports
        values += done.values
    told = {"form": FORM, "n": reports, "values": values}
    return _("%(form)s, các xã trước ngày 1/7/2025: %(n)s báo cáo, %(values)s số") % told


def _periods(form: Form) -> list[Period]:
    assert form.first_day is not None
    assert form.obliged_to is not None
    first = periods.containing(form.first_day, form.kind, form.rule)
    last = periods.last_closed(form.kind, form.obliged_to, form.rule)
    return periods.span(first, last)


def _reports(form: Form, period: Period, profile: Profile, now: datetime) -> Iterator[ImportedReport]:
    sheet = Sheet(form.code, calendar.deadline(form, period), now)
    # every commune sends every month: a gap would hide what the series is to show
    lives = {**profile.lives, "never_sent": 0.0, "no_figure": 0.0, "late": 0.0}
    for place in expected(form, period):
        setting = Setting(_sized(place), period, back=len(_periods(form)))
        numbers = figures(form.elements, setting, replace(profile, stories=()))
        found = life(sheet, setting, HANDS, numbers, replace(profile, lives=lives))
        if found is not None:
            yield found


def _sized(place: Place) -> Place:
    """An old commune with its part of the people and the area of what it became: equal parts."""
    heirs = lineage.successors(place.id)
    parts = [lineage.predecessors(link.new.id) for link in heirs]
    people = sum(
        (link.new.population or 15_000) // len(part) for link, part in zip(heirs, parts, strict=True)
    )
    area = sum((link.new.area_km2 or 100.0) / len(part) for link, part in zip(heirs, parts, strict=True))
    return replace(place, population=max(people // len(heirs), 1), area_km2=area / len(heirs))
