"""Whatever stands in the address: a page, or a refusal in words; never an error of the program."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haicap.catalogue.queries import current
from haicap.core.errors import Refusal
from haicap.desk import choices
from haicap.ui import wording
from tests.desk.conftest import Browser
from tests.world import Land

pytestmark = [pytest.mark.once, pytest.mark.django_db]

PATHS = ("/tinh/66/", "/xa/24505/", "/ca-nuoc/", "/tinh/01/")
BAD_PERIODS = (
    "2026-13",
    "2026-00",
    "2026-Q5",
    "abc",
    "0000-01",
    "-5",
    "9999",
    "1900-01",
    "2200-01",
    "2026-10-99",
    "２０２６-10",
    "2026-10 ",
    "x" * 5000,
    "💥",
    "2026-10'; DROP TABLE",
)
NAMES = ("ky", "chi-tieu", "loai", "muc", "xa", "vi-sao", "xem", "tat-ca", "wall", "tai")


@pytest.mark.parametrize("key", BAD_PERIODS)
def test_a_period_that_is_none_is_refused_in_words(browser: Browser, key: str) -> None:
    client = browser("analyst_00")
    for path in PATHS:
        answer = client.get(path, {"ky": key})
        assert answer.status_code == 400, f"{path} {key}"
        page = answer.content.decode()
        assert 'role="alert"' in page
        assert "None" not in page


@pytest.mark.parametrize("code", ["CQ99", "cq06", "x" * 5000, "💥", "CQ06 ", "<script>alert(1)</script>"])
def test_an_unknown_indicator_is_refused_in_words(leader: Client, code: str) -> None:
    answer = leader.get("/tinh/66/", {"chi-tieu": code})
    assert answer.status_code == 400
    assert "Không có chỉ tiêu mang mã này" in answer.content.decode()
    assert "<script>alert(1)" not in answer.content.decode()


@pytest.mark.parametrize("name", ["loai", "muc", "xa", "vi-sao", "xem", "tat-ca", "wall", "tai", "khong-co"])
@pytest.mark.parametrize("value", ["", "xyz", "-1", "💥" * 400, "<b>", "24505'", "\x00"])
def test_other_nonsense_is_ignored(leader: Client, name: str, value: str) -> None:
    for path in PATHS[:2]:
        answer = leader.get(path, {name: value})
        assert answer.status_code == 200, f"{path} {name}={value[:20]!r}"


@pytest.mark.parametrize("key", ["2025-06", "1999", "2199-12", "2026-11", "2026-W07"])
def test_periods_without_figures_open_or_are_refused(browser: Browser, key: str) -> None:
    client = browser("analyst_00")
    for path in PATHS[:3]:
        for code in ("", "CB01", "KT07"):
            answer = client.get(path, {"ky": key, **({"chi-tieu": code} if code else {})})
            assert answer.status_code in (200, 400), f"{path} {key} {code}"
            if answer.status_code == 400:
                assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("unit", ["24505", "22015", "24133"])
def test_every_indicator_of_every_unit_can_be_explained(leader: Client, rough: Land, unit: str) -> None:
    """Also where nothing was sent, and for periods in which no report exists at all."""
    for code in list(rough.catalogue.indicators)[:: 1 if unit == "24505" else 5]:
        page = leader.get("/tinh/66/", {"chi-tieu": code, "xa": unit})
        assert page.status_code == 200, code
        assert 'id="vi-sao"' in page.content.decode(), code
    for key in ("2026-10", "2025-07", "2026-11"):
        for code in ("CQ01", "CQ02", "CQ06", "CQ15", "KT07", "CB01"):
            page = leader.get(f"/xa/{unit}/", {"ky": key, "vi-sao": code})
            assert page.status_code == 200, f"{key} {code}"
            assert 'id="vi-sao"' in page.content.decode()


words = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "2026-10",
            "2026-Q3",
            "2026-H1",
            "2025",
            "2026-07-01..2026-10-08",
            "2026-10-15",
            "CQ06",
            "SCORE",
            "CB01",
            "24505",
            "22015",
            "66",
            "phuong",
            "dac_khu",
            "red",
            "no_denominator",
            "ranh-gioi",
            "csv",
            "xlsx",
            "svg",
        ]
    ),
    st.text(max_size=30),
    st.integers().map(str),
    st.dates().map(lambda day: day.isoformat()[:7]),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pairs=st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=6), data=st.data())
def test_no_address_is_an_error(leader: Client, pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(["/tinh/66/", "/xa/24505/", "/ca-nuoc/", "/tinh/01/", "/tim/", "/"]))
    query = urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in pairs])
    answer = leader.get(f"{path}?{query}", headers=data.draw(st.sampled_from([{}, {"HX-Request": "true"}])))
    assert answer.status_code in (200, 302, 400, 404), (path, pairs)
    if answer.status_code == 200 and not answer.streaming:
        text = answer.content.decode("utf-8", "replace")
        assert "Traceback" not in text


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=8))
def test_reading_an_address_twice_says_the_same(rough: Land, pairs: list[tuple[str, str]]) -> None:
    """The links of a page lead to the very choice they were made from."""
    catalogue = current()
    query = QueryDict(mutable=True)
    for name, value in pairs:
        if not any("\ud800" <= letter <= "\udfff" for letter in value):
            query[name] = value
    try:
        choice = choices.read(query, catalogue)
    except Refusal as refusal:
        if not wording.refusal(refusal):
            pytest.fail("a refusal without words")
        return
    again = choices.read(QueryDict(choice.address()[1:]), catalogue)
    assert again.address() == choice.address()
    assert (again.period, again.code, again.band, again.unit) == (
        choice.period,
        choice.code,
        choice.band,
        choice.unit,
    )
