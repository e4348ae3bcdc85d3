"""What keeps a reader from borrowing or requesting, whatever the title."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from configuration.kit.days import local_day
from configuration.kit.errors import Blocker
from library_mgt.domain.money import Currency

ENDLESS = date.max
"""The last day of a block that has none."""

STANDING_LASTS = timedelta(hours=24)
"""How old what the home service said of a reader may be when something is lent."""

OVERRIDE = "librarian"


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of a reader. `as_of` is when the home service said so; a local reader has none.

    `blocked_until` is the last day of the longest block that was not lifted; `debt_minor` is what the ledger says.
    """

    patron_id: int
    active: bool
    until: date | None
    as_of: datetime
    local: bool
    blocked_until: date | None
    overdue: int
    debt_minor: int

    def blocked(self, today: date) -> bool:
        """Whether a block holds on that day."""
        return self.blocked_until is not None and self.blocked_until >= today


@dataclass(frozen=True, slots=True)
class Block:
    """Why somebody of the staff blocked a reader, and until which day, where it has an end."""

    reason: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Debt:
    """What a reader owes: by the ledger, and for what is late and still out were it brought back at this moment.

    From `threshold_minor` on nothing more is lent.
    """

    ledger_minor: int
    projected_minor: int
    threshold_minor: int
    currency: Currency

    @property
    def total_minor(self) -> int:
        """Both together."""
        return self.ledger_minor + self.projected_minor

    @property
    def blocks(self) -> bool:
        """Whether it is too much to borrow more. Who owes nothing is never kept from it."""
        return self.total_minor > 0 and self.total_minor >= self.threshold_minor


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against a reader beside the reader's own row."""

    blocks: Sequence[Block] = ()
    debt: Debt | None = None


NOTHING = Against()


def reader_blockers(
    reader: Reader,
    block_overdue: int,
    *,
    now: datetime,
    zone: tzinfo,
    lending: bool,
    against: Against = NOTHING,
    pointer: str | None = "/patron",
    own: bool = False,
) -> list[Blocker]:
    """Every reason that lies in the reader; with `block_overdue` loans overdue nothing more is lent.

    Only lending needs fresh word from the home service: a request may be made while it is away. `own` says it to the
    reader's own face.
    """
    subject, has, whose = (
        ("You are", "You have", "Your") if own else ("The reader is", "The reader has", "The reader's")
    )
    found: list[Blocker] = []
    if not reader.active:
        found.append(Blocker("PATRON_INACTIVE", f"{subject} not active at the university.", pointer, OVERRIDE))
    elif reader.until is not None and reader.until < local_day(now, zone):
        detail = f"{whose} membership ended on {reader.until.isoformat()}."
        found.append(Blocker("PATRON_INACTIVE", detail, pointer, OVERRIDE, {"until": reader.until.isoformat()}))
    elif lending and not reader.local and now - reader.as_of > STANDING_LASTS:
        detail = "The reader's home service does not answer, and what it last said is older than a day."
        facts = {"as_of": reader.as_of.isoformat()}
        found.append(Blocker("PATRON_STANDING_UNAVAILABLE", detail, pointer, OVERRIDE, facts))
    found += [_blocked(block, subject, pointer) for block in against.blocks]
    if against.debt is not None and against.debt.blocks:
        found.append(_in_debt(against.debt, "You" if own else "The reader", pointer, own=own))
    if reader.overdue >= block_overdue:
        detail = f"{has} {counted(reader.overdue, 'overdue loan')}; with {block_overdue} nothing more is lent."
        counts = {"kind": "overdue", "overdue": reader.overdue, "threshold": block_overdue}
        way_out = "It ends when they are brought back or renewed."
        found.append(Blocker("PATRON_BLOCKED", f"{detail} {way_out}", pointer, OVERRIDE, counts))
    return found


def _blocked(block: Block, subject: str, pointer: str | None) -> Blocker:
    ends = f"It ends after {block.until.isoformat()}, or when" if block.until else "It ends when"
    detail = f"{subject} blocked: {block.reason.rstrip('.')}. {ends} a librarian lifts it."
    facts = {"kind": "manual", "until": block.until.isoformat() if block.until else None}
    return Blocker("PATRON_BLOCKED", detail, pointer, OVERRIDE, facts)


def _in_debt(debt: Debt, subject: str, pointer: str | None, *, own: bool) -> Blocker:
    said = debt.currency.said
    part = f", {said(debt.projected_minor)} of it for what is late and still out" if debt.projected_minor else ""
    detail = (
        f"{subject} owe{'' if own else 's'} {said(debt.total_minor)}{part}; "
        f"from {said(max(debt.threshold_minor, 1))} on nothing more is lent. It ends when enough is paid at the desk."
    )
    facts = {
        "kind": "debt",
        "owed_minor": debt.total_minor,
        "ledger_minor": debt.ledger_minor,
        "projected_minor": debt.projected_minor,
        "threshold_minor": debt.threshold_minor,
        "currency": debt.currency.code,
    }
    return Blocker("PATRON_BLOCKED", detail, pointer, OVERRIDE, facts)


def counted(number: int, thing: str) -> str:
    """*1 loan*, *2 loans*."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
