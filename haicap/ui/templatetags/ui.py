"""Components for every room's templates: `{% load ui %}`.

assets     {% asset "main.ts" %}  {% sprite %}  {% icon "search" %}  {% colour "paper" %}
bands      {% band value %} chip and word · {% band value "chip" %} chip that names itself
           {% band_word value %} · {% swatch value %}
figures    {{ x|number }} exact · {{ x|number:1 }} one decimal, half up · {{ unit|measure }}
           {% change delta 1 since="T9" %} arrow and size
periods    {{ p|period }} "Tháng 10/2026" · {{ p|window }} "15/9/2026 – 14/10/2026" · {{ at|moment }}
counters   {% counter band number rule=… delta=… since=… href=… active=… %} inside <div class="counters">
state      {% freshness at reported expected poll=url token=token stale=False %}
           {% empty title text href action %}
forms      {% error_summary form %}  {% field form.name %}
lists      {% pages page words %} for a Django Page; keeps the query string
           {% downloads "table" title %} CSV and Excel of a table, as haicap/tables/sheets.py answers them
map        {% legend bands provisional corner %}; the SVG of map.py and charts.py is printed as {{ map }}

None is printed as "–": missing is never zero.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, Form
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.core import clock, numbers, periods
from haicap.core.languages import digits, known
from haicap.ui import assets, charts, palette, symbols, wording
from haicap.ui.svg import Svg

register = template.Library()
NOTHING = "–"


def _lang() -> str:
    return known(get_language())


@register.simple_tag
def asset(name: str) -> str:
    """Link and script of a built entry point."""
    found = assets.entry(name)
    if found is None:
        return ""
    sheets = format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(s),) for s in found.styles))
    return format_html('{}\n<script type="module" src="{}"></script>', sheets, static(found.script))


@register.simple_tag
def sprite() -> Svg:
    return Svg(symbols.sprite())


@register.simple_tag
def icon(name: str) -> Svg:
    return symbols.icon(name)


@register.simple_tag
def swatch(band: str) -> Svg:
    return symbols.swatch(str(band))


@register.simple_tag
def colour(name: str) -> str:
    return palette.colour(name)


@register.simple_tag
def band(value: str, form: str = "") -> str:
    """Chip and word of a band; form "chip" leaves the word to the screen reader."""
    word = str(wording.band(value))
    if form == "chip":
        return symbols.chip(str(value), word=word)
    return format_html('<span class="band">{}<span>{}</span></span>', symbols.chip(str(value)), word)


@register.simple_tag
def band_word(value: str) -> str:
    return str(wording.band(value))


@register.filter
def number(value: Decimal | int | float | None, places: int | None = None) -> str:
    """A figure as the reader's language writes it; None is "–"."""
    if value is None or value == "":
        return NOTHING
    return numbers.format(Decimal(str(value)), _lang(), places)


@register.filter
def measure(unit: str) -> str:
    """The word for a unit of measure."""
    return str(wording.unit(unit))


@register.simple_tag
def change(delta: Decimal | int | None, places: int = 1, since: str = "") -> str:
    """Stemmed arrow and size of a change: falls bold, rises plain, 0 a line; None is "–"."""
    if delta is None:
        return format_html('<span class="change">{}</span>', NOTHING)
    size = numbers.format(delta if delta > 0 else -delta, _lang(), places)
    way = "up" if delta > 0 else "down" if delta < 0 else "same"
    word = {"up": _("tăng"), "down": _("giảm"), "same": _("không đổi")}[way]
    sign = symbols.icon("same" if way == "same" else f"{way}-arrow")
    tail = format_html(' <span class="change__since">{}</span>', _("so với %(period)s") % {"period": since})
    return format_html(
        '<span class="change change--{}">{}<span class="govuk-visually-hidden">{} </span>'
        "<span>{}{}</span></span>",
        way,
        sign,
        word,
        size,
        tail if since else "",
    )


@register.filter
def period(value: periods.Period) -> str:
    return periods.label(value, _lang())


@register.filter
def window(value: periods.Period) -> str:
    return periods.window_label(value, _lang())


@register.filter
def moment(value: datetime | None) -> str:
    """Local wall time, "07:30, 22/10/2026"."""
    if value is None:
        return NOTHING
    local = clock.local(value)
    return digits(f"{local:%H:%M}, {local.day}/{local.month}/{local.year}", _lang())


@register.inclusion_tag("ui/counter.html")
def counter(
    band: str,
    count: int,
    word: str = "",
    rule: str = "",
    delta: int | None = None,
    since: str = "",
    href: str = "",
    active: bool = False,
) -> dict[str, Any]:
    return {
        "band": band,
        "number": numbers.format(count, _lang(), 0),
        "word": word or wording.band(band),
        "rule": rule,
        "change": "" if delta is None else change(delta, 0, since),
        "href": href,
        "active": active,
    }


@register.inclusion_tag("ui/freshness.html")
def freshness(
    at: datetime | None,
    reported: int = 0,
    expected: int = 0,
    poll: str = "",
    token: str = "",
    stale: bool = False,
) -> dict[str, Any]:
    """When the figures were made and how many units they cover."""
    share = reported / expected if expected else 0.0
    lang = _lang()
    return {
        "at": at,
        "at_words": moment(at),
        "expected": expected,
        "reported_words": numbers.format(reported, lang),
        "expected_words": numbers.format(expected, lang),
        "share_words": numbers.format(Decimal(100 * reported) / max(1, expected), lang, 1),
        "meter": charts.meter(share),
        "poll": poll,
        "token": token,
        "stale": stale,
    }


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: Form) -> dict[str, Any]:
    return {"form": form}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One control with label, hint and errors, tied together for screen readers."""
    kind = getattr(bound.field.widget, "input_type", "textarea")
    look = {"select": "govuk-select", "textarea": "govuk-textarea"}.get(kind, "govuk-input")
    told = [f"{bound.auto_id}-hint"] * bool(bound.help_text) + [f"{bound.auto_id}-error"] * bool(bound.errors)
    attrs: dict[str, str | bool] = {"class": f"{look} {look}--error" if bound.errors else look}
    if told:
        attrs["aria-describedby"] = " ".join(told)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {"field": bound, "control": bound.as_widget(attrs=attrs)}


@register.inclusion_tag("ui/empty.html")
def empty(title: str, text: str = "", href: str = "", action: str = "", sign: str = "list") -> dict[str, Any]:
    """What will appear here and how."""
    return {"title": title, "text": text, "href": href, "action": action, "sign": sign}


@register.inclusion_tag("ui/pages.html", takes_context=True)
def pages(context: dict[str, Any], page: Page[Any], words: str = "", name: str = "trang") -> dict[str, Any]:
    """Previous and next of a Django Page, with the rest of the address kept."""

    def address(to: int) -> str:
        query = context["request"].GET.copy()
        query[name] = str(to)
        return f"?{query.urlencode()}"

    return {
        "words": words,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/downloads.html", takes_context=True)
def downloads(context: dict[str, Any], table: str = "", what: str = "", base: str = "") -> dict[str, Any]:
    """CSV and Excel of one table of the page, with the rest of the address kept; `what` names it to those who
    hear the page. `base`: the address of the page where it was reached by sending a form."""
    path, _mark, query = base.partition("?")
    asked = QueryDict(query, mutable=True) if base else context["request"].GET.copy()
    asked.pop("trang", None)
    if table:
        asked["bang"] = table
    else:
        asked.pop("bang", None)
    found = []
    for ending, label in (("csv", "CSV"), ("xlsx", "Excel")):
        asked["tai"] = ending
        found.append((label, f"{path}?{asked.urlencode()}"))
    return {"files": found, "what": what}


@register.inclusion_tag("ui/legend.html")
def legend(bands: str, provisional: bool = False, corner: bool = False) -> dict[str, Any]:
    """Key of a map; `bands` separated by spaces."""
    return {"bands": bands.split(), "provisional": provisional, "corner": corner}
