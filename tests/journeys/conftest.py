"""Where journeys are told: on a campus of their own, or on the running university that `tests/contracts` probes."""

import pytest

from tests.contracts.conftest import stage

__all__ = ["stage"]

TOLD_FIRST = {"TestFirstLoan": ("alone", "sqlite"), "TestChapterFour": ("mounted", "postgresql")}
"""Where `make test` tells each journey; everywhere else it is told in the long form."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the other combinations of mode and database to the long form."""
    for item in items:
        told = getattr(item, "callspec", None)
        if told is None or "/journeys/" not in item.nodeid:
            continue
        if told.params.get("stage") == "postgresql":
            item.add_marker(pytest.mark.long)
        mode = told.params.get("mode") or told.params.get("campus")
        if mode and (mode, told.params.get("backend")) != TOLD_FIRST.get(item.nodeid.split("::")[1]):
            item.add_marker(pytest.mark.long)
