"""Children that die are started again; children never outlive the supervisor."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from haicap.config.supervisor import FIRST_PAUSE, HEALTHY_SECONDS, LONGEST_PAUSE, Child, Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
DYING = [sys.executable, "-c", "raise SystemExit(3)"]


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


def ended(child: Child) -> bool:
    return child.process is not None and child.process.poll() is not None


def test_a_child_that_keeps_dying_is_started_ever_more_rarely() -> None:
    child = Child("web", DYING)
    now, pauses = 0.0, []
    for _ in range(9):
        child.look(now)
        until(lambda: ended(child))
        child.look(now)
        pauses.append(child.due - now)
        child.look(now)
        assert child.process is None
        now = child.due
    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert pauses[-1] == LONGEST_PAUSE
    assert child.starts == 9


def test_a_child_that_was_healthy_starts_soon() -> None:
    child = Child("web", DYING, pause=LONGEST_PAUSE)
    child.look(0)
    until(lambda: ended(child))
    child.look(HEALTHY_SECONDS + 1)
    assert child.due == HEALTHY_SECONDS + 1 + FIRST_PAUSE


def test_stopping_ends_the_children() -> None:
    child = Child("web", SLEEPER)
    supervisor = Supervisor([child])
    child.look(0)
    assert child.process
    assert child.process.poll() is None
    supervisor.end()
    assert child.process.poll() == -signal.SIGTERM


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells children of a parent's death"
)
def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from haicap.config.supervisor import Child
        child = Child("web", {SLEEPER!r})
        child.look(0)
        Path({str(note)!r}).write_text(str(child.process.pid))
        time.sleep(60)
    """)
    supervisor = subprocess.Popen([sys.executable, "-c", script])
    until(lambda: note.exists() and note.read_text() != "")
    child = int(note.read_text())
    assert alive(child)
    supervisor.kill()
    supervisor.wait()
    until(lambda: not alive(child))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # an orphan that nobody has buried yet is dead all the same
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
