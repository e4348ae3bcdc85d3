"""What the database holds, as plain values beside the oracle's."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from configuration.kit.database import Statement, Transaction
from configuration.kit.features import audit
from library_mgt.domain.money import CHARGES
from library_mgt.models.data.copies import copy
from library_mgt.models.data.fees import fee_allocation, fee_line, till
from library_mgt.models.data.loans import loan
from library_mgt.models.data.requests import request
from library_mgt.repository import patrons
from library_mgt.repository.invariants import INVARIANTS
from library_mgt.services import fees, requests
from tests.library_mgt.model import rules_of_money
from tests.library_mgt.model.oracle import Charge, Copy, Loan, Oracle, Reader, Request, Title
from tests.library_mgt.model.rule_book import ZONE
from tests.library_mgt.model.stage import Stage

Things = Mapping[str, object]

_REQUESTS = Statement(
    select(
        request.c.id, request.c.state, request.c.patron_id, request.c.title_id, request.c.part, request.c.copy_id,
        request.c.wished_copy_id, request.c.pickup_location, request.c.ready_until, request.c.suspended_until,
    ).order_by(request.c.id)
)  # fmt: skip
_LOANS = Statement(
    select(
        loan.c.id, loan.c.state, loan.c.patron_id, loan.c.title_id, loan.c.copy_id, loan.c.due_at, loan.c.returned_at,
        loan.c.recalled_at, loan.c.announced_at, loan.c.request_id, loan.c.overrides, loan.c.renewals,
    ).order_by(loan.c.id)
)  # fmt: skip
_COPIES = Statement(select(copy.c.id, copy.c.title_id, copy.c.part, copy.c.status).order_by(copy.c.id))
_WAITING = Statement(
    select(request.c.id, request.c.title_id, request.c.part)
    .where(request.c.state == "QUEUED")
    .order_by(request.c.band, request.c.seq, request.c.id)
)
_LINES = Statement(
    select(fee_line.c.id, fee_line.c.patron_id, fee_line.c.loan_id, fee_line.c.kind, fee_line.c.amount_minor).order_by(
        fee_line.c.id
    )
)
_SHARES = Statement(
    select(fee_allocation.c.charge_id, fee_line.c.kind, fee_allocation.c.amount_minor).join(
        fee_line, fee_line.c.id == fee_allocation.c.line_id
    )
)
_TILL = Statement(select(till.c.last_receipt).where(till.c.code == "main"))


def differences(oracle: Oracle, stage: Stage) -> list[str]:
    """Where the two worlds differ, thing by thing."""
    there, here = stage.read(_held), _remembered(oracle)
    names = sorted(there.keys() | here.keys())
    return [
        f"{name}: {there.get(name)} instead of {here.get(name)}" for name in names if there.get(name) != here.get(name)
    ]


def _held(tx: Transaction) -> Things:
    things: dict[str, object] = {}
    for row in tx.all(_REQUESTS):
        things[f"request {row.id}"] = tuple(row)[1:]
    for row in tx.all(_LOANS):
        announced, overridden = row.announced_at is not None, tuple((row.overrides or {}).get("codes", ()))
        things[f"loan {row.id}"] = (*tuple(row)[1:8], announced, row.request_id, overridden, row.renewals)
    for row in tx.all(_COPIES):
        things[f"copy {row.id}"] = tuple(row)[1:]
    queues: dict[str, tuple[int, ...]] = {}
    for row in tx.all(_WAITING):
        queue = f"queue of {row.title_id} {row.part!r}"
        queues[queue] = (*queues.get(queue, ()), row.id)
    return {**things, **queues, **_ledger(tx)}


def _ledger(tx: Transaction) -> Things:
    """Charges in the order they were made, what each reader owes, and the last receipt."""
    shares: dict[tuple[int, bool], int] = {}
    for row in tx.all(_SHARES):
        let_off = row.kind == "WAIVER"
        shares[row.charge_id, let_off] = shares.get((row.charge_id, let_off), 0) - row.amount_minor
    owed: dict[str, int] = {}
    charges: list[tuple[object, ...]] = []
    for row in tx.all(_LINES):
        account = f"account {row.patron_id}"
        owed[account] = owed.get(account, 0) + row.amount_minor
        if row.kind in CHARGES:
            charges.append((*row[1:], shares.get((row.id, False), 0), shares.get((row.id, True), 0)))
    numbered: dict[str, object] = {f"charge {place}": one for place, one in enumerate(charges)}
    return numbered | owed | {"last receipt": tx.scalar(_TILL)}


def charge_ids(tx: Transaction) -> list[int]:
    """The ids of all charges in the order they were made."""
    return [row.id for row in tx.all(_LINES) if row.kind in CHARGES]


def _remembered(oracle: Oracle) -> Things:
    things: dict[str, object] = {f"request {one.id}": _of_request(one) for one in oracle.requests}
    things |= {f"loan {one.id}": _of_loan(one) for one in oracle.loans}
    things |= {f"copy {one.id}": (one.title.id, one.part, one.status) for one in oracle.copies}
    for one in oracle.titles:
        for part in sorted({waiting.part for waiting in oracle.open() if waiting.title is one}):
            if queue := oracle.queue(one, part):
                things[f"queue of {one.id} {part!r}"] = tuple(waiting.id for waiting in queue)
    things |= {f"charge {place}": _of_charge(one) for place, one in enumerate(oracle.charges)}
    things |= {f"account {one.reader.id}": rules_of_money.balance(oracle, one.reader) for one in oracle.charges}
    return things | {"last receipt": oracle.receipts}


def _of_charge(one: Charge) -> tuple[object, ...]:
    loan = one.loan.id if one.loan else None
    return one.reader.id, loan, one.kind, one.amount, one.paid, one.let_off


def _of_request(one: Request) -> tuple[object, ...]:
    title, held, wished = _id(one.title), _id(one.copy), _id(one.wished)
    return one.state, one.reader.id, title, one.part, held, wished, one.pickup, one.ready_until, one.suspended_until


def _of_loan(one: Loan) -> tuple[object, ...]:
    fulfils = one.request.id if one.request else None
    when = one.due_at, one.returned_at, one.recalled_at, one.announced
    return one.state, one.reader.id, _id(one.title), _id(one.copy), *when, fulfils, one.overridden, one.renewals


def _id(thing: Title | Copy | None) -> int | None:
    return thing.id if thing is not None else None


def truths(stage: Stage) -> list[str]:
    """The truths as SQL that do not hold."""
    found: list[Any] = stage.read(audit.check, INVARIANTS)
    return [f"{one.name}: {one.sentence} {one.examples}" for one in found]


def counts(oracle: Oracle, stage: Stage) -> list[str]:
    """Figures that people are shown, where they are wrong: loans and requests of readers, debts, places in queues."""
    found = []
    for reader in oracle.readers:
        found += _account(oracle, stage, reader)
        seen = stage.read(patrons.by_id, reader.id)
        assert seen is not None
        told = (seen.live_loans, seen.open_requests)
        right = (len(oracle.live(reader=reader)), len(oracle.open(reader=reader)))
        if told != right:
            found.append(f"{reader} is told of {told} loans and requests instead of {right}")
    for title in oracle.titles:
        places = {one.id: one.position for one in stage.read(requests.queue_of, title.id) if one.position}
        parts = sorted({one.part for one in oracle.open() if one.title is title})
        right_places = {one.id: place + 1 for part in parts for place, one in enumerate(oracle.queue(title, part))}
        if places != right_places:
            found.append(f"{title}: places {places} instead of {right_places}")
    return found


def _account(oracle: Oracle, stage: Stage, reader: Reader) -> list[str]:
    """What a reader is told to owe and to have growing, and why nothing is lent to them."""
    seen = stage.read(fees.account, reader.id, now=oracle.now, zone=ZONE)
    told = (seen.balance_minor, seen.projected_minor)
    right = (rules_of_money.balance(oracle, reader), rules_of_money.growing(oracle, reader))
    found = [f"{reader} is told of a debt of {told} instead of {right}"] if told != right else []
    against = stage.read(requests.standing_in_the_way, reader.actor, now=oracle.now, zone=ZONE)
    kinds = {one.facts["kind"] for one in against if one.code == "PATRON_BLOCKED" and one.facts}
    blocks = rules_of_money.blocks(oracle, reader, oracle.book.rule(None, reader.group, None))
    if kinds != blocks:
        found.append(f"{reader} is told to be blocked for {kinds} instead of {blocks}")
    return found
