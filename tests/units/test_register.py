"""The list of units: counts, dated history, idempotence, search, corrections that cannot be applied."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from haicap.audit.queries import history
from haicap.core.clock import frozen
from haicap.core.errors import Refusal
from haicap.units import queries
from haicap.units.actions import RegisterReport, load_register
from haicap.units.states import Level

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _today() -> object:
    with frozen("2026-11-25T09:00"):
        yield


def kinds(on: date) -> Counter[str]:
    return Counter(c.kind for p in queries.provinces(on) for c in queries.communes(p.id, on))


def test_counts_of_today(register: RegisterReport) -> None:
    assert len(queries.provinces()) == 34
    assert kinds(TODAY) == {"xa": 2611, "phuong": 697, "dac_khu": 13}
    assert Counter(p.kind for p in queries.provinces()) == {"thanh_pho": 7, "tinh": 27}


def test_counts_before_the_city_of_dong_nai_and_before_the_reform(register: RegisterReport) -> None:
    assert kinds(date(2026, 4, 29)) == {"xa": 2621, "phuong": 687, "dac_khu": 13}
    assert kinds(date(2025, 6, 30)) == {"xa": 7692, "phuong": 1726, "thi_tran": 617, "huyen": 5}
    assert len(queries.provinces(date(2025, 6, 30))) == 63


def test_dong_nai_became_a_city_and_kept_its_parts(register: RegisterReport) -> None:
    before = queries.by_code("75", date(2026, 4, 29), level=Level.PROVINCE)
    after = queries.by_code("75", date(2026, 4, 30), level=Level.PROVINCE)
    assert (before.full_name, after.full_name) == ("Tỉnh Đồng Nai", "Thành phố Đồng Nai")
    assert before.id != after.id
    assert before.valid_to == after.valid_from == date(2026, 4, 30)
    for province in (before, after):
        assert len(queries.communes(province.id, date(2026, 4, 29))) == 95
        assert len(queries.communes(province.id, TODAY)) == 95
    wards = {c.code for c in queries.communes(after.id) if c.valid_from == date(2026, 4, 30)}
    assert wards == {
        "25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485",
    }  # fmt: skip


def test_ea_knuec_as_it_is_shown(register: RegisterReport) -> None:
    place = queries.by_code("24505")
    assert (place.name, place.full_name, place.name_en) == ("Ea Knuếc", "Xã Ea Knuếc", "Ea Knuec Commune")
    assert (place.kind, place.level, place.valid_from) == ("xa", 2, date(2025, 7, 1))
    assert place.area_km2 == 122.39
    assert place.population is not None
    province = queries.by_id(place.parent_id or 0)
    assert province.full_name == "Tỉnh Đắk Lắk"
    assert place.path == f"{province.path}{place.id}/"
    assert len(queries.communes(province.id)) == 102


def test_a_code_needs_its_day(register: RegisterReport) -> None:
    old, new = queries.by_code("24505", date(2025, 6, 30)), queries.by_code("24505", date(2025, 7, 1))
    assert old.id != new.id
    assert old.valid_to == new.valid_from
    assert queries.by_id(old.parent_id or 0).valid_to == date(2025, 7, 1)


def test_unknown_and_closed_codes_are_refused(register: RegisterReport) -> None:
    with pytest.raises(Refusal) as unknown:
        queries.by_code("99999")
    assert unknown.value.code == "unit.unknown"
    with pytest.raises(Refusal) as closed:
        queries.by_code("54", level=Level.PROVINCE)  # Phú Yên went into Đắk Lắk
    assert closed.value.code == "unit.closed"
    with pytest.raises(Refusal):
        queries.by_id(0)


def test_populations_of_dak_lak_add_up(register: RegisterReport) -> None:
    province = queries.by_code("66", level=Level.PROVINCE)
    people = [c.population for c in queries.communes(province.id)]
    assert len(people) == 102
    assert sum(p or 0 for p in people) == province.population == 3_346_853
    assert queries.by_code("00466").population is None


def test_uids_are_short_and_unique(register: RegisterReport) -> None:
    everything = queries.by_ids(range(1_000_000))
    uids = {place.uid for place in everything.values()}
    assert len(uids) == len(everything)
    assert all(len(uid) == 11 and uid[0].isalpha() for uid in uids)


def test_the_doubt_about_ba_che_is_told(register: RegisterReport) -> None:
    assert queries.by_code("06970").full_name == "Xã Ba Chẽ"
    assert any("06970" in doubt and "06978" in doubt for doubt in register.doubts)


def test_loading_again_changes_nothing(register: RegisterReport) -> None:
    version, events = queries.version(), len(history("units", 100))
    again = load_register(by="system:test")
    assert (again.created, again.updated, again.successions) == (0, 0, 0)
    assert again.unchanged == register.created
    assert queries.version() == version
    assert len(history("units", 100)) == events == 1


def test_same_units_as_the_published_list(register: RegisterReport, shared_data: Path) -> None:
    with (shared_data / "units" / "vn_units_3321.csv").open(encoding="utf-8") as file:
        published = {row["code"]: row for row in csv.DictReader(file)}
    ours = {c.code: c for p in queries.provinces() for c in queries.communes(p.id)}
    assert set(ours) ^ set(published) == {"06970", "06978"}
    for code in set(ours) & set(published):
        place, row = ours[code], published[code]
        assert place.kind == row["type"]
        assert queries.by_id(place.parent_id or 0).code == row["province_code"]


def test_search_folds_marks_and_ranks_exact_ones_first(register: RegisterReport) -> None:
    assert queries.search("ea knuec")[0].code == "24505"
    assert queries.search("24505")[0].code == "24505"
    assert queries.search("Tuy Hoà")[0].code == "22015"
    names = [p.name for p in queries.search("Đường", limit=50)]
    marked = [i for i, name in enumerate(names) if "đường" in name.lower()]
    unmarked = [i for i, name in enumerate(names) if "đường" not in name.lower()]
    assert marked
    assert unmarked
    assert max(marked) < min(unmarked)
    dak_lak = queries.by_code("66", level=1)
    assert all(p.path.startswith(dak_lak.path) for p in queries.search("ea", within=dak_lak.id, limit=100))
    assert queries.search("  ") == []


def test_subtree(register: RegisterReport) -> None:
    dak_lak = queries.by_code("66", level=1)
    assert len(queries.subtree_ids(dak_lak.id)) == 103
    assert len(queries.subtree_ids(queries.country().id)) == 1 + 34 + 3321
