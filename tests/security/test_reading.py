"""GET, HEAD and OPTIONS change nothing, whoever sends them."""

from typing import Any

from sqlalchemy import select

from configuration.kit.database import Statement, Transaction
from configuration.kit.features import audit
from configuration.kit.security.tokens import SERVICES
from tests.apps import Erp
from tests.security.cast import Cast
from tests.security.test_access_matrix import routes_of

SAFE = ("GET", "HEAD", "OPTIONS")


def dump(tx: Transaction, metadata: Any) -> dict[str, list[Any]]:
    """Every row of every table."""
    return {
        table.name: sorted(map(repr, tx.all(Statement(select(table))))) for md in metadata for table in md.sorted_tables
    }


async def snapshot(erp: Erp) -> dict[str, Any]:
    """All three databases, once the audit is sealed."""
    found: dict[str, Any] = {}
    for service in SERVICES:
        app = erp.app(service)
        await app.state.database.write(audit.seal, app.state.clock())
        metadata = __import__(f"{service}_mgt.models.data", fromlist=["ALL_METADATA"]).ALL_METADATA
        found[service] = await app.state.database.read(dump, metadata)
    return found


class TestReading:
    """Looking is not touching."""

    async def test_no_safe_request_changes_a_row(self, cast: Cast) -> None:
        erp = cast.erp
        routes = [route for route in routes_of(erp.apps, erp.gateway) if route.method == "get"]
        people = ["student", "registrar", "lecturer", "dean", "librarian", "auditor of library"]
        before = await snapshot(erp)

        for route in routes:
            for number in ("1", "987654321"):
                for method in SAFE:
                    for name in people:
                        path = route.url.replace("987654321", number)
                        answer = await erp.client.request(method, path, headers=cast.of(name).headers)
                        assert answer.status_code < 500, (method, path, name)

        assert await snapshot(erp) == before

    async def test_a_write_is_seen_by_the_snapshot(self, cast: Cast) -> None:
        before = await snapshot(cast.erp)

        await cast.erp.client.post("/ch04/student/logout", headers=cast.of("student").headers)

        after = await snapshot(cast.erp)
        assert after["student"] != before["student"]
        assert after["library"] == before["library"]
