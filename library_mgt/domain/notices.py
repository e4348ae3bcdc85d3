"""What readers are told without asking, and on which day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from library_mgt.domain.states import LoanState, RequestState

Kind = Literal["READY", "REJECTED", "EXPIRED", "RECALLED", "DUE_SOON", "OVERDUE"]
NOTICE_STATES = ("WAITING", "SENT", "DROPPED")
CHANNELS = ("mail", "page")

OF_EVENT: Mapping[str, Kind] = {
    "READY": "READY",
    "REJECTED": "REJECTED",
    "EXPIRED": "EXPIRED",
    "RECALLED": "RECALLED",
}
"""Events of which the reader is told, in the transaction that makes them."""


@dataclass(frozen=True, slots=True)
class Steps:
    """How many days before a loan is due its reader is reminded, and how many days after it is asked for."""

    before: tuple[int, ...]
    after: tuple[int, ...]

    def reached(self, due: date, since: date, today: date) -> int | None:
        """The step that a loan stands at: negative before the due day, positive after it, `None` at none.

        Only the latest counts, so that after days without a run nobody gets all that was missed. A step that had passed
        when the due day was set, `since` when it holds, says nothing new.
        """
        late = (today - due).days
        past = [step for step in self.after if step <= late]
        if past:
            return max(past)
        coming = [days for days in self.before if -days <= late <= 0 and due - timedelta(days=days) > since]
        return -min(coming) if coming else None

    @property
    def first(self) -> int:
        """How many days before the due day the first step is."""
        return max(self.before, default=0)


class About(Protocol):
    """A notice, with the loan or the request that it is about."""

    @property
    def kind(self) -> Kind:
        """What it says."""

    @property
    def loan_state(self) -> LoanState | None:
        """How the loan stands now."""

    @property
    def request_state(self) -> RequestState | None:
        """How the request stands now."""

    @property
    def title(self) -> str | None:
        """The title."""

    @property
    def due_at(self) -> datetime | None:
        """When the loan is due."""

    @property
    def ready_until(self) -> datetime | None:
        """Until when the copy is kept."""

    @property
    def pickup_name(self) -> str | None:
        """Where it is kept."""

    @property
    def reason(self) -> str | None:
        """Why a request was rejected."""


def still_holds(notice: About) -> bool:
    """Whether there is still something to tell: not of a book that has come back or was fetched meanwhile."""
    if notice.kind == "READY":
        return notice.request_state == "READY"
    if notice.kind in ("RECALLED", "DUE_SOON", "OVERDUE"):
        return notice.loan_state == "ON_LOAN"
    return True


def words(notice: About, say: Callable[[str], str], until: Callable[[datetime], str]) -> tuple[str, Sequence[str]]:
    """A line that says it all, and the lines that say more; `until` spells a deadline."""
    title = notice.title or say("A title that the library no longer has")
    due = until(notice.due_at) if notice.due_at else ""
    kept = until(notice.ready_until) if notice.ready_until else ""
    first, *more = {
        "READY": (
            say("Ready for you: {title}"),
            say("It is kept for you until {kept}: {place}."),
            say("If you no longer need it, cancel the request, so that the next reader gets it."),
        ),
        "REJECTED": (say("Your request was rejected: {title}"), say("Reason: {reason}")),
        "EXPIRED": (
            say("Your request has ended: {title}"),
            say("It was not fetched in time, or not needed any more. Request it again if you still want it."),
        ),
        "RECALLED": (
            say("Please bring it back sooner: {title}"),
            say("Somebody else waits for it. It is now due {due}."),
        ),
        "DUE_SOON": (say("Due soon: {title}"), say("It is due {due}.")),
        "OVERDUE": (say("Overdue: {title}"), say("It was due {due}. Please bring it back.")),
    }[notice.kind]
    known = {"title": title, "due": due, "kept": kept, "place": notice.pickup_name or "", "reason": notice.reason or ""}
    # What was ready and is no longer kept has no deadline and nothing to cancel: the first line is all that is left.
    gone = notice.kind == "READY" and not kept
    return _filled(first, known), [] if gone else [_filled(line, known) for line in more]


def _filled(line: str, known: Mapping[str, str]) -> str:
    """The line with its places filled; braces in what fills them stay what they are."""
    return line.format_map(known)
