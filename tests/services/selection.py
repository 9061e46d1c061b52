"""pytest -p tests.services.selection --database-only: leave out what does not ask the database.

What is marked `once` asks it through every layer: pages, files, walks at random. One database of the two is
enough for that; what the queries and actions below them do is run on both.
"""

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

# One server, one cluster for all the tests of a place: they stay in one process.
TOGETHER = ("tests/api/dhis2/test_metadata_clients.py", "tests/warehouse/test_spark.py")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="run only the tests that use the database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-only"):
        return
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        uses = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(
            getattr(item, "fixturenames", ())
        )
        once = item.get_closest_marker("browser") or item.get_closest_marker("once")
        (kept if uses and not once else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


class Together(LoadScopeScheduling):
    """Like `--dist loadgroup`, by place: the mark of that option needs an older pytest."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> Together:
    return Together(config, log)
