"""Components as templates use them."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from haicap.core import periods
from haicap.ui.charts import spark
from haicap.ui.map import hexmap


def render(text: str, lang: str = "vi", **context: object) -> str:
    with override(lang):
        return Template("{% load ui %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("lang", "shown"), [("vi", "1.234.567,3"), ("en", "1,234,567.3"), ("bn", "১২,৩৪,৫৬৭.৩")]
)
def test_numbers_in_the_readers_writing(lang: str, shown: str) -> None:
    assert render("{{ x|number:1 }}", lang, x=Decimal("1234567.25")) == shown


def test_missing_is_a_dash_and_zero_is_zero() -> None:
    assert render("{{ x|number }}", x=None) == "–"
    assert render("{{ x|number }}", x=0) == "0"
    assert render("{{ x|number:1 }}", x=Decimal(0)) == "0,0"
    assert "–" in render("{% change x %}", x=None)


def test_changes_say_their_direction_in_words() -> None:
    up, down = render("{% change x %}", x=Decimal("1.25")), render("{% change x %}", x=Decimal("-8.1"))
    assert "change--up" in up
    assert "tăng" in up
    assert "1,3" in up
    assert "change--down" in down
    assert "giảm" in down
    assert "8,1" in down
    assert "-8" not in down
    assert "không đổi" in render("{% change x %}", x=Decimal(0))
    assert "so với T9" in render('{% change x 1 "T9" %}', x=Decimal(1))


def test_band_has_a_word_or_names_itself() -> None:
    assert "Chưa báo cáo" in render("{% band 'not_reported' %}")
    alone = render("{% band 'red' 'chip' %}")
    assert 'role="img"' in alone
    assert 'aria-label="Đỏ"' in alone


def test_periods_and_moments() -> None:
    month = periods.parse("2026-10")
    assert render("{{ p|period }}", p=month) == periods.label(month, "vi")
    assert render("{{ p|window }}", p=month) == periods.window_label(month, "vi")
    at = datetime(2026, 10, 22, 0, 30, tzinfo=ZoneInfo("UTC"))
    assert render("{{ at|moment }}", at=at) == "07:30, 22/10/2026"
    assert render("{{ at|moment }}", at=None) == "–"


def test_svg_is_printed_and_text_is_escaped() -> None:
    assert "<svg" in render("{{ m }}{{ s }}", m=hexmap([]), s=spark([1, 2]))
    assert "&lt;b&gt;" in render("{{ m }}", m="<b>")


def test_counter_filters() -> None:
    linked = render('{% counter "red" 12 delta=3 since="T9" href="?muc=red" %}')
    assert 'href="?muc=red"' in linked
    assert "12" in linked
    assert "so với T9" in linked
    assert 'aria-current="true"' in render('{% counter "red" 12 href="?" active=True %}')
    assert "<a" not in render('{% counter "red" 12 %}')


def test_freshness_without_figures_says_so() -> None:
    assert "Chưa có số liệu" in render("{% freshness at %}", at=None)
    shown = render(
        "{% freshness at 95 102 poll='/x/' token='7' %}", at=datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    )
    assert "95/102" in shown
    assert "93,1" in shown
    assert 'data-poll="/x/"' in shown


class Person(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Viết đủ.")


def test_errors_are_tied_to_their_field() -> None:
    form = Person({})
    shown = render("{% error_summary f %}{% field f.name %}", f=form)
    assert 'href="#id_name"' in shown
    assert 'aria-describedby="id_name-hint id_name-error"' in shown
    assert 'aria-invalid="true"' in shown
    clean = render("{% error_summary f %}{% field f.name %}", f=Person())
    assert "govuk-error-summary" not in clean
    assert 'aria-describedby="id_name-hint"' in clean


def test_pages_keep_the_rest_of_the_address() -> None:
    page = Paginator(range(30), 10).page(2)
    shown = render("{% pages p 'x' %}", p=page, request=RequestFactory().get("/?ky=2026-10&trang=2"))
    assert "?ky=2026-10&amp;trang=1" in shown
    assert "?ky=2026-10&amp;trang=3" in shown
    first = render("{% pages p %}", p=Paginator([1], 10).page(1), request=RequestFactory().get("/"))
    assert "<a" not in first
