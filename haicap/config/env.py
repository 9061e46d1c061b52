"""Read the environment once, with defaults that are safe on one machine."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def text(name: str, default: str) -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    given = os.environ.get(name, "").strip()
    try:
        return int(given) if given else default
    except ValueError:
        raise SystemExit(f"{name}: a whole number is needed, not {given!r}") from None


def words(name: str, default: str) -> list[str]:
    return os.environ.get(name, default).split()


def secret_key(data_dir: Path) -> str:
    """The key comes from the environment, else from a file that is made at the first start."""
    given = os.environ.get("HAICAP_SECRET_KEY", "")
    if given:
        return given
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = data_dir / f"secret.key.{os.getpid()}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        # Linked, not written in place: a kill leaves no empty key, two first starts end up with the same one.
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text()


def engine() -> str:
    """HAICAP_ENGINE=spark://host:port[,host:port]; "" for the engine inside this process."""
    url = os.environ.get("HAICAP_ENGINE", "").strip()
    if url and not (url.startswith("spark://") and url.removeprefix("spark://")):
        raise SystemExit("HAICAP_ENGINE: spark://host:port is needed, or nothing")
    return url


def mail() -> dict[str, Any]:
    """HAICAP_MAIL_URL=smtp+tls://user:password@host:587 (STARTTLS), smtps:// (TLS from the start) or smtp://
    (in the clear, for a server on this machine), as Django's EMAIL_… settings; {} when no mail goes out."""
    url = os.environ.get("HAICAP_MAIL_URL", "")
    if not url:
        return {}
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise SystemExit("HAICAP_MAIL_URL: smtp+tls://user:password@host:port is needed")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def database(data_dir: Path) -> dict[str, Any]:
    """DATABASE_URL=postgres://user:password@host:port/name, else SQLite in the data directory."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "haicap.sqlite3",
            "OPTIONS": {
                # a transaction that reads first and writes later would else fail instead of waiting
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: an acknowledged value must survive a power cut too; NORMAL only survives a kill
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise SystemExit("DATABASE_URL: postgres://user:password@host:port/name is needed")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
