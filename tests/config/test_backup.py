"""Backup and restore as an operator does it: the command, processes of their own, both databases."""

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from haicap.config import archive, exits
from haicap.config.archive import Contents
from haicap.core.errors import Refusal

ROOT = Path(__file__).resolve().parents[2]
SUM = "0" * 64


class Installation:
    def __init__(self, data: Path, url: str) -> None:
        self.data = data
        self.environment = {
            **os.environ,
            "HAICAP_DATA_DIR": str(data),
            "DATABASE_URL": url,
            "HAICAP_LANGUAGE": "en",
            "HAICAP_SECRET_KEY": "",
        }

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "haicap", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, input=given, capture_output=True, text=True, check=False
        )

    def ok(self, *arguments: str, given: str = "") -> str:
        done = self.run(*arguments, given=given)
        assert done.returncode == exits.FINE, done.stderr
        return done.stdout


@pytest.fixture
def places(tmp_path: Path) -> Iterator[tuple[Installation, Installation]]:
    """Two installations of the kind of database that this run is about."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield Installation(tmp_path / "one", ""), Installation(tmp_path / "two", "")
        return
    names = [f"haicap_backup_{os.getpid()}_{number}" for number in (1, 2)]
    with psycopg.connect(url, autocommit=True) as server:
        for name in names:
            server.execute(f'CREATE DATABASE "{name}"')
        one, two = (urlunsplit(urlsplit(url)._replace(path=f"/{name}")) for name in names)
        try:
            yield Installation(tmp_path / "one", one), Installation(tmp_path / "two", two)
        finally:
            for name in names:
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.django_db  # so that it runs on PostgreSQL too
def test_round_trip(places: tuple[Installation, Installation], tmp_path: Path) -> None:
    one, two = places
    file = tmp_path / "haicap.tar.gz"
    one.ok("upgrade")
    one.ok("user", "add", "truoc", "--name", "Công chức phụ trách", given="mot-mat-khau-dai-2026\n")
    (one.data / "files" / "ab").mkdir(parents=True)
    (one.data / "files" / "ab" / "cdef").write_bytes(b"scan")
    assert "Backed up" in one.ok("backup", str(file))
    assert file.stat().st_mode & 0o077 == 0

    again = one.run("backup", str(file))
    assert (again.returncode, again.stderr.count("\n")) == (exits.REFUSED, 1)
    one.ok("user", "add", "sau", given="mot-mat-khau-dai-2026\n")

    # elsewhere: an empty place takes it as it is
    two.ok("restore", str(file))
    assert two.ok("user", "list").split() == ["truoc", "Công", "chức", "phụ", "trách"]
    assert (two.data / "files" / "ab" / "cdef").read_bytes() == b"scan"
    assert (two.data / "secret.key").read_text() == (one.data / "secret.key").read_text()
    assert "equals its source" in two.ok("warehouse", "verify")

    # in place: not without saying so, then exactly the old state
    refused = one.run("restore", str(file))
    assert refused.returncode == exits.REFUSED
    assert "--force" in refused.stderr
    assert "sau" in one.ok("user", "list")
    one.ok("restore", str(file), "--force")
    assert one.ok("user", "list") == two.ok("user", "list")
    assert "is of this version" in one.ok("upgrade")


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    place, file = Installation(tmp_path / "one", ""), tmp_path / "haicap.tar"
    place.ok("upgrade")
    place.ok("backup", str(file))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    before = place.ok("user", "list")
    done = place.run("restore", str(file), "--force")
    assert (done.returncode, done.stderr.count("\n")) == (exits.REFUSED, 1)
    assert place.ok("user", "list") == before
    assert not list(place.data.glob(".restoring*"))


def test_a_newer_backup_is_refused(tmp_path: Path) -> None:
    place = Installation(tmp_path / "one", "")
    copy = tmp_path / "database.sqlite3"
    sqlite3.connect(copy).execute("VACUUM").connection.close()
    contents = Contents(
        "9.0", "2030-01-01", "sqlite", ["units.0099_later"], {copy.name: archive.checksum(copy)}
    )
    archive.write(tmp_path / "b.tar", contents, {copy.name: copy})
    done = place.run("restore", str(tmp_path / "b.tar"))
    assert done.returncode == exits.REFUSED
    assert "newer version (9.0)" in done.stderr


def made(tmp_path: Path, members: dict[str, bytes], sums: dict[str, str]) -> Path:
    paths = {}
    for number, (name, content) in enumerate(members.items()):
        paths[name] = tmp_path / f"member{number}"
        paths[name].write_bytes(content)
    archive.write(tmp_path / "b.tar", Contents("1", "now", "sqlite", [], sums), paths)
    return tmp_path / "b.tar"


def refused(file: Path, workshop: Path) -> str:
    workshop.mkdir(exist_ok=True)
    with pytest.raises(Refusal) as caught:
        archive.unpack(file, workshop)
    return caught.value.code


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    file = made(tmp_path, {"a": b"1"}, {"a": archive.hashlib.sha256(b"1").hexdigest()})
    workshop = tmp_path / "w"
    workshop.mkdir()
    assert archive.unpack(file, workshop).version == "1"
    assert (workshop / "a").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("members", "sums", "code"),
    [
        ({"a": b"1"}, {"a": SUM}, "restore.sums"),
        ({}, {"a": SUM}, "restore.sums"),
        ({"b": b"1"}, {}, "restore.form"),
        ({"../b": b"1"}, {"../b": SUM}, "restore.form"),
    ],
)
def test_members_are_checked(
    members: dict[str, bytes], sums: dict[str, str], code: str, tmp_path: Path
) -> None:
    assert refused(made(tmp_path, members, sums), tmp_path / "w") == code
    assert not (tmp_path / "b").exists()


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("/etc/passwd")
    archive.write(tmp_path / "b.tar", Contents("1", "now", "sqlite", [], {"a": SUM}), {"a": link})
    assert refused(tmp_path / "b.tar", tmp_path / "w") == "restore.form"


def test_not_a_backup_at_all(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a tar")
    assert refused(tmp_path / "text", tmp_path / "w") == "restore.form"
    assert refused(tmp_path / "nothing", tmp_path / "w") == "restore.missing"
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(tmp_path / "text", arcname="text")
    assert refused(tmp_path / "other.tar", tmp_path / "w") == "restore.form"
    future = json.dumps({**vars(Contents("1", "now", "sqlite", [])), "format": 99})
    (tmp_path / archive.CONTENTS).write_text(future)
    with tarfile.open(tmp_path / "future.tar", "w") as tar:
        tar.add(tmp_path / archive.CONTENTS, arcname=archive.CONTENTS)
    assert refused(tmp_path / "future.tar", tmp_path / "w") == "restore.form"
