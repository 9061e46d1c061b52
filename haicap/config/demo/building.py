"""Build the demo: people, every period since reporting began, and the published figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form
from haicap.config.demo import dossiers, earlier, people, questions
from haicap.config.demo.chance import uniform
from haicap.config.demo.figures import Setting, figures
from haicap.config.demo.lives import Sheet, life
from haicap.config.demo.mark import BY, check_may_build
from haicap.config.demo.people import Cast
from haicap.config.demo.profile import Profile, read
from haicap.config.published import load_figures
from haicap.core import clock, periods
from haicap.core.periods import Kind, Period
from haicap.reporting import actions as reporting
from haicap.reporting.actions.importrows import ImportedReport
from haicap.reporting.queries import expected
from haicap.units import queries as units
from haicap.units.places import Place

PROVINCE = "66"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Stage:
    profile: Profile
    cast: Cast
    now: datetime
    silent: frozenset[int]


def build(packs: Path, password: str, say: Say, since: date | None = None) -> None:
    """Idempotent: what is there stays, what is missing is added; `since` leaves out older periods.

    Refusal demo.real where real people have accounts.
    """
    check_may_build()
    province = units.by_code(PROVINCE, level=1)
    communes = units.communes(province.id)
    profile = read(packs / "dak-lak" / "demo.yaml")
    say(_("Tài khoản minh họa cho %(n)s xã, phường") % {"n": len(communes)})
    cast = people.settle(BY, province, communes, password)
    stage = Stage(profile, cast, clock.now(), _silent(communes, profile))
    # forms of another system's tree have no invented life
    for form in [one for one in catalogue.current().forms.values() if one.owner_unit_id == province.id]:
        for period in _closed(form, since):
            done = reporting.bulk_import(by=BY, rows=list(_reports(form, period, stage)), door="demo")
            reporting.open_period(by=BY, form=form.code, period=period.key)
            told = {"form": form.code, "period": period.key, "n": done.reports, "values": done.values}
            say(_("%(form)s %(period)s: %(n)s báo cáo, %(values)s số") % told)
    if since is None and units.provinces(periods.parse(earlier.FIRST).last_day):
        say(earlier.build(BY, packs, profile, stage.now))
    say(dossiers.settle(BY, province, communes, profile.counted))
    say(questions.settle(BY, packs, province, communes))
    say(_("Số liệu đã công bố, có nguồn"))
    load_figures(BY, packs / "published")


def _closed(form: Form, since: date | None) -> list[Period]:
    assert form.first_day is not None
    begun = max(form.first_day, since) if since else form.first_day
    first = periods.containing(begun, form.kind, form.rule)
    last = periods.last_closed(form.kind, clock.today(), form.rule)
    return periods.span(first, last) if first.start <= last.start else []


def _silent(communes: Sequence[Place], profile: Profile) -> frozenset[int]:
    """Those that have not sent their last month: the weakest by lot, and the commune of the first story."""
    ranked = sorted(communes, key=lambda place: uniform("silent", place.code))
    chosen = [place for place in ranked if place.code not in {story.unit for story in profile.stories}]
    count = int(profile.lives["silent_in_last"]) - len(profile.open_in_last)
    opened = [place.id for place in communes if place.code in profile.open_in_last]
    return frozenset([*opened, *(place.id for place in chosen[:count])])


def _reports(form: Form, period: Period, stage: Stage) -> Iterator[ImportedReport]:
    last = periods.last_closed(form.kind, clock.today(), form.rule)
    back = len(periods.span(period, last)) - 1
    sheet = Sheet(form.code, calendar.deadline(form, period), stage.now)
    for place in expected(form, period):
        hands = stage.cast.communes.get(place.id)
        if hands is None or (back == 0 and form.kind is Kind.MONTH and place.id in stage.silent):
            continue
        setting = Setting(place, period, back)
        numbers = figures(form.elements, _copied(setting, form, stage.profile), stage.profile)
        found = life(sheet, setting, hands, numbers, _undisturbed(setting, stage.profile))
        if found is not None:
            yield found


def _undisturbed(setting: Setting, profile: Profile) -> Profile:
    """A story in a report that never came, or was sent back, could not be seen."""
    if not any(one.unit == setting.place.code and setting.back < one.last for one in profile.stories):
        return profile
    return replace(profile, lives={**profile.lives, "never_sent": 0.0, "sent_back": 0.0})


def _copied(setting: Setting, form: Form, profile: Profile) -> Setting:
    """The story of the copied form: the last month repeats the figures of the month before."""
    for story in profile.stories:
        if (story.unit, story.copy_form) == (setting.place.code, form.code) and setting.back < story.last:
            before = periods.shift(setting.period, -1)
            return Setting(setting.place, before, setting.back + 1)
    return setting
