"""A PostgreSQL cluster for one test run: made in a temporary folder, on loopback, and gone afterwards.

    with running() as url: ...      # url goes into DATABASE_URL
    python -m tests.services.postgres COMMAND …      # runs it with DATABASE_URL set

A server refuses to run as root, so root hands it to a service user. NotInstalledError when there is none.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
SERVICE_USERS = ("postgres", "nobody")
# Losing a test database in a power cut is no loss
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60"]


class NotInstalledError(Exception):
    """No PostgreSQL server is installed here."""


def programs() -> Path:
    """The folder of initdb and postgres, newest version first."""
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    if versions:
        return versions[0].parent
    found = shutil.which("initdb")
    if found and (Path(found).resolve().parent / "postgres").exists():
        return Path(found).resolve().parent
    raise NotInstalledError("PostgreSQL server (Debian: apt-get install postgresql)")


def service_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in SERVICE_USERS:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NotInstalledError("a service user to run PostgreSQL as")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[str]:
    binaries, user = programs(), service_user()
    home = Path(tempfile.mkdtemp(prefix="haicap-pg-"))
    port, password = free_port(), secrets.token_hex(16)
    secret = home / "password"
    secret.write_text(password)
    if user:
        owner = pwd.getpwnam(user)
        for path in (home, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    server: subprocess.Popen[bytes] | None = None
    try:
        start = [binaries / "initdb", "-D", home / "data", "-U", "haicap", "--pwfile", secret, "-E", "UTF8"]
        as_user([*start, "--locale", "C.UTF-8", "-A", "scram-sha-256", "--no-sync"], user, home)
        options = [part for option in FAST for part in ("-c", option)]
        listen = ["-h", "127.0.0.1", "-p", str(port), "-k", home, *options]
        server = subprocess.Popen(
            [str(part) for part in (binaries / "postgres", "-D", home / "data", *listen)],
            user=user, extra_groups=[] if user else None, cwd=home,
            stdout=subprocess.DEVNULL, stderr=(home / "log").open("wb"),
        )  # fmt: skip
        wait(server, port, home / "log")
        yield f"postgres://haicap:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server:
            stop(server)
        shutil.rmtree(home, ignore_errors=True)


def as_user(command: list[object], user: str | None, home: Path) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=user, extra_groups=[] if user else None, cwd=home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-500:]}")


def wait(server: subprocess.Popen[bytes], port: int, log: Path, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once: {log.read_text('utf-8')[-500:]}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL does not answer: {log.read_text('utf-8')[-500:]}")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def ended(number: int, frame: object) -> None:
    """A word from outside must still stop the server and remove its folder."""
    raise SystemExit(128 + number)


def main() -> int:
    signal.signal(signal.SIGTERM, ended)
    try:
        with running() as url:
            environment = {**os.environ, "DATABASE_URL": url}
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    except NotInstalledError as missing:
        sys.stderr.write(f"not installed: {missing}\n")
        return 69


if __name__ == "__main__":
    sys.exit(main())
