"""A consistent copy of the database as one file, and putting one back, for both databases.

Both directions are one transaction: a copy made while people type is of one moment, and a restore that is
killed half-way leaves the old state.
"""

import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from haicap.core.errors import Refusal

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


def name() -> str:
    return NAMES[connection.vendor]


def dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        try:
            connection.connection.backup(copy)
        finally:
            copy.close()
    else:
        run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(target)])


def check(source: Path) -> None:
    """Refusal restore.database when the copy cannot be read by the database itself."""
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
        try:
            answer = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            answer = str(error)
        finally:
            copy.close()
        if answer != "ok":
            raise Refusal("restore.database", _("Bản sao cơ sở dữ liệu bị hỏng: %(why)s") % {"why": answer})
    else:
        run(["pg_restore", "--list", str(source)], with_database=False)


def put_back(source: Path, workshop: Path) -> None:
    """Replace everything in the database by the copy; `workshop` is a folder for files in between."""
    connection.close()
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        path.parent.mkdir(parents=True, exist_ok=True)
        copy, target = sqlite3.connect(source), sqlite3.connect(path, timeout=20)
        try:
            copy.backup(target)
        finally:
            target.close()
            copy.close()
        return
    script = workshop / "database.sql"
    plain = ["pg_restore", "--no-owner", "--no-privileges", "--file", str(script), str(source)]
    run(plain, with_database=False)
    # tables that the copy does not know must go too, else a later upgrade would meet them
    empty = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public"
    quiet = ["psql", "--quiet", "--no-psqlrc", "--output", os.devnull, "--set", "ON_ERROR_STOP=1"]
    run([*quiet, "--single-transaction", "--command", empty, "--file", str(script)])


def run(command: list[str], *, with_database: bool = True) -> None:
    settings: dict[str, Any] = connection.settings_dict
    keys = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    given = {name: str(settings[key]) for name, key in keys.items() if with_database and settings.get(key)}
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, no shell
            command, env={**os.environ, **given}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        text = _("Thiếu chương trình %(name)s của PostgreSQL (Debian: apt-get install postgresql-client).")
        raise Refusal("backup.program", text % {"name": command[0]}) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["?"]
        text = _("%(name)s không làm được: %(why)s")
        raise Refusal("backup.program_failed", text % {"name": command[0], "why": lines[-1]})
