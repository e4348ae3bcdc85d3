"""Whether a loan may be renewed, or recalled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from configuration.kit.errors import Blocker
from library_mgt.domain.blocking import NOTHING, OVERRIDE, Against, Reader, counted, reader_blockers
from library_mgt.domain.money import Currency
from library_mgt.domain.policy import Policy
from library_mgt.domain.states import LoanState


@dataclass(frozen=True, slots=True)
class LoanFacts(Reader):
    """All that decides a renewal or a recall, read in one query after patron and title were locked.

    `renewed` counts its renewals, `snapshot` is the rule it was made under. `waiting` counts the requests that any copy
    of the part would do for, `free` the copies on the shelf for them, `insisting` the requests for this very copy. Of
    both kinds, `queued` are those that a librarian let into the queue: they alone are worth a recall.
    """

    loan_id: int
    state: LoanState
    loaned_at: datetime
    due_at: datetime
    renewed: int
    recalled_at: datetime | None
    snapshot: Mapping[str, Any]
    location: str
    waiting: int
    free: int
    insisting: int
    queued: int

    @property
    def wanted(self) -> bool:
        """Whether somebody waits whom only this loan keeps from a copy."""
        return self.insisting > 0 or self.waiting > self.free


def blockers(
    facts: LoanFacts,
    policy: Policy,
    *,
    due_at: datetime | None,
    now: datetime,
    zone: tzinfo,
    against: Against = NOTHING,
    own: bool = False,
) -> list[Blocker]:
    """Every reason against renewing until `due_at`; none means it may be done.

    `due_at` is `None` where no open day is in sight; `own` says the reasons to the reader's own face. Like a request,
    it needs no fresh word from the home service: the new due date keeps to when the reader leaves.
    """
    most = policy.block_overdue
    found = reader_blockers(facts, most, now=now, zone=zone, lending=False, against=against, pointer=None, own=own)
    if facts.renewed >= policy.renewals:
        detail = f"It was renewed {_times(facts.renewed)}; {_times(policy.renewals)} is allowed."
        counts = {"renewals": facts.renewed, "limit": policy.renewals}
        found.append(Blocker("RENEWAL_LIMIT", detail, None, OVERRIDE, counts))
    if facts.recalled_at is not None:
        found.append(Blocker("RENEWAL_RECALLED", "The library has recalled it for another reader.", None, OVERRIDE))
    if facts.wanted:
        waiting = facts.waiting + facts.insisting
        detail = f"{counted(waiting, 'reader')} {'waits' if waiting == 1 else 'wait'} for it, and no copy is free."
        found.append(Blocker("RENEWAL_REQUESTED", detail, None, OVERRIDE, {"waiting": waiting, "free": facts.free}))
    if due_at is None:
        found.append(Blocker("NO_OPEN_DAY", "No day is in sight on which the library is open.", None))
    elif due_at <= max(facts.due_at, now):
        detail = "The new due date would not be later than the present one."
        if due_at > facts.due_at:
            detail = "The new due date would have passed already; bring it to the desk."
        found.append(Blocker("RENEWAL_NO_GAIN", detail, None, None, {"due_at": due_at.isoformat()}))
    return found


def costs_already(fine_minor: int, currency: Currency) -> list[Blocker]:
    """Against renewing what is late and costs money: its fine is charged when it comes back, by how late it is then."""
    if not fine_minor:
        return []
    detail = f"It is late, which costs {currency.said(fine_minor)} by now; bring it back."
    return [Blocker("RENEWAL_LATE", detail, None, OVERRIDE, {"fine_minor": fine_minor, "currency": currency.code})]


def against_recall(facts: LoanFacts, policy: Policy) -> list[Blocker]:
    """Every reason against calling a loan back for who waits."""
    found: list[Blocker] = []
    if facts.recalled_at is not None:
        told = {"recalled_at": facts.recalled_at.isoformat()}
        found.append(Blocker("RECALLED_ALREADY", "It was recalled already.", None, None, told))
    if not policy.recall_allowed:
        found.append(Blocker("RECALL_NOT_ALLOWED", "The rule it was lent under allows no recall."))
    if not facts.queued:
        found.append(Blocker("NOBODY_WAITS", "Nobody waits in the queue for this copy."))
    return found


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times") if number else "never"
