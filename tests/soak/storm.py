"""The last hour before a deadline: officers type, hand on, leaders submit, all at once, over HTTP.

Every officer types the sixty cells of a form one after the other (a pause of `think` seconds between them,
each cell saved as the grid saves it), says ready; the leader of the commune submits. What was acknowledged
is written down and counted against the database at the end.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.services.postgres import free_port
from tests.soak.storm_child import FORM

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a" * 32
START_SECONDS = 90


@dataclass
class Ledger:
    """What the officers were told, and how long they waited (seconds per request, by kind)."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    typed: dict[tuple[str, str], str] = field(default_factory=dict)
    changes: int = 0
    submitted: set[str] = field(default_factory=set)
    waits: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def p95(self, kind: str) -> float:
        ordered = sorted(self.waits.get(kind, [0.0]))
        return ordered[max(0, int(0.95 * len(ordered)) - 1)]


class Browser(threading.Thread):
    """One commune: its officer, then its leader."""

    def __init__(
        self, port: int, told: dict[str, Any], person: dict[str, str], ledger: Ledger, pace: "Pace"
    ) -> None:
        super().__init__(daemon=True)
        self.port, self.person, self.ledger, self.pace = port, person, ledger, pace
        self.cells: list[str] = told["cells"]
        self.path = f"/bao-cao/{FORM}/{told['period']}/{person['unit']}/"
        self.chance = random.Random(person["unit"])

    def run(self) -> None:
        try:
            time.sleep(self.chance.uniform(0, self.pace.think))
            self.ask("open", "officer", "GET", self.path)
            for number, code in enumerate(self.cells):
                self.type(code, number)
                if time.monotonic() < self.pace.until:
                    time.sleep(self.chance.uniform(0.5, 1.5) * self.pace.think)
            self.hand_on()
        except Exception as error:  # whatever goes wrong is what is being looked for
            with self.ledger.lock:
                self.ledger.errors.append(f"{self.person['unit']}: {error!r}")

    def type(self, code: str, number: int) -> None:
        level = 50 * 2 ** ((number - number % 2) % 8)
        text = str(level * (1 + number % 2) + self.chance.randrange(level // 3))
        body = json.dumps({"lang": "vi", "cells": [{"e": code, "b": 0, "t": text, "r": ""}]})
        answer = json.loads(self.ask("save", "officer", "POST", f"{self.path}luu/", body, "application/json"))
        (saved,) = answer["cells"]
        if saved["s"] != "saved":
            raise RuntimeError(f"{code}: {saved}")
        with self.ledger.lock:
            self.ledger.typed[self.person["unit"], code] = text
            self.ledger.changes += 1

    def hand_on(self) -> None:
        form = "application/x-www-form-urlencoded"
        self.ask("ready", "officer", "POST", self.path, f"do=ready&csrfmiddlewaretoken={TOKEN}", form)
        self.ask("open", "leader", "GET", self.path)
        body = f"csrfmiddlewaretoken={TOKEN}&key={self.person['unit']}"
        self.ask("submit", "leader", "POST", f"{self.path}buoc/submit/", body, form)
        with self.ledger.lock:
            self.ledger.submitted.add(self.person["unit"])

    def ask(self, kind: str, who: str, method: str, path: str, body: str = "", content: str = "") -> bytes:
        headers = {"Cookie": f"sessionid={self.person[who]}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        headers |= {"Content-Type": content} if content else {}
        begun = time.perf_counter()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, path, body.encode() or None, headers)
            answer = link.getresponse()
            found = answer.read()
        finally:
            link.close()
        waited = time.perf_counter() - begun
        if answer.status not in (200, 302):
            raise RuntimeError(f"{method} {path}: {answer.status} {found[:200]!r}")
        with self.ledger.lock:
            self.ledger.waits.setdefault(kind, []).append(waited)
        return found


@dataclass(frozen=True)
class Pace:
    """Mean seconds between two cells of one officer; nobody pauses any more after `until` (monotonic)."""

    think: float
    until: float


def storm(place: Path, database_url: str, communes: int, seconds: float) -> tuple[Ledger, dict[str, int]]:
    """Run it against a server of its own; returns what was told and what the database counts."""
    environment = {
        **os.environ, "HAICAP_DATA_DIR": str(place), "DATABASE_URL": database_url, "HAICAP_DEMO": "",
        "HAICAP_LOG_LEVEL": "ERROR",
    }  # fmt: skip

    def run(*module: str) -> str:
        command = [sys.executable, "-m", *module]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    run("haicap", "upgrade")
    told = json.loads(run("tests.soak.storm_child", str(communes)).splitlines()[-1])
    port, ledger = free_port(), Ledger()
    server = subprocess.Popen(
        [sys.executable, "-m", "haicap", "serve", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        # a tenth of the time is left for handing on
        pace = Pace(0.9 * seconds / len(told["cells"]), time.monotonic() + seconds)
        browsers = [Browser(port, told, person, ledger, pace) for person in told["people"]]
        for one in browsers:
            one.start()
        for one in browsers:
            one.join(seconds + 600)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    return ledger, json.loads(run("tests.soak.storm_count", told["period"]).splitlines()[-1])


def wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(OSError):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            link.request("GET", "/suc-khoe/")
            if link.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the server did not start")
