"""Whatever stands in a table on a page can be had as a file."""

import re

from tests.house.source import templates

#: how a template offers a table: the tag of all pages, or the addresses of rooms that had files before it
OFFERS = re.compile(
    r"{% downloads |{% url \"(?:dossiers:file|reporting:\w+_file)\"[^%]*\"csv\""
    r"|{{ (?:csv|csv_href) }}|(?:amp;)?tai=csv"
)
#: template → (tables that have no file of their own, why)
WITHOUT: dict[str, tuple[int, str]] = {
    "api/api/reference.html": (3, "the manual of the API, not figures"),
    "desk/desk/block.html": (1, "part of the page of a commune, whose file holds every indicator"),
    "desk/desk/panel.html": (1, "three rows of the page of a commune, whose file holds every indicator"),
    "desk/desk/wall_body.html": (1, "a wall has no controls; the map that it shows has the file"),
    "dossiers/dossiers/imports/ask.html": (2, "a form: columns of the reader's own file and what they mean"),
    "reporting/reporting/foreign/join.html": (
        1,
        "a form: columns of the reader's file and where they go",
    ),
    "reporting/reporting/foreign/reading.html": (
        2,
        "first rows and columns of the reader's own file",
    ),
    "reporting/reporting/grid.html": (1, "the form itself; its workbook is the file, linked above it"),
    "reporting/reporting/preview.html": (1, "an empty form that is still being drafted"),
    "reporting/reporting/print.html": (1, "the form on paper; its workbook is the file"),
    "ui/ui/patterns.html": (1, "samples of the skin"),
}
#: parts of pages → the templates that show them with the link above
PARTS = {
    "desk/desk/exploring/charts.html": {"desk/desk/exploring/answer.html"},
    "desk/desk/exploring/table.html": {"desk/desk/exploring/answer.html"},
    "reporting/reporting/parts/disputes.html": {"reporting/reporting/disputes.html"},
    "reporting/reporting/parts/lines.html": {"reporting/reporting/mine.html"},
    "reporting/reporting/parts/owed.html": {"reporting/reporting/timeliness.html"},
}


def short(path: str) -> str:
    return path.removeprefix("haicap/").replace("/templates/", "/")


def test_every_table_of_every_template_can_be_had_as_a_file() -> None:
    found = {short(path): text for path, text in templates().items()}
    wrong = []
    for path, text in found.items():
        tables = text.count("<table")
        if path in PARTS:
            users = {other for other, source in found.items() if path.partition("/")[2] in source}
            if users != PARTS[path] or not all(OFFERS.search(found[user]) for user in users):
                wrong.append(f"{path}: shown by {sorted(users)}, one of which offers no file")
            continue
        offered = len(OFFERS.findall(text)) + WITHOUT.get(path, (0, ""))[0]
        if tables > offered:
            wrong.append(f"{path}: {tables} tables, {offered} files")
    assert not wrong, "\n".join(wrong)


def test_what_has_no_file_still_exists_and_has_none() -> None:
    found = {short(path): text for path, text in templates().items()}
    for path, (tables, why) in WITHOUT.items():
        assert why
        assert found[path].count("<table") >= tables, path
