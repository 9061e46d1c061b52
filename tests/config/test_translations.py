"""The tool that reads msgids: what it finds is what gettext is asked for; what is wrong is named."""

from pathlib import Path

import pytest

from haicap.config.translations import catalogues
from haicap.config.translations.extract import Message, Use, of_python, of_template

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def messages(uses: object) -> list[Message]:
    return [use.message for use in uses if not use.problem]  # type: ignore[attr-defined]


def test_python() -> None:
    source = """
from django.utils.translation import gettext as _, gettext_lazy, npgettext, pgettext
from django.utils import translation
from other import gettext as not_ours
a = _("một" " dòng")
b = gettext_lazy("hai")
c = pgettext("tháng", "ba")
d = npgettext("x", "%(n)s xã", "%(n)s các xã", 3)
e = translation.gettext("bốn")
f = not_ours("năm")
g = _(label)
"""
    assert messages(of_python(source, "r/x.py")) == [
        Message("một dòng"),
        Message("hai"),
        Message("ba", "", "tháng"),
        Message("%(n)s xã", "%(n)s các xã", "x"),
        Message("bốn"),
    ]


@pytest.mark.parametrize("call", ['_(f"xã {n}")', '_("xã " + name)', '_("xã %s" % name)'])
def test_a_text_put_together_is_a_problem(call: str) -> None:
    source = f"from django.utils.translation import gettext as _\nx = {call}\n"
    (found,) = of_python(source, "r/x.py")
    assert found.problem
    assert found.place == "r/x.py:2"


def test_templates() -> None:
    source = """{% load i18n %}
{% translate "Kỳ" %}{% translate 'Tỷ lệ 100%' as x %}{% translate "Quý" context "thời gian" %}
{% if a %}{% for b in c %}
{% blocktranslate with n=b.n %}Có {{ n }} xã{% endblocktranslate %}
{% endfor %}{% endif %}
{% blocktranslate trimmed count n=a %}
  Một
  xã
{% plural %}
  {{ n }} xã
{% endblocktranslate %}
{% with t=_("Bộ lọc") %}{{ _("Tìm")|upper }}{{ t }}{% endwith %}
{% translate variable %}
"""
    found = messages(of_template(source, "r/templates/x.html"))
    assert sorted(found) == sorted(
        [
            Message("Kỳ"),
            Message("Tỷ lệ 100%%"),
            Message("Quý", "", "thời gian"),
            Message("Có %(n)s xã"),
            Message("Một xã", "%(n)s xã"),
            Message("Bộ lọc"),
            Message("Tìm"),
        ]
    )


def test_a_block_over_lines_must_be_trimmed() -> None:
    (found,) = of_template("{% load i18n %}\n{% blocktranslate %}a\n b{% endblocktranslate %}", "x")
    assert found == Use(Message(""), "x:2", "blocktranslate over several lines needs “trimmed”")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    room = tmp_path / "desk"
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "views.py").write_text(
        'from django.utils.translation import gettext as _\na = _("Lưu")\nb = _("Còn %(n)s xã")\n', "utf-8"
    )
    translate(room, "bn", {"Lưu": "সংরক্ষণ", "Còn %(n)s xã": "%(n)s কমিউন বাকি"})
    translate(room, "en", {"Lưu": "Save", "Còn %(n)s xã": "%(n)s communes left"})
    return room


def translate(room: Path, language: str, words: dict[str, str], extra: str = "") -> None:
    path = catalogues.po_path(room, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = [f'msgid "{key}"\nmsgstr "{value}"\n' for key, value in words.items()]
    path.write_text(HEADER + "\n".join([*entries, extra]), "utf-8")


def problems(room: Path) -> list[str]:
    return list(catalogues.problems(room.parent))


def test_complete(room: Path) -> None:
    assert problems(room) == []


@pytest.mark.parametrize(
    ("words", "extra", "expected"),
    [
        ({"Lưu": "Save"}, "", "missing 'Còn %(n)s xã'"),
        ({"Lưu": "", "Còn %(n)s xã": "%(n)s left"}, "", "empty 'Lưu'"),
        ({"Lưu": "Save", "Còn %(n)s xã": "%(n)s left", "Cũ": "Old"}, "", "left over 'Cũ'"),
        ({"Lưu": "Save", "Còn %(n)s xã": "%(n)s left"}, '#~ msgid "Cũ"\n#~ msgstr "Old"\n', "left over 'Cũ'"),
        (
            {"Còn %(n)s xã": "%(n)s left"},
            '#, fuzzy\nmsgid "Lưu"\nmsgstr "Save"\n',
            "marked as doubtful 'Lưu'",
        ),
        ({"Lưu": "Save", "Còn %(n)s xã": "%(m)s left"}, "", "placeholders of 'Còn %(n)s xã' differ"),
        ({"Lưu": "Save", "Còn %(n)s xã": "some left"}, "", "placeholders of 'Còn %(n)s xã' differ"),
    ],
)
def test_what_is_wrong_is_named(room: Path, words: dict[str, str], extra: str, expected: str) -> None:
    translate(room, "en", words, extra)
    (found,) = problems(room)
    assert found.startswith(f"desk/en: {expected}")


def test_a_missing_catalogue(room: Path) -> None:
    catalogues.po_path(room, "bn").unlink()
    assert problems(room) == ["desk/bn: no catalogue, 2 messages are used"]


def test_two_rooms_that_disagree(room: Path) -> None:
    other = room.parent / "units"
    other.mkdir()
    (other / "__init__.py").write_text(
        'from django.utils.translation import gettext as _\na = _("Lưu")\n', "utf-8"
    )
    translate(other, "en", {"Lưu": "Store"})
    translate(other, "bn", {"Lưu": "সংরক্ষণ"})
    (found,) = problems(room)
    assert found.startswith("en: 'Lưu' is said in two ways")


def test_compiling_writes_what_is_newer_and_only_that(room: Path) -> None:
    assert catalogues.compile_all(room.parent) == 2
    assert catalogues.compile_all(room.parent) == 0
    assert catalogues.po_path(room, "bn").with_suffix(".mo").stat().st_size > 100


def test_the_skeleton_of_what_is_missing(room: Path) -> None:
    translate(room, "en", {"Lưu": "Save"})
    ((message, place),) = catalogues.missing(room, "en")
    assert catalogues.skeleton(message, place) == (
        '#: desk/views.py:3\n#, python-format\nmsgid "Còn %(n)s xã"\nmsgstr ""\n'
    )
