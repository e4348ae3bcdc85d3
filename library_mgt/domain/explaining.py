"""Why a loan or a request stands as it does, in sentences and facts, from its journal and the rule it was made under.

Events of kinds that are not known here are told all the same, by their kind: a new act needs no change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Protocol

from library_mgt.domain.states import LoanState, RequestState


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that made it so: a word for programs, a sentence for people, the facts in it, and when it was."""

    code: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


class Happened(Protocol):
    """An event of the journal."""

    @property
    def kind(self) -> str:
        """What happened."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What is known of it."""


_EVENTS: Mapping[str, str] = {
    "REQUESTED": "It was requested.",
    "APPROVED": "A librarian let it into the queue.",
    "REJECTED": "A librarian declined it.",
    "ALLOCATED": "A copy was set aside; it is to be fetched from its shelf.",
    "READY": "A copy was put onto the hold shelf.",
    "REQUEUED": "The copy that was set aside was given to another reader; it waits again, in its old place.",
    "CANCELLED": "It was cancelled.",
    "EXPIRED": "Its time was over.",
    "CHECKED_OUT": "The copy was lent.",
    "RETURN_ANNOUNCED": "The reader said it is coming back; only a scan at the desk ends a loan.",
    "RETURNED": "The copy was scanned at the desk.",
    "RENEWED": "It was renewed.",
    "RECALLED": "It was recalled: somebody else waits for it.",
    "DUE_CHANGED": "Its due date was changed.",
    "CLAIMED_RETURNED": "The reader says it was brought back; the library has not found it yet.",
    "DECLARED_LOST": "It was declared lost.",
    "SETTLED": "The loss was settled.",
    "SUSPENDED": "It was suspended: it keeps its place, and is passed over until then.",
    "UNDONE": "The act before was undone.",
}
_REQUEST_STATES: Mapping[RequestState, str] = {
    "PENDING_APPROVAL": "It waits for a librarian to decide it.",
    "QUEUED": "It waits for a copy.",
    "ALLOCATED": "A copy is set aside and on its way to the hold shelf.",
    "READY": "A copy lies on the hold shelf.",
    "FULFILLED": "It ended with a loan.",
    "REJECTED": "It was declined.",
    "CANCELLED": "It was cancelled.",
    "EXPIRED": "It ended since its time was over.",
}
_LOAN_STATES: Mapping[LoanState, str] = {
    "ON_LOAN": "The copy is out.",
    "CLAIMED_RETURNED": "The reader says it was brought back; it is being looked for.",
    "LOST": "The copy is given up for lost.",
    "RETURNED": "The copy is back.",
    "SETTLED": "The copy is lost, and that is settled.",
}


def of_loan(
    state: LoanState,
    events: Iterable[Happened],
    rule: Mapping[str, Any],
    *,
    loaned_at: datetime,
    original_due_at: datetime,
    due_at: datetime,
    overruled: Sequence[str],
    zone: tzinfo,
) -> list[Reason]:
    """Why a loan is where it is, and due when it is due."""
    told = [Reason("STATE", _LOAN_STATES[state], {"state": state})]
    if overruled:
        codes = ", ".join(overruled)
        told.append(
            Reason("OVERRULED", f"A librarian lent it although this stood against it: {codes}.", {"codes": codes})
        )
    return [*told, *_due(rule, loaned_at, original_due_at, due_at, zone), *_events(events)]


def of_request(
    state: RequestState,
    events: Iterable[Happened],
    *,
    position: int | None,
    copies: int | None,
    ready_until: datetime | None,
    reason: str | None,
    zone: tzinfo,
) -> list[Reason]:
    """Why a request is where it is."""
    told = [Reason("STATE", _REQUEST_STATES[state], {"state": state})]
    if position is not None:
        ahead = position - 1
        who = "Nobody is" if ahead == 0 else "One reader is" if ahead == 1 else f"{ahead} readers are"
        text = f"{who} ahead of it; the queue is served in the order in which requests were made."
        told.append(Reason("PLACE", text, {"position": position, "ahead": ahead}))
    if copies is not None:
        many = "No copy serves" if copies == 0 else "One copy serves" if copies == 1 else f"{copies} copies serve"
        told.append(Reason("COPIES", f"{many} the queue.", {"copies": copies}))
    if ready_until is not None:
        text = f"It is kept until {_day(ready_until, zone)}, as long as the rule of the place says."
        told.append(Reason("KEPT", text, {"ready_until": ready_until.isoformat()}))
    if reason:
        told.append(Reason("REASON", f"The reason given: {reason}", {"reason": reason}))
    return [*told, *_events(events)]


def _due(
    rule: Mapping[str, Any], loaned_at: datetime, original: datetime, due: datetime, zone: tzinfo
) -> Iterable[Reason]:
    period, unit = rule.get("loan_period"), rule.get("loan_unit")
    facts = {"loaned_at": loaned_at.isoformat(), "due_at": original.isoformat(), "period": period, "unit": unit}
    lent, day = _day(loaned_at, zone), _day(original, zone)
    if period is None:
        yield Reason("DUE", f"It was lent on {lent}, due {day}; the rule of that time is not known.", facts)
    elif unit == "days" and (original.astimezone(zone).date() - loaned_at.astimezone(zone).date()).days == period:
        yield Reason("DUE", f"It was lent on {lent} for {period} days: due {day}.", facts)
    else:
        said = {"days": f"{period} days", "hours": f"{period} hours", "close": "until closing"}.get(
            str(unit), str(period)
        )
        why = "closed days, the end of the term or the reader's leaving may move that day"
        yield Reason("DUE", f"It was lent on {lent}, under a rule of {said}; {why}: due {day}.", facts)
    if due != original:
        moved = {"original_due_at": original.isoformat(), "due_at": due.isoformat()}
        yield Reason("DUE_MOVED", f"Since then the due date was moved, to {_day(due, zone)}.", moved)


def _events(events: Iterable[Happened]) -> Iterable[Reason]:
    for one in events:
        said = _EVENTS.get(one.kind, f"{one.kind.capitalize().replace('_', ' ')}.")
        yield Reason(one.kind, said, dict(one.facts), one.at)


def _day(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).date().isoformat()
