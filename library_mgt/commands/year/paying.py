"""Money: what readers owe, and when they pay it, are let off, or are turned away because of it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from library_mgt.commands.year.readers import Reader
from library_mgt.commands.year.setting import Library
from library_mgt.domain.money import Method
from library_mgt.models.request.fees import PaymentCreate, WaiverCreate
from library_mgt.services import fees, losses, payments

LET_OFF = 0.06
"""The share of those who owe something and are let off, with a reason."""
HALF = 0.1
"""The share of those who pay half of it now."""
REASONS = ("The lift was out of order.", "Was in hospital; has shown a certificate.", "First time, and asked nicely.")
METHODS: tuple[Method, ...] = ("CASH", "CARD", "CARD", "TRANSFER")
BLOCKED = "PATRON_BLOCKED"


def owing(library: Library, reader: Reader, *, lost: int | None = None) -> None:
    """Owe something from now on: pay it some day, be let off, or forget about it until the desk says no."""
    if library.happens(LET_OFF):
        library.when_open(library.in_days(1, 10), partial(let_off, library, reader))
    elif library.happens(reader.pays):
        library.when_open(library.in_days(1, 25), partial(pay, library, reader, lost))


def turned_away(library: Library, reader: Reader, refusal: Refusal) -> None:
    """Hear at the desk that too much is owed: most pay then."""
    if reader.patron_id is not None and any(one.code == BLOCKED for one in refusal.blockers) and library.happens(0.8):
        library.when_open(library.in_days(1, 4), partial(pay, library, reader, None))


def pay(library: Library, reader: Reader, lost: int | None) -> None:
    """Pay at the desk what is open, or half of it; a loss that is paid for is settled."""
    patron_id = reader.patron_id
    assert patron_id is not None
    parts = 2 if library.happens(HALF) else 1
    method = library.chance.choice(METHODS)

    def over_the_counter(tx: Transaction, *, by: Actor, now: datetime, **zone: Any) -> None:
        owed = fees.account(tx, patron_id, now=now, **zone).balance_minor
        if owed:
            payment = PaymentCreate(amount_minor=-(-owed // parts), method=method)
            payments.pay(tx, patron_id, payment, by=by, now=now)

    at = library.sometime()
    about = f"patron:{patron_id}"
    library.act(at, "payments.pay", about, library.assistant, over_the_counter, **library.zone)
    if lost is not None:
        settled = at + timedelta(minutes=1)
        library.act(settled, "losses.settle", f"loan:{lost}", library.librarian, losses.settle, lost)


def let_off(library: Library, reader: Reader) -> None:
    """Ask a librarian, who lets them off the oldest charge that is open."""
    patron_id = reader.patron_id
    assert patron_id is not None
    reason = library.chance.choice(REASONS)

    def forgive(tx: Transaction, *, by: Actor, now: datetime, **zone: Any) -> None:
        charges = fees.account(tx, patron_id, now=now, **zone).open_charges
        if charges:
            payments.waive(tx, charges[0].id, WaiverCreate(reason=reason), by=by, now=now)

    about = f"patron:{patron_id}"
    library.act(library.sometime(), "payments.waive", about, library.librarian, forgive, **library.zone)
