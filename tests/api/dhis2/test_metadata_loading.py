"""haicap load dhis2: an export becomes units and definitions; what cannot is named."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from haicap.api.dhis2 import packs
from haicap.audit import queries as audit
from haicap.catalogue import formulas
from haicap.catalogue import queries as catalogue
from haicap.config.loading import load_dhis2
from haicap.core import clock, periods
from haicap.core.counts import Adds
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Rule
from haicap.reporting.queries.expected import expected
from haicap.units import queries as units
from haicap.units.actions import load_register
from tests.api.dhis2.export import (
    BORN,
    CLINIC,
    CLOSED,
    COUNTRY,
    DOSES,
    METADATA,
    MONTHLY,
    NORTH,
    OLD,
    OPEN,
    SMALL,
    SOUTH,
    STOCK,
    UNITS,
    changed,
    write,
)
from tests.cast import BY, World

Load = Callable[..., packs.Loaded]


@pytest.fixture
def load(world: World, tmp_path: Path) -> Load:
    def made(**files: Any) -> packs.Loaded:
        return packs.load(by=BY, folder=write(tmp_path / "given", **files))

    return made


def test_units_keep_their_uids_codes_and_dates(exported: packs.Loaded) -> None:
    clinic, closed, small = (units.by_uid(uid) for uid in (CLINIC, CLOSED, SMALL))
    assert (clinic.code, clinic.name, clinic.level) == ("K_1", "Phòng khám Bờ Sông", 2)
    assert clinic.valid_from == date(1999, 5, 1)
    assert closed.valid_to == date(2020, 7, 1)
    assert small.code == SMALL
    assert [place.uid for place in units.children(units.by_uid(COUNTRY).id)] == [NORTH, SOUTH]
    assert clinic.path.startswith(units.by_uid(NORTH).path)


def test_vietnam_does_not_notice_the_other_tree(exported: packs.Loaded, world: World) -> None:
    assert units.country().id == world["00"]
    assert {place.code for place in units.provinces()} == {"01", "66"}
    assert units.by_uid(CLINIC).id not in units.subtree_ids(world["00"])
    assert units.subtree_ids(units.by_uid(COUNTRY).id, date(2026, 1, 1)) == {
        units.by_uid(uid).id for uid in (COUNTRY, NORTH, SOUTH, CLINIC, SMALL)
    }
    assert [place.uid for place in units.search("bo song")] == [CLINIC]


def test_loading_again_writes_nothing(exported: packs.Loaded, load: Load) -> None:
    before = (units.version(), catalogue.version(), len(audit.history(f"unit:{COUNTRY}")))
    again = load()
    assert exported.changed
    assert not again.changed
    assert again.tree is not None
    assert (again.tree.created, again.tree.updated, again.tree.unchanged) == (0, 0, 6)
    assert (units.version(), catalogue.version(), len(audit.history(f"unit:{COUNTRY}"))) == before


def test_the_list_of_vietnam_can_be_loaded_again_beside_it(exported: packs.Loaded, load: Load) -> None:
    """The paths of both trees are written by the same hand."""
    load_register(by=BY, provinces=[], history=False)
    assert units.by_uid(CLINIC).path.startswith(units.by_uid(NORTH).path)
    assert not load().changed


def test_a_moved_unit_takes_its_paths_along(exported: packs.Loaded, load: Load) -> None:
    rows = [
        row | {"parent": {"id": SOUTH}, "name": "Moved"} if row["id"] == CLINIC else row
        for row in UNITS["organisationUnits"]
    ]
    done = load(units={"organisationUnits": rows})
    assert done.tree is not None
    assert done.tree.updated == 1
    assert units.by_uid(CLINIC).path.startswith(units.by_uid(SOUTH).path)
    assert units.by_uid(CLINIC).name == "Moved"


def test_a_moved_district_takes_its_clinics_along(exported: packs.Loaded, load: Load) -> None:
    rows = [
        row | {"parent": {"id": SOUTH}} if row["id"] == NORTH else row for row in UNITS["organisationUnits"]
    ]
    load(units={"organisationUnits": rows})
    clinic, north = units.by_uid(CLINIC), units.by_uid(NORTH)
    assert north.path.startswith(units.by_uid(SOUTH).path)
    assert clinic.path.startswith(north.path)
    assert clinic.level == north.level + 1 == 3


def test_what_hangs_under_a_moved_unit_of_the_same_level_moves_too(load: Load) -> None:
    point = {"id": "Village0001", "name": "Village post", "parent": {"id": CLINIC}}
    rows = [*UNITS["organisationUnits"], point]
    load(units={"organisationUnits": rows})
    load(
        units={
            "organisationUnits": [
                row | {"parent": {"id": SOUTH}} if row["id"] == CLINIC else row for row in rows
            ]
        }
    )
    assert units.by_uid("Village0001").path.startswith(units.by_uid(SOUTH).path)


def test_areas_are_mended_and_points_become_centres(exported: packs.Loaded) -> None:
    """C20: joined by uid, and what has no shape is counted."""
    tree = exported.tree
    assert tree is not None
    assert (tree.outlines, tree.points, tree.repaired, tree.without_shape) == (1, 1, 1, 4)
    shapes = units.geometries([units.by_uid(NORTH).id, units.by_uid(CLINIC).id])
    assert list(shapes) == [units.by_uid(NORTH).id]
    assert (units.by_uid(CLINIC).lon, units.by_uid(CLINIC).lat) == (10.5, 10.5)


def test_elements_have_kinds_measures_splits_and_their_own_uids(exported: packs.Loaded) -> None:
    found = catalogue.current()
    doses, born = found.elements["DE_DOSES"], found.elements["DE_BORN"]
    assert (doses.uid, doses.kind, doses.integer, doses.non_negative) == (DOSES, "number", True, False)
    assert doses.splits == ("AGE_Y", OLD)
    assert born.splits == ()
    assert born.non_negative
    assert found.elements["DE_NOTE"].kind == "text"
    assert (found.elements["DE_OPEN"].kind, found.elements["DE_OPEN"].options) == ("option", ("Y", "N"))
    assert found.by_uid[OPEN] is found.elements["DE_OPEN"]
    stock = found.by_uid[STOCK]
    assert isinstance(stock, catalogue.Element)
    assert (stock.code, stock.measure.over_time) == (
        STOCK,
        Adds.LAST,
    )  # its own code cannot stand in a formula
    assert stock.exchange["code"] == "DE-STOCK 1"
    assert not [one for one in found.elements.values() if one.labels.get("vi") == "Weight of a child"]


def test_splits_of_foreign_codes_are_known_by_their_uid(exported: packs.Loaded) -> None:
    old = catalogue.current().splits[OLD]
    assert (old.uid, old.foreign_code) == (OLD, ">=5")
    assert catalogue.current().combinations["ComboAge001"].dimensions[0].options[1].code == ">=5"


def test_a_data_set_becomes_a_form_without_approval_owed_by_its_list(exported: packs.Loaded) -> None:
    form = catalogue.form("DS_M")
    assert (form.uid, form.kind, form.rule, form.approval) == (MONTHLY, Kind.MONTH, Rule.CALENDAR, False)
    assert form.deadline_working_days == 5
    assert [section.code for section in form.sections] == ["A", "B"]
    assert form.elements[:2] == ("DE_DOSES", "DE_BORN")
    owed = expected(form, periods.parse("2026-10", Rule.CALENDAR))
    assert {place.uid for place in owed} == {CLINIC, SMALL}
    yearly = catalogue.form("DS_Y")
    assert yearly.attributions == ("PRJ_W", "PRJ_R")
    assert catalogue.form("DS_Y", yearly.number).attributions == yearly.attributions
    assert form.attributions == ()


def test_expressions_become_formulas_that_stand_on_no_board(exported: packs.Loaded) -> None:
    found = catalogue.current()
    assert not found.indicators
    ratio, young = found.exchanged["IN_DOSES"], found.exchanged["IN_YOUNG"]
    assert (ratio.numerator, ratio.denominator, ratio.factor) == ("DE_DOSES", "DE_BORN", 100)
    assert young.denominator is None
    formula = formulas.parse(young.numerator, found.operands)
    assert formula.elements == ("DE_DOSES.AGE_Y", "DE_BORN")
    values = {"DE_DOSES.AGE_Y": Decimal(7), "DE_BORN": Decimal(4)}
    assert formula.evaluate(values) == 10


def test_zipped_files_are_read_as_well(load: Load) -> None:
    assert load(zipped=True).changed


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": "short", "name": "x"}, "11"),
        ({"id": "1Number0001", "name": "x"}, "11"),
        ({"id": CLINIC, "name": "again"}, "đã có"),
        ({"id": "NoName00001", "name": ""}, "Tên"),
        ({"id": "SameCode001", "name": "x", "code": "K_1", "openingDate": "1999-05-01"}, "Mã này"),
        ({"id": "LongCode001", "name": "x", "code": "x" * 51}, "Mã"),
        ({"id": "Closed00001", "name": "x", "openingDate": "2020-01-02", "closedDate": "2019-01-01"}, "Ngày"),
        ({"id": "Orphan00001", "name": "x", "parent": {"id": "NobodyNobod"}}, "cấp trên"),
        ({"id": "Circle00001", "name": "x", "parent": {"id": "Circle00001"}}, "cấp trên"),
        ("no object", "11"),
    ],
)
def test_a_bad_unit_is_named_and_the_good_ones_are_kept(load: Load, row: Any, reason: str) -> None:
    done = load(units={"organisationUnits": [*UNITS["organisationUnits"], row]})
    assert done.tree is not None
    assert done.tree.created == 6
    (fault,) = [one for one in done.faults if "[6]" in one.place]
    assert reason in fault.why
    assert fault.place == "orgunits_wrapped.json/organisationUnits[6]"


def test_a_uid_of_vietnam_cannot_be_taken_over(load: Load, world: World) -> None:
    row = {"id": world.place("66").uid, "name": "Mine"}
    with pytest.raises(Refusal) as caught:
        load(units={"organisationUnits": [*UNITS["organisationUnits"], row]})
    assert caught.value.code == "tree.uid_taken"
    assert world.place("66").name == "Đắk Lắk"


def element(**more: Any) -> dict[str, Any]:
    row = next(one for one in METADATA["dataElements"] if one["id"] == BORN)
    return changed(METADATA, dataElements=[row | more, *METADATA["dataElements"][2:]])


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        (element(valueType="FILE_RESOURCE"), "FILE_RESOURCE"),
        (element(categoryCombo={"id": "NoCombo0001"}), "NoCombo0001"),
        (element(optionSet={"id": "NoOptions01"}), "NoOptions01"),
        (changed(METADATA, dataElements="none"), "danh sách"),
        (
            changed(METADATA, dataSets=[METADATA["dataSets"][0] | {"periodType": "BiWeekly"}]),
            "BiWeekly",
        ),
        (
            changed(
                METADATA, dataSets=[METADATA["dataSets"][0] | {"organisationUnits": [{"id": "Gone0000001"}]}]
            ),
            "không có đơn vị",
        ),
        (
            changed(METADATA, indicators=[METADATA["indicators"][0] | {"numerator": "#{Missing0001}"}]),
            "Missing0001",
        ),
        (
            changed(METADATA, indicators=[METADATA["indicators"][0] | {"numerator": f"sqrt(#{{{BORN}}})"}]),
            "",
        ),
        (changed(METADATA, indicators=[METADATA["indicators"][0] | {"numerator": "C{Constant001}"}]), ""),
        (
            changed(
                METADATA, indicators=[METADATA["indicators"][0] | {"numerator": f"#{{{DOSES}.Missing0001}}"}]
            ),
            "Missing0001",
        ),
        (
            changed(METADATA, categoryCombos=[METADATA["categoryCombos"][1] | {"categories": [{"id": "x"}]}]),
            "x",
        ),
    ],
)
def test_a_bad_definition_is_named_and_the_rest_is_taken(load: Load, metadata: Any, reason: str) -> None:
    done = load(metadata=metadata)
    assert done.pack is not None
    assert any(reason in one.why for one in done.faults)
    assert all(one.place.startswith("metadata.json") for one in done.faults)


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff\xfe", b"null"])
def test_a_file_that_is_none_is_refused_by_name(world: World, tmp_path: Path, content: bytes) -> None:
    folder = write(tmp_path / "given")
    (folder / "metadata.json").write_bytes(content)
    with pytest.raises(Refusal) as caught:
        packs.load(by=BY, folder=folder)
    assert caught.value.code == "dhis2.file"
    assert "metadata.json" in str(caught.value.message)
    assert catalogue.version() == catalogue.EMPTY


def test_a_truncated_archive_and_an_empty_folder_are_refused(world: World, tmp_path: Path) -> None:
    folder = write(tmp_path / "given", zipped=True)
    whole = (folder / "metadata.json.gz").read_bytes()
    (folder / "metadata.json.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty").mkdir()
    for path, code in ((folder, "dhis2.file"), (tmp_path / "empty", "dhis2.empty")):
        with pytest.raises(Refusal) as caught:
            packs.load(by=BY, folder=path)
        assert caught.value.code == code


def test_a_changed_data_set_gets_a_version_and_a_changed_measure_is_refused(
    exported: packs.Loaded, load: Load
) -> None:
    load(metadata=changed(METADATA, dataSets=[METADATA["dataSets"][0] | {"timelyDays": 9}]))
    assert (catalogue.form("DS_M").number, catalogue.form("DS_M").deadline_working_days) == (2, 9)
    with pytest.raises(Refusal) as caught:
        load(metadata=element(aggregationType="LAST"))
    assert caught.value.code == "pack.invalid"
    assert "DE_BORN" in str(caught.value.message)


def test_the_command_tells_what_it_took_and_what_it_left(world: World, tmp_path: Path) -> None:
    said: list[str] = []
    rows = [*UNITS["organisationUnits"], {"id": "short", "name": "x"}]
    load_dhis2(said.append, write(tmp_path / "given", units={"organisationUnits": rows}))
    assert "6 mới" in said[0]
    assert any("organisationUnits[6]" in line for line in said)


def test_sierra_leone_comes_whole(
    world: World, shared_data: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """1,332 units on four levels, 766 of them with a shape, two data sets, three indicators."""
    folder = shared_data / "trials" / "dhis2"
    with django_assert_max_num_queries(140):
        done = packs.load(by=BY, folder=folder)
    assert done.tree is not None
    assert done.pack is not None
    assert (done.tree.created, done.tree.points, done.tree.outlines) == (1332, 601, 165)
    assert (done.pack.elements, done.pack.forms, done.pack.indicators) == (43, 2, 3)
    assert not done.faults
    root = units.by_uid("ImspTQPwCqd")
    assert len(units.subtree_ids(root.id, clock.today())) == 1332
    found = catalogue.current()
    assert len(found.elements["DE_359706"].splits) == 4
    assert len(found.forms["DS_1149441"].attributions) == 4
    assert len(found.forms["DS_359711"].obliged_units) == 1161
    assert not packs.load(by=BY, folder=folder).changed
