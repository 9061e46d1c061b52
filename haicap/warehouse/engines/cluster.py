"""This process's driver on a standalone Spark cluster: started by the first question, one for all threads.

pyspark is an extra (`pip install "haicap[scale]"`) and needs Java; nothing of it is loaded before it is
asked for. How much of the cluster a process may take stands in Spark's own spark-defaults.conf
(docs/howto/scale.md).
"""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.utils.translation import gettext as _

from haicap.core.errors import Refusal

PYSPARK = "pyspark.sql"
# Without these an answer could differ from DuckDB's: instants are UTC without a zone, products of decimals
# keep all their decimals or fail, nothing that cannot be cast becomes NULL.
EXACT = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.ansi.enabled": "true",
}
# What spark-defaults.conf may say otherwise. A driver without a limit would take every core of the cluster,
# and the next process would wait for ever.
USUAL = {
    "spark.cores.max": "2",
    "spark.scheduler.mode": "FAIR",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
# A question that takes longer waits for cores that nobody gives it, or is a mistake in the question.
LONGEST_QUESTION = 60.0
_REACH_SECONDS, _AGAIN_SECONDS = 3.0, 0.5


@dataclass(frozen=True)
class Driver:
    """`views`: what of lakes is known to the session, by place."""

    session: Any
    url: str
    process: int
    views: dict[str, list[str]]


_lock = threading.RLock()
_driver: Driver | None = None


def driver(url: str) -> Driver:
    """Refusals "engine.missing" where pyspark or Java is not there, "engine.away" where no master answers."""
    global _driver
    with _lock:
        if _driver and _driver.process != os.getpid():
            raise RuntimeError("a driver of Spark does not survive a fork: ask the first question after it")
        if _driver and (_driver.url != url or is_stopped(_driver)):
            stop()
        if _driver is None:
            _driver = Driver(_started(url), url, os.getpid(), {})
        return _driver


def stop() -> None:
    """End this process's driver, if it has one; the next question starts another."""
    global _driver
    with _lock:
        if _driver and _driver.process == os.getpid():
            _driver.session.stop()
        _driver = None


def is_stopped(of: Driver) -> bool:
    """Lost for good: the master sent it away, or its Java is gone."""
    try:
        return bool(of.session.sparkContext._jsc.sc().isStopped())
    except Exception:
        # no Java to ask
        return True


@contextmanager
def limited(of: Driver, seconds: float) -> Iterator[None]:
    """What this thread asks inside is cancelled after so many seconds, and then raises."""
    group, context, done = token_hex(8), of.session.sparkContext, threading.Event()

    def watch() -> None:
        wait = seconds
        # again and again: a question is several jobs, and the next one may not have begun
        while not done.wait(wait):
            context.cancelJobGroup(group)
            wait = _AGAIN_SECONDS

    context.setJobGroup(group, "question", interruptOnCancel=True)
    threading.Thread(target=watch, name="question", daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _started(url: str) -> Any:
    try:
        spark = import_module(PYSPARK)
    except ModuleNotFoundError:
        message = _('HAICAP_ENGINE cần gói pyspark: pip install "haicap[scale]".')
        raise Refusal("engine.missing", message) from None
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise Refusal("engine.missing", _("HAICAP_ENGINE cần Java (Debian: openjdk-17-jre-headless)."))
    if not any(_reached(place) for place in url.removeprefix("spark://").split(",")):
        raise Refusal("engine.away", _("Cụm máy tính toán không trả lời. Xin thử lại sau ít phút."))
    builder = spark.SparkSession.builder.master(url).appName("haicap")
    for key, value in {**{k: v for k, v in USUAL.items() if k not in _said()}, **EXACT}.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


@cache
def _said() -> frozenset[str]:
    """The settings that the operator has written down."""
    place = os.environ.get("SPARK_CONF_DIR")
    path = Path(place) / "spark-defaults.conf" if place else None
    lines = path.read_text("utf-8").splitlines() if path and path.is_file() else []
    return frozenset(line.replace("=", " ").split()[0] for line in lines if line.strip())


def _reached(place: str) -> bool:
    host, _colon, port = place.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_REACH_SECONDS).close()
    except (OSError, ValueError):
        return False
    return True
