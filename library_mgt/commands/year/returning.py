"""Copies on their way back: over the desk, or through the flap in the wall."""

from datetime import datetime
from functools import partial
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.security.actor import Actor
from library_mgt.commands.year import paying
from library_mgt.commands.year.readers import Out, Reader
from library_mgt.commands.year.setting import PLACE, Library
from library_mgt.services import returns
from library_mgt.services.attested import last_closing
from library_mgt.services.returns import CheckIn


def over_the_desk(library: Library, reader: Reader, out: Out) -> None:
    """Have it scanned at the desk, some time today."""
    library.act(
        library.sometime(), "returns.return_copy", f"copy:{out.barcode}", library.assistant, returns.return_copy,
        out.barcode, location=PLACE, then=partial(brought, library, reader, out), **library.zone,
    )  # fmt: skip


def empty_flap(library: Library, reader: Reader, out: Out) -> None:
    """Scan what lies under the flap; it counts as brought when the library last closed."""
    if out.loan_id not in reader.out:
        return
    assert library.hours is not None

    def scan(tx: Transaction, *, by: Actor, now: datetime, **zone: Any) -> CheckIn:
        dropped = last_closing(tx, PLACE, now=now, **zone)
        return returns.return_copy(tx, out.barcode, location=PLACE, returned_at=dropped, by=by, now=now, **zone)

    library.act(
        library.at(library.hours.opens, library.chance.uniform(2, 12)), "returns.return_copy", f"copy:{out.barcode}",
        library.assistant, scan, then=partial(brought, library, reader, out), **library.zone,
    )  # fmt: skip


def brought(library: Library, reader: Reader, out: Out, check_in: CheckIn) -> None:
    """It is back; who was late will have something to pay."""
    reader.out.pop(out.loan_id, None)
    if check_in.overdue:
        paying.owing(library, reader)
