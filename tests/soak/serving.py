"""`haicap serve` killed again and again while an officer types: what was acknowledged is there afterwards.

Each round kills one process without warning (supervisor, web server, one of its workers, the worker) at a
random moment of a save over HTTP, waits until the installation serves again, and reads the value from the
database.
Every third round the report is completed and submitted, so that the facts move too.
"""

import http.client
import http.cookiejar
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from haicap.core import clock, periods
from haicap.core.periods import Kind, Period
from tests.cast import PASSWORD
from tests.reporting.office import FORM, FULL
from tests.services.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
VICTIMS = ("serve", "web", "web worker", "worker")
PATIENCE = 60.0
TYPED = "HD"


class Installation:
    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.killed = 0
        self.environment = {**os.environ, "HAICAP_DATA_DIR": str(data), "DATABASE_URL": "", "HAICAP_DEMO": ""}
        self.serve: subprocess.Popen[bytes] | None = None
        self.log = (data.parent / "serve.log").open("ab")

    def run(self, *module: str) -> None:
        subprocess.run([sys.executable, "-m", *module], cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        """As a system's supervisor would: again until it stays up."""
        command = [sys.executable, "-m", "haicap", "serve", "--port", str(self.port), "--workers", "2"]
        if self.serve is None or self.serve.poll() is not None:
            self.serve = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log
            )

    def stop(self) -> None:
        if self.serve and self.serve.poll() is None:
            self.serve.send_signal(signal.SIGTERM)
            self.serve.wait(40)

    def pid(self, victim: str) -> int | None:
        assert self.serve
        if victim == "serve":
            return self.serve.pid
        under = {command(pid): pid for pid in children(self.serve.pid)}
        web = next((pid for text, pid in under.items() if "gunicorn" in text), None)
        if victim == "worker":
            return next((pid for text, pid in under.items() if "gunicorn" not in text), None)
        if victim == "web" or web is None:
            return web
        return next(iter(children(web)), None)

    def kill(self, victim: str) -> None:
        pid = self.pid(victim)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            self.killed += 1

    def health(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/suc-khoe/", timeout=5) as answer:
            return json.load(answer)  # type: ignore[no-any-return]

    def stored(self, period: Period, element: str) -> float | None:
        found = sqlite3.connect(f"file:{self.data / 'haicap.sqlite3'}?mode=ro", uri=True, timeout=20)
        try:
            row = found.execute(
                "SELECT v.number FROM reporting_value v JOIN reporting_report r ON r.id = v.report_id "
                "JOIN catalogue_element e ON e.id = v.element_id WHERE r.period = ? AND e.code = ?",
                [period.key, element],
            ).fetchone()
        finally:
            found.close()
        return None if row is None else float(row[0])


def children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


class Person:
    """One browser without JavaScript, signed in; what fails on the way is asked again."""

    def __init__(self, place: Installation, username: str) -> None:
        self.place = place
        self.jar = http.cookiejar.CookieJar()
        self.site = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.get("/dang-nhap/")
        self.post("/dang-nhap/", {"login": username, "password": PASSWORD})
        assert "sessionid" in self.cookies

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.jar}

    def ask(self, path: str, body: bytes | None = None, kind: str = "") -> str:
        headers = {"X-CSRFToken": self.cookies.get("csrftoken", ""), "Content-Type": kind} if kind else {}
        address = f"http://127.0.0.1:{self.place.port}{path}"
        with self.site.open(urllib.request.Request(address, body, headers), timeout=20) as answer:
            return answer.read().decode()  # type: ignore[no-any-return]

    def get(self, path: str) -> str:
        return patiently(lambda: self.ask(path), self.place)

    def post(self, path: str, fields: dict[str, str]) -> str:
        body = urllib.parse.urlencode(fields).encode()
        return patiently(lambda: self.ask(path, body, "application/x-www-form-urlencoded"), self.place)

    def save(self, period: Period, text: str, base: int) -> int:
        """Type into one cell until it is acknowledged; returns the cell's version."""
        cell = {"e": TYPED, "b": base, "t": text, "r": ""}
        body = json.dumps({"lang": "vi", "cells": [cell]}).encode()
        path = f"/bao-cao/{FORM}/{period.key}/24505/luu/"
        answer = json.loads(patiently(lambda: self.ask(path, body, "application/json"), self.place))
        (saved,) = answer["cells"]
        assert saved["s"] in {"saved", "unchanged"}, saved
        return int(saved["v"])


def patiently(work: Callable[[], str], place: Installation) -> str:
    """A lost connection is asked again; an answer that says no is a failure of the test."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error.code} {error.url}: {error.read()[:300]!r}") from error
        except OSError:
            assert time.monotonic() < until, "the installation did not come back"
            place.start()
            time.sleep(0.1)
        except http.client.HTTPException:
            assert time.monotonic() < until, "the installation did not come back"


def hand_in(officer: Person, leader: Person, period: Period) -> None:
    path = f"/bao-cao/{FORM}/{period.key}/24505/"
    typed = {f"v-{code}": text for code, text in FULL.items()}
    officer.post(path, {**fields(officer.get(path)), **typed, "do": "ready"})
    leader.post(f"{path}buoc/submit/", fields(leader.get(path)))


def fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', page)
    return dict(found)


def kill_serving(folder: Path, times: int, seed: int) -> int:
    """Returns how many reports reached the facts."""
    chance = random.Random(seed)
    folder.mkdir(exist_ok=True)
    place = Installation(folder / "data")
    place.run("haicap", "upgrade")
    place.run("tests.soak.serving_child")
    period = periods.last_closed(Kind.MONTH, clock.today())
    handed_in, base = 0, 0
    try:
        place.start()
        officer, leader = Person(place, "commune_officer"), Person(place, "commune_leader")
        for number in range(times):
            victim = VICTIMS[number % len(VICTIMS)]
            blow = threading.Timer(chance.uniform(0, 0.15), place.kill, [victim])
            blow.start()
            base = officer.save(period, str(1000 + number), base)
            blow.join()
            officer.get("/suc-khoe/")
            assert place.stored(period, TYPED) == 1000 + number, f"lost after a kill of {victim}"
            if number % 3 == 2:
                hand_in(officer, leader, period)
                handed_in, base, period = handed_in + 1, 0, periods.shift(period, -1)
        wait_for_facts(place)
    finally:
        place.stop()
        place.log.close()
    place.run("haicap", "warehouse", "verify")
    # a victim that was just being started again cannot be killed; most must have been
    assert place.killed > times / 2
    return handed_in


def wait_for_facts(place: Installation) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        place.start()
        try:
            found = place.health()
        except OSError:
            found = {"waiting_seconds": 1, "snapshot": None}
        if found["waiting_seconds"] is None and found["snapshot"] not in (None, "none"):
            return
        assert time.monotonic() < until, f"the facts did not come: {found}"
        time.sleep(0.2)
