"""What must not be paid for at each request."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute, iter_route_contexts

import main
from configuration.kit.peers import PeerRegistry
from tests.apps import erp_settings


class TestAnsweringWithoutThreads:
    def test_no_endpoint_and_no_dependency_costs_a_hop_to_a_thread(self, tmp_path: Path) -> None:
        settings = erp_settings(tmp_path)
        apps = [create(settings.of(service), peers=PeerRegistry()) for service, create in main.SERVICES.items()]

        plain = {
            f"{call.__module__}.{getattr(call, '__qualname__', call)}"
            for app in apps
            for route in iter_route_contexts(app.routes)
            if isinstance(route.original_route, APIRoute)
            for call in calls(route.original_route.dependant)
            if not is_async(call)
        }

        assert not plain, "make these `async def`: FastAPI runs plain functions in a thread"


def calls(dependant: Any) -> Iterator[Any]:
    """The endpoint, and everything it depends on."""
    yield dependant.call
    for child in dependant.dependencies:
        yield from calls(child)


def is_async(call: Any) -> bool:
    """Whether FastAPI awaits it instead of handing it to a thread."""
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(type(call).__call__)
