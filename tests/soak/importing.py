"""An import of dossiers killed again and again: it goes on where it was, and nothing is stored twice.

The child works on the import as the worker does and says so after each chunk; the parent kills it at a random
moment. Its database is a SQLite file of its own, whatever the tests run on.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

ROWS, CHUNK = 1_200, 60
NOW = "2026-10-27T10:00"


def kill_import(data: Path, times: int, seed: int) -> int:
    """Kill that often while the import runs, then let it end; returns how many chunks the killed runs had
    stored. AssertionError when a row is missing, doubled or counted wrongly."""
    dice = random.Random(seed)
    _child(data, "prepare").wait(timeout=120)
    stored_before = 0
    for _ in range(times):
        process = _child(data, "work")
        assert process.stdout is not None
        for _line in range(dice.randint(0, 3)):
            process.stdout.readline()
        time.sleep(dice.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        stored_before = _look(data, ended=False)
    last = _child(data, "work")
    last.communicate(timeout=120)
    assert last.returncode == 0
    _look(data, ended=True)
    return stored_before


def _child(data: Path, what: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "HAICAP_DATA_DIR": str(data),
        "DATABASE_URL": "",
        "HAICAP_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "tests.soak.import_child", what]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)


def _look(data: Path, *, ended: bool) -> int:
    """What was stored is what was counted, in whole chunks; returns the chunks."""
    with closing(sqlite3.connect(data / "haicap.sqlite3", timeout=30)) as db:
        state, created, read, rejected, checkpoint = db.execute(
            "SELECT state, created, read, rejected, json_extract(checkpoint, '$.chunk') FROM dossiers_import"
        ).fetchone()
        rows, codes = db.execute("SELECT count(*), count(DISTINCT key) FROM dossiers_dossier").fetchone()
        events = db.execute("SELECT count(*) FROM audit_event WHERE action = 'dossiers.imported'").fetchone()[
            0
        ]
        versions = db.execute("SELECT count(*) FROM dossiers_dossierversion").fetchone()[0]
    assert (rows, versions) == (created, 0)
    assert codes == rows
    assert events == (checkpoint or 0)
    assert state == ("done" if ended else state)
    if ended:
        assert (created, read, rejected) == (ROWS, ROWS, 0)
    return int(events)
