"""schemathesis against the product in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode


@contextmanager
def contract_of(document: dict[str, Any]) -> Iterator[Any]:
    """The schema of an OpenAPI document, to be asked without a server."""
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url="http://testserver")
    schema.app = get_wsgi_application()
    # as Django's own test client: a request in process must not drop the connection of the test
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield schema
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def tried(
    contract: Any, mode: GenerationMode, examples: int, ask: Callable[[Any], Any]
) -> dict[str, set[int]]:
    """path → statuses of the answers; `ask` sends one case and checks what comes back."""
    found: dict[str, set[int]] = {}
    for result in contract.get_all_operations():
        operation = result.ok()
        if mode is GenerationMode.NEGATIVE and not list(operation.iter_parameters()):
            continue

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def one(case: Any) -> None:
            found.setdefault(case.operation.path, set()).add(ask(case).status_code)

        one()
    return found
