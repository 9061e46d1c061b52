"""Fixtures for every test."""

import os
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings

from haicap.audit import actions as audit
from haicap.config.demo import mark

# Once a browser was started, Playwright's loop runs in this thread; Django takes the rest for async views.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# A busy machine is no fault of the code. CI repeats the same examples; make soak seeks new ones.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
    # The second database need not see everything that the first one has seen.
    max_examples=20 if os.environ.get("DATABASE_URL") else 50 if os.environ.get("CI") else 100,
)
settings.load_profile("house")

pytest_plugins = ["tests.cast", "tests.world", "tests.rough", "tests.emptying"]

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True, scope="session")
def _transactions_of_ours() -> None:
    """pytest-django opens a transaction around most tests: no event may take it for the one of its change."""

    def is_inside() -> bool:
        return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)

    audit.is_inside = is_inside


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files with right answers; they are not part of the repository."""
    path = SHARED / "data"
    if not path.is_dir():
        pytest.skip("../shared/data is not beside this checkout")
    return path


@pytest.fixture(autouse=True)
def _own_directories(settings: object, tmp_path: Path) -> None:
    """No test writes into the data directory of a running product."""
    settings.WAREHOUSE_DIR = tmp_path / "warehouse"  # type: ignore[attr-defined]
    # A command that a test called speaks the language of its operator, and would go on speaking it.
    translation.deactivate()
    # Pages are counted by their queries; the one of the demo mark comes once in half a minute.
    mark.forget(until=float("inf"))
    counters = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    settings.CACHES = {"default": counters}  # type: ignore[attr-defined]
