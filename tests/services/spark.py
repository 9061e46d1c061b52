"""A standalone Spark cluster for tests: one master and two workers on loopback, from the pyspark package.

    with running() as url: ...      # for HAICAP_ENGINE; SPARK_CONF_DIR is set for drivers of this process

Logs lie in a temporary folder, and are gone with it. NotInstalledError where Java or pyspark is missing.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

from tests.services.postgres import free_port

WORKERS = 2
MEMORY = "512m"
# What a small machine needs: little memory, no pages, no noise, everything on loopback
DEFAULTS = {
    "spark.driver.memory": MEMORY,
    "spark.executor.memory": MEMORY,
    "spark.executor.cores": "1",
    "spark.cores.max": str(WORKERS),
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": str(WORKERS),
}
LOGS = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
"""


class NotInstalledError(Exception):
    """No Spark can be started here."""


def home() -> Path:
    """The folder of the pyspark package."""
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise NotInstalledError("Java (Debian: apt-get install openjdk-17-jre-headless)")
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise NotInstalledError("the Python package pyspark (requirements/scale.txt)")
    return Path(found.origin).parent


@contextmanager
def running(more: Mapping[str, str] | None = None, *, memory: str = MEMORY) -> Iterator[str]:
    """The address of the master, once all workers have come; `more` are settings of the drivers, `memory` is
    what each worker has to give."""
    programs = home()
    folder = Path(tempfile.mkdtemp(prefix="haicap-spark-"))
    conf = folder / "conf"
    conf.mkdir()
    told = DEFAULTS | {"spark.local.dir": str(folder / "spill")} | dict(more or {})
    (conf / "spark-defaults.conf").write_text("".join(f"{key} {value}\n" for key, value in told.items()))
    (conf / "log4j2.properties").write_text(LOGS)
    environment = {
        **os.environ,
        "SPARK_HOME": str(programs),
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "SPARK_LOG_DIR": str(folder),
        "SPARK_WORKER_DIR": str(folder / "work"),
    }
    port, page = free_port(), free_port()
    started: list[subprocess.Popen[bytes]] = []
    before = {key: os.environ.get(key) for key in ("SPARK_CONF_DIR", "SPARK_LOCAL_IP")}
    try:
        master = ["master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(page)]
        started.append(launched(programs, master, environment, folder / "master.log"))
        url = f"spark://127.0.0.1:{port}"
        for number in range(WORKERS):
            options = ["--host", "127.0.0.1", "--webui-port", "0", "-c", "1", "-m", memory]
            log = folder / f"worker-{number}.log"
            started.append(launched(programs, ["worker.Worker", *options, url], environment, log))
        wait(started, page, folder)
        os.environ.update({key: environment[key] for key in before})
        yield url
    finally:
        for key, value in before.items():
            os.environ.pop(key, None) if value is None else os.environ.update({key: value})
        for one in reversed(started):
            stop(one)
        shutil.rmtree(folder, ignore_errors=True)


def launched(
    programs: Path, arguments: list[str], environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    command = [str(programs / "bin" / "spark-class"), f"org.apache.spark.deploy.{arguments[0]}"]
    with log.open("wb") as file:
        return subprocess.Popen(
            [*command, *arguments[1:]], env=dict(environment), stdout=file, stderr=file, cwd=log.parent
        )


def wait(started: list[subprocess.Popen[bytes]], page: int, folder: Path, seconds: float = 90) -> None:
    """Until the master's own page counts every worker."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if any(one.poll() is not None for one in started):
            said = "".join(path.read_text("utf-8", "replace")[-500:] for path in folder.glob("*.log"))
            raise RuntimeError(f"Spark ended at once: {said}")
        try:
            with urlopen(f"http://127.0.0.1:{page}/json/", timeout=2) as answer:
                if json.load(answer)["aliveworkers"] == WORKERS:
                    return
        except (OSError, ValueError):
            pass
        time.sleep(0.2)
    raise RuntimeError("the workers of Spark did not come")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
