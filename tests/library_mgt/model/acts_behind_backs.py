"""What no use case does and no lock prevents: the database itself has to forbid it."""

from typing import Any

from sqlalchemy import Table, insert, literal, select

from configuration.kit.database import Statement, Transaction
from configuration.kit.errors import Refusal
from library_mgt.models.data.loans import loan
from library_mgt.models.data.requests import request
from tests.library_mgt.model.chance import act, of_the
from tests.library_mgt.model.oracle import ASSIGNED, LIVE, OPEN, Loan, Request
from tests.library_mgt.model.walk import Walk


class Meddling(Walk):
    """Rows are doubled by hand."""

    @act("lent", often=1, one=of_the("lent"))
    def lend_it_twice(self, one: Loan) -> None:
        """A second live loan of a copy."""
        if one.state in LIVE:
            self._forbidden("loan.copy_id", "uq_loan_live_copy", loan, one.id, request_id=None)

    @act("wishes", often=1, one=of_the("wishes"))
    def ask_twice(self, one: Request) -> None:
        """A second open request of a reader for a title and part."""
        if one.state in OPEN:
            free = {"copy_id": None, "state": "QUEUED", "ready_until": None}
            self._forbidden("request.patron_id", "uq_request_open", request, one.id, **free)

    @act("wishes", often=1, one=of_the("to_be_pulled"))
    def set_aside_twice(self, one: Request) -> None:
        """A second request that a copy is set aside for."""
        if one.state in ASSIGNED:
            others = [reader.id for reader in self.oracle.readers if not self._waits(reader, one)]
            for other in others[:1]:
                self._forbidden("request.copy_id", "uq_request_assigned_copy", request, one.id, patron_id=other)

    def _waits(self, reader: Any, one: Request) -> bool:
        assert one.title is not None
        return self.oracle.open_request(reader, one.title, one.part) is not None

    def _forbidden(self, on_sqlite: str, key: str, table: Table, row_id: int, **changed: Any) -> None:
        """Double a row; it is this very key that has to forbid it, and not another one that would, too."""
        try:
            self.stage.database.write_sync(_double, table, row_id, changed)
        except Refusal as refusal:
            said = str(refusal.__cause__)
            assert on_sqlite in said or key in said, f"{key} did not forbid it, but: {said}"
        else:
            raise AssertionError(f"{key} does not forbid it")


def _double(tx: Transaction, table: Table, row_id: int, changed: dict[str, Any]) -> None:
    columns = [one for one in table.c if one.name != "id"]
    row = [literal(changed[one.name], one.type) if one.name in changed else one for one in columns]
    doubled = insert(table).from_select([one.name for one in columns], select(*row).where(table.c.id == row_id))
    tx.run(Statement(doubled))
