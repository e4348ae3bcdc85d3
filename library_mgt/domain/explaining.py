"""Why a loan or a request stands as it does, from its journal and the rule it was made under, and how that is said.

Events of kinds that are not known here are told all the same, by their kind: a new act needs no change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Protocol

from library_mgt.domain.states import LoanState, RequestState


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that made it so: a word for it, the facts in it, and when it was."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


class Speech(Protocol):
    """A language: its sentences, and how it spells days and deadlines."""

    def say(self, message: str) -> str:
        """The message."""

    def many(self, one: str, many: str, count: int) -> str:
        """The message for that many, with the number put in."""

    def day_of(self, instant: datetime) -> str:
        """The day of an instant."""

    def calendar_day(self, value: date) -> str:
        """A day of the calendar."""

    def deadline(self, instant: datetime) -> str:
        """Until when."""


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
    told = [Reason("STATE", {"state": state})]
    if overruled:
        told.append(Reason("OVERRULED", {"codes": ", ".join(overruled)}))
    days = (original_due_at.astimezone(zone).date() - loaned_at.astimezone(zone).date()).days
    told.append(
        Reason(
            "DUE",
            {
                "loaned_at": loaned_at.isoformat(),
                "due_at": original_due_at.isoformat(),
                "days": days,
                "period": rule.get("loan_period"),
                "unit": rule.get("loan_unit"),
            },
        )
    )
    if due_at != original_due_at:
        moved = {"original_due_at": original_due_at.isoformat(), "due_at": due_at.isoformat()}
        told.append(Reason("DUE_MOVED", moved))
    return [*told, *_events(events)]


def of_request(
    state: RequestState,
    events: Iterable[Happened],
    *,
    position: int | None,
    copies: int | None,
    ready_until: datetime | None,
    reason: str | None,
) -> list[Reason]:
    """Why a request is where it is."""
    told = [Reason("STATE", {"state": state})]
    if position is not None:
        told.append(Reason("PLACE", {"position": position, "ahead": position - 1}))
    if copies is not None:
        told.append(Reason("COPIES", {"copies": copies}))
    if ready_until is not None:
        told.append(Reason("KEPT", {"ready_until": ready_until.isoformat()}))
    if reason:
        told.append(Reason("REASON", {"reason": reason}))
    return [*told, *_events(events)]


def words(reason: Reason, speech: Speech) -> str:
    """The reason as a sentence."""
    facts = reason.facts
    told: Mapping[str, Callable[[], str]] = {
        "STATE": lambda: _states(speech)[facts["state"]],
        "OVERRULED": lambda: _filled(
            speech.say("A librarian lent or renewed it all the same: {against}."),
            against=_against(facts["codes"], speech),
        ),
        "DUE": lambda: _due(facts, speech),
        "DUE_MOVED": lambda: _filled(
            speech.say("Since then the due date was moved, to {due}."), due=_until(facts["due_at"], speech)
        ),
        "PLACE": lambda: _place(facts["ahead"], speech),
        "COPIES": lambda: (
            speech.many("%s copy serves the queue.", "%s copies serve the queue.", facts["copies"])
            if facts["copies"]
            else speech.say("No copy serves the queue.")
        ),
        "KEPT": lambda: _filled(
            speech.say("It is kept until {until}, as long as the rule of the place says."),
            until=_until(facts["ready_until"], speech),
        ),
        "REASON": lambda: _filled(speech.say("The reason given: {reason}"), reason=facts["reason"]),
    }
    return told[reason.code]() if reason.code in told else _happened(reason, speech)


def _against(codes: str, speech: Speech) -> str:
    """What was overruled, in words; a code that is not known here is told as it is."""
    say = speech.say
    told = {
        "PATRON_INACTIVE": say("the reader was not active"),
        "PATRON_STANDING_UNAVAILABLE": say("the home service of the reader did not answer"),
        "PATRON_BLOCKED": say("the reader was blocked"),
        "LOAN_LIMIT_REACHED": say("the reader had as many loans as are allowed"),
        "TITLE_ALREADY_ON_LOAN_TO_PATRON": say("the reader had another copy of it"),
        "COPY_NOT_LOANABLE": say("the copy is not for lending"),
        "REQUESTED_BY_ANOTHER": say("the copy was set aside for another reader"),
        "RENEWAL_LIMIT": say("it had been renewed as often as is allowed"),
        "RENEWAL_RECALLED": say("it had been recalled"),
        "RENEWAL_REQUESTED": say("others waited for it"),
        "RENEWAL_LATE": say("it was late, and cost money by then"),
    }
    return ", ".join(told.get(code, code) for code in codes.split(", "))


def _due(facts: Mapping[str, Any], speech: Speech) -> str:
    lent, due = speech.day_of(datetime.fromisoformat(facts["loaned_at"])), _until(facts["due_at"], speech)
    period, unit = facts["period"], facts["unit"]
    if period is None:
        return _filled(
            speech.say("It was lent on {lent}, due {due}; the rule of that time is not known."), lent=lent, due=due
        )
    said = {
        "days": lambda: speech.many("%s day", "%s days", period),
        "hours": lambda: speech.many("%s hour", "%s hours", period),
        "close": lambda: speech.say("until closing"),
    }[unit]()
    if unit == "days" and facts["days"] == period:
        return _filled(speech.say("It was lent on {lent} for {said}: due {due}."), lent=lent, said=said, due=due)
    why = speech.say(
        "It was lent on {lent}, under a rule of {said}; closed days, the end of the term or the leaving of the reader"
        " may move that day: due {due}."
    )
    return _filled(why, lent=lent, said=said, due=due)


def _place(ahead: int, speech: Speech) -> str:
    if not ahead:
        return speech.say("Nobody is ahead of it; the queue is served in the order in which requests were made.")
    return speech.many(
        "%s reader is ahead of it; the queue is served in the order in which requests were made.",
        "%s readers are ahead of it; the queue is served in the order in which requests were made.",
        ahead,
    )


def _events(events: Iterable[Happened]) -> Iterable[Reason]:
    return (Reason(one.kind, dict(one.facts), one.at) for one in events)


def _happened(event: Reason, speech: Speech) -> str:
    say, facts = speech.say, event.facts
    told = {
        "REQUESTED": say("It was requested."),
        "APPROVED": say("A librarian let it into the queue."),
        "REJECTED": say("A librarian declined it."),
        "ALLOCATED": say("A copy was set aside; it is to be fetched from its shelf."),
        "READY": say("A copy was put onto the hold shelf."),
        "REQUEUED": say("The copy that was set aside was given to another reader; it waits again, in its old place."),
        "CANCELLED": say("It was cancelled."),
        "EXPIRED": say("Its time was over."),
        "CHECKED_OUT": say("The copy was lent."),
        "RETURN_ANNOUNCED": say("The reader said it is coming back; only a scan at the desk ends a loan."),
        "RETURNED": say("The copy was scanned at the desk."),
        "RENEWED": say("It was renewed, until {until}."),
        "RECALLED": say("It was recalled, since somebody else waits for it: due {until}."),
        "DUE_CHANGED": say("Its due date was changed."),
        "CLAIMED_RETURNED": say("The reader says it was brought back; the library has not found it yet."),
        "DECLARED_LOST": say("It was declared lost."),
        "SETTLED": say("The loss was settled."),
        "SUSPENDED": say("It was suspended: it keeps its place, and is passed over until {day}."),
        "RESUMED": say("It is served again, in its old place."),
        "NOT_FOUND": say(
            "The copy that was set aside was not in its place; it waits again, where it stood in the queue."
        ),
        "UNDONE": say("The act before was undone."),
        "RENEWAL_UNDONE": say("The renewal before was undone: due {until}."),
    }.get(event.code, f"{event.code.capitalize().replace('_', ' ')}.")
    if "{day}" in told:
        return _filled(told, day=speech.calendar_day(date.fromisoformat(facts["until"])))
    until = _until(facts["due_at"], speech) if "due_at" in facts else ""
    return _filled(told, until=until) if "{until}" in told else told


def _states(speech: Speech) -> Mapping[str, str]:
    say = speech.say
    return {
        "PENDING_APPROVAL": say("It waits for a librarian to decide it."),
        "QUEUED": say("It waits for a copy."),
        "ALLOCATED": say("A copy is set aside and on its way to the hold shelf."),
        "READY": say("A copy lies on the hold shelf."),
        "FULFILLED": say("It ended with a loan."),
        "REJECTED": say("It was declined."),
        "CANCELLED": say("It was cancelled."),
        "EXPIRED": say("It ended since its time was over."),
        "ON_LOAN": say("The copy is out."),
        "CLAIMED_RETURNED": say("The reader says it was brought back; it is being looked for."),
        "LOST": say("The copy is given up for lost."),
        "RETURNED": say("The copy is back."),
        "SETTLED": say("The copy is lost, and that is settled."),
    }


def _until(said: str, speech: Speech) -> str:
    return speech.deadline(datetime.fromisoformat(said))


def _filled(line: str, **known: str) -> str:
    """The line with its places filled; braces in what fills them stay what they are."""
    return line.format_map(known)
