"""The haicap command: what an operator sees when all is well and when it is not."""

import io

import pytest
from django.core.management.base import CommandError
from django.db.utils import OperationalError, ProgrammingError

from haicap.config import cli, console, exits
from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.actions.stamp import touch
from haicap.units.models import Unit
from tests.cast import World


@pytest.fixture(autouse=True)
def _vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAICAP_LANGUAGE", "vi")


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == exits.FINE
    shown = capsys.readouterr().out
    assert all(f"  {name}" in shown for name in cli.COMMANDS)


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([name, "--help"]) == exits.FINE
    shown = capsys.readouterr().out
    assert f"usage: haicap {name}" in shown
    assert "--settings" not in shown


def test_help_speaks_the_language_of_the_operator(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAICAP_LANGUAGE", "en")
    assert cli.main(["backup", "--help"]) == exits.FINE
    assert "Backs up" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "vi"),
        ({"LANG": "C.UTF-8"}, "vi"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "bn_BD.UTF-8"}, "bn"),
        ({"LANG": "en_GB.UTF-8", "HAICAP_LANGUAGE": "vi"}, "vi"),
    ],
)
def test_language(environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HAICAP_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert console.language() == expected


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["--nonsense"], ["load"], ["user", "add"], ["serve", "--port", "x"]]
)
def test_bad_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == exits.USAGE
    shown = capsys.readouterr()
    assert "haicap" in shown.err + shown.out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refusal("unit.unknown", "Không có đơn vị này."), exits.REFUSED),
        (Refusal("period.key", key="2026-13"), exits.REFUSED),
        (CommandError("Không làm được"), exits.FOUND),
        (OperationalError("could not connect\nmore"), exits.UNAVAILABLE),
        (ProgrammingError("relation does not exist"), exits.UNAVAILABLE),
        (KeyboardInterrupt(), exits.INTERRUPTED),
    ],
)
def test_what_goes_wrong_is_one_line(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(name: str, arguments: list[str]) -> int:
        raise error

    monkeypatch.setattr(cli, "run", broken)
    assert cli.main(["upgrade"]) == code
    shown = capsys.readouterr().err
    assert shown.startswith("haicap: ")
    assert shown.count("\n") == 1


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str, arguments: list[str]) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "run", broken)
    with pytest.raises(ZeroDivisionError):
        cli.main(["upgrade"])


@pytest.mark.django_db
def test_users_from_the_command_line(
    world: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("mot-mat-khau-dai-2026\n"))
    assert cli.main(["user", "add", "thu", "--name", "Công chức phụ trách số 24505"]) == exits.FINE
    assert cli.main(["user", "appoint", "thu", "commune_officer", "24505"]) == exits.FINE
    assert cli.main(["user", "appoint", "thu", "commune_officer", "99999"]) == exits.REFUSED
    assert cli.main(["user", "list"]) == exits.FINE
    assert "thu\tCông chức phụ trách số 24505\t\tcommune_officer 24505" in capsys.readouterr().out
    assert cli.main(["user", "deactivate", "thu"]) == exits.FINE
    assert cli.main(["user", "list"]) == exits.FINE
    assert "thu\tCông chức phụ trách số 24505\t×\t\n" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_weak_password_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("123\n"))
    assert cli.main(["user", "add", "thu"]) == exits.REFUSED
    assert cli.main(["user", "list"]) == exits.FINE
    assert "thu" not in capsys.readouterr().out


@pytest.mark.django_db
def test_a_layout_tells_how_far_it_is(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for number, code in enumerate(("24505", "22015", "24133")):
        Unit.objects.filter(pk=world[code]).update(lon=108 + number / 10, lat=13)
    touch()
    assert cli.main(["load", "layout", "66"]) == exits.FINE
    first, *steps, last = capsys.readouterr().out.splitlines()
    assert "Đắk Lắk" in first
    assert [int(step.strip(" %")) for step in steps] == sorted({int(step.strip(" %")) for step in steps})
    assert steps
    layout = units.layout(world["66"])
    assert layout is not None
    assert layout.version in last
    assert cli.main(["load", "layout", "99"]) == exits.REFUSED
    assert cli.main(["load", "layout", "24505"]) == exits.REFUSED
