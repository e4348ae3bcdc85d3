"""The library over HTTP, behind the gateway, with people signed in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from configuration.kit.features import audit
from library_mgt.repository.invariants import INVARIANTS
from tests.apps import Erp, erp_settings, mounted
from tests.conftest import MigratedUrl
from tests.people import Someone, signed_in

ROOT = "/ch04/library"


@dataclass
class Desk:
    """Calls in one line each."""

    erp: Erp
    librarian: Someone
    assistant: Someone
    student: Someone
    other: Someone

    async def call(
        self, who: Someone | None, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        """A request; header names are given with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()} | (who.headers if who else {})
        options = {} if body is None else {"json": body}
        return await self.erp.client.request(method, ROOT + path, headers=sent, **options)

    async def book(self, number: int = 1, **more: Any) -> dict[str, Any]:
        """A book with one copy, by the book's address."""
        body = {"book_id": number, "title": f"Book {number}", "author": "A. Author", "classification": "Fiction"}
        added = await self.call(self.librarian, "POST", "/book/add", body | more)
        assert added.status_code == 201, added.text
        made: dict[str, Any] = added.json()
        return made

    async def broken(self) -> list[str]:
        """The names of the truths that do not hold."""
        found = await self.erp.app("library").state.database.read(audit.check, INVARIANTS)
        return [violation.name for violation in found]

    async def audited(self, outcome: str) -> list[tuple[str, str]]:
        """Action and subject of what was done or refused."""
        from sqlalchemy import select

        from configuration.kit.database import Statement
        from configuration.kit.features.audit.tables import audit as table

        statement = Statement(
            select(table.c.action, table.c.subject).where(table.c.outcome == outcome).order_by(table.c.id)
        )
        rows = await self.erp.app("library").state.database.read(lambda tx: tx.all(statement))
        return [(row.action, row.subject) for row in rows]


@pytest.fixture
async def desk(tmp_path: Path, migrated_url: MigratedUrl) -> AsyncIterator[Desk]:
    """A running university with a librarian, an assistant and two students."""
    async with mounted(erp_settings(tmp_path, migrated_url)) as erp:
        yield Desk(
            erp,
            await signed_in(erp.app("library"), "librarian"),
            await signed_in(erp.app("library"), "library_assistant"),
            await signed_in(erp.app("student"), "student"),
            await signed_in(erp.app("student"), "student"),
        )
