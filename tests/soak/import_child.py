"""The process that gets killed: `python -m tests.soak.import_child prepare | work`."""

import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  models need the apps first

from haicap.accounts.scopes import scope_of  # noqa: E402
from haicap.core import clock  # noqa: E402
from haicap.dossiers import actions  # noqa: E402
from haicap.dossiers.actions import running, sorting, spool  # noqa: E402
from haicap.dossiers.models import Import  # noqa: E402
from tests.cast import make_cast, make_world  # noqa: E402
from tests.dossiers import making  # noqa: E402
from tests.soak.importing import CHUNK, NOW, ROWS  # noqa: E402


def prepare() -> None:
    call_command("migrate", verbosity=0)
    scope = scope_of(make_cast(make_world()).office)
    making.source(scope)
    pieces = [making.as_csv(making.records(ROWS, months=6))]
    actions.receive(by=scope.ref, scope=scope, source=making.SOURCE, pieces=pieces, name="a.csv", queue=False)


def work() -> None:
    """Small chunks, and a word after each."""
    write = running.write

    def told(**given: Any) -> Any:
        done = write(**given)
        print("chunk", flush=True)
        return done

    sorting.CHUNK = CHUNK  # type: ignore[misc]
    spool.PIECE = CHUNK // 2
    running.write = told
    actions.run(batch_id=Import.objects.get().pk)


with clock.frozen(NOW):
    {"prepare": prepare, "work": work}[sys.argv[1]]()
