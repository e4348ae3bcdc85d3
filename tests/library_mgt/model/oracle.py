"""What the library must look like after every act, as plain values: the rule book's memory, without a database.

The rules themselves stand beside it, by subject: `rules_of_lending`, `rules_of_returns`, `rules_of_money`,
`rules_of_requests`, `rules_of_stock`. None of them knows the implementation; what they say is the library's design,
told a second time.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from configuration.kit.security.actor import Actor
from tests.library_mgt.model.rule_book import Rule, RuleBook, day_of

OPEN = ("PENDING_APPROVAL", "QUEUED", "ALLOCATED", "READY")
ASSIGNED = ("ALLOCATED", "READY")
LIVE = ("ON_LOAN", "CLAIMED_RETURNED", "LOST")
GONE = ("MISSING", "LOST", "WITHDRAWN", "ON_ORDER")
"""There is nothing to hand over: nobody overrules that."""

BY_LIBRARIAN = "librarian"

Reason = tuple[str, str | None]
"""A code, and who may overrule it."""


class Refused(Exception):
    """The rules forbid it, for these reasons."""

    def __init__(self, *reasons: Reason | str) -> None:
        self.reasons = frozenset((one, None) if isinstance(one, str) else one for one in reasons)
        super().__init__(sorted(code for code, _ in self.reasons))


class Thing:
    """Something with a name, by which it stands in what a failing walk shows."""

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(repr(self))


@dataclass(eq=False, repr=False)
class Reader(Thing):
    """Somebody who borrows; `as_of` is when their home last spoke of them."""

    actor: Actor
    local: bool
    as_of: datetime
    group: str
    id: int = 0
    active: bool = True
    until: date | None = None
    blocked: bool = False

    def __repr__(self) -> str:
        return self.actor.person


@dataclass(eq=False, repr=False)
class Title(Thing):
    """What is catalogued."""

    name: str
    id: int = 0

    def __repr__(self) -> str:
        return self.name


@dataclass(eq=False, repr=False)
class Copy(Thing):
    """What is lent."""

    barcode: str
    title: Title
    part: str = ""
    location: str = "main"
    kind: str = "book"
    status: str = "IN_SERVICE"
    price: int | None = None
    id: int = 0

    @property
    def leaves(self) -> bool:
        """Whether its type is lent at all."""
        return self.kind != "reference"

    def __repr__(self) -> str:
        return self.barcode


@dataclass(eq=False, repr=False)
class Request(Thing):
    """A wish. Its place in the queue is its place among all requests ever made."""

    reader: Reader
    title: Title | None
    part: str
    pickup: str
    wished: Copy | None
    not_needed_after: date | None
    state: str = "PENDING_APPROVAL"
    copy: Copy | None = None
    ready_until: datetime | None = None
    suspended_until: date | None = None
    shelved: int = 0
    """How often it was laid onto the hold shelf, or kept there longer."""

    id: int = 0

    def __repr__(self) -> str:
        return f"request {self.id} ({self.state})"


@dataclass(eq=False, repr=False)
class Loan(Thing):
    """A copy with a reader; `acts` is what happened to it and when, its lending first."""

    copy: Copy | None
    title: Title | None
    part: str
    reader: Reader
    loaned_at: datetime
    due_at: datetime
    request: Request | None
    overridden: tuple[str, ...]
    rule: Rule
    """The rule it was made under."""

    state: str = "ON_LOAN"
    renewals: int = 0
    before: list[tuple[datetime, bool]] = field(default_factory=list)
    """At each renewal, until when it was due, and whether its return was announced."""

    announced: bool = False
    recalled_at: datetime | None = None
    returned_at: datetime | None = None
    acts: list[tuple[str, datetime]] = field(default_factory=list)
    id: int = 0

    def last(self, act: str) -> datetime | None:
        """When it happened last."""
        return max((at for name, at in self.acts if name == act), default=None)

    def was(self, acts: Collection[str]) -> bool:
        """Whether any of these ever happened."""
        return any(name in acts for name, _ in self.acts)

    def __repr__(self) -> str:
        return f"loan {self.id} ({self.state})"


@dataclass(eq=False, repr=False)
class Charge(Thing):
    """Something owed for, and what of it was paid or let off; `loan` is forgotten when its return was undone."""

    reader: Reader
    loan: Loan | None
    kind: str
    amount: int
    paid: int = 0
    let_off: int = 0

    @property
    def open(self) -> int:
        """What is still owed."""
        return self.amount - self.paid - self.let_off

    def __repr__(self) -> str:
        return f"{self.kind} of {self.amount} to {self.reader}"


@dataclass(eq=False, repr=False)
class Closure(Thing):
    """Days on which a place is closed; `shifts` is what moved for it, from when to when, and what stood with it then.

    `days` are those that it closes itself.
    """

    location: str
    first: date
    last: date
    state: str = "PLANNED"
    days: frozenset[date] = frozenset()
    shifts: list[tuple[Loan | Request, datetime, int]] = field(default_factory=list)
    id: int = 0

    def __repr__(self) -> str:
        return f"closure {self.id} ({self.state})"


@dataclass
class Oracle:
    """Everything there is, in the order it was made."""

    now: datetime
    book: RuleBook
    readers: list[Reader] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    loans: list[Loan] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    receipts: int = 0
    drawer: int | None = None
    """What lies in the till; `None` while it takes no money."""

    @property
    def today(self) -> date:
        """The day at the library."""
        return day_of(self.now)

    def rule(self, reader: Reader, copy: Copy) -> Rule:
        """The rule for lending this copy to this reader."""
        return self.book.rule(copy.location, reader.group, copy.kind)

    def live(self, *, reader: Reader | None = None, copy: Copy | None = None) -> list[Loan]:
        """Loans that have not ended, of a reader or a copy."""
        loans = (one for one in self.loans if one.state in LIVE)
        return [one for one in loans if reader in (None, one.reader) and copy in (None, one.copy)]

    def late(self, reader: Reader) -> list[Loan]:
        """The reader's loans that should be back; not what was given up, or is said to be back."""
        return [one for one in self.live(reader=reader) if one.state == "ON_LOAN" and one.due_at < self.now]

    def open(self, *, reader: Reader | None = None) -> list[Request]:
        """Requests that have not ended."""
        return [one for one in self.requests if one.state in OPEN and reader in (None, one.reader)]

    def open_request(self, reader: Reader, title: Title, part: str) -> Request | None:
        """The reader's one open request for the title and part."""
        return _only(one for one in self.open(reader=reader) if (one.title, one.part) == (title, part))

    def has(self, reader: Reader, title: Title, part: str) -> bool:
        """Whether the reader has the title and part on loan."""
        return any(one.copy and (one.copy.title, one.copy.part) == (title, part) for one in self.live(reader=reader))

    def set_aside(self, copy: Copy) -> Request | None:
        """The request that the copy is kept for."""
        return _only(one for one in self.requests if one.copy is copy and one.state in ASSIGNED)

    def of(self, title: Title, part: str) -> list[Copy]:
        """The copies of a title's part, oldest first."""
        return [one for one in self.copies if (one.title, one.part) == (title, part)]

    def free(self, title: Title, part: str) -> list[Copy]:
        """The copies that stand on the shelf to be lent."""
        return [one for one in self.of(title, part) if self.is_free(one)]

    def is_free(self, copy: Copy) -> bool:
        """Whether the copy stands on the shelf to be lent."""
        on_shelf = copy.leaves and copy.status == "IN_SERVICE"
        return on_shelf and not self.live(copy=copy) and not self.set_aside(copy)

    def queue(self, title: Title, part: str) -> list[Request]:
        """Who waits, first come first; also those who are passed over for a while."""
        return [one for one in self.requests if (one.state, one.title, one.part) == ("QUEUED", title, part)]

    def passed_over(self, request: Request) -> bool:
        """Whether the reader does not want it before a day is over."""
        return request.suspended_until is not None and request.suspended_until >= self.today

    def allocate(self, title: Title, part: str, *, in_hand: Copy | None = None, at: str | None = None) -> None:
        """Give free copies to those who wait, in turn; the one in somebody's hand first, then one where it is fetched.

        A copy in hand at the desk where it is to be fetched is ready at once.
        """
        while pair := self._next(title, part, in_hand):
            request, copy = pair
            request.copy = copy
            request.state = "ALLOCATED"
            if copy is in_hand and request.pickup == at:
                self.make_ready(request)

    def make_ready(self, request: Request) -> None:
        """It lies on the hold shelf, for so many days on which one can fetch it there."""
        assert request.copy is not None
        rule = self.book.rule(request.pickup, request.reader.group, request.copy.kind)
        request.state = "READY"
        request.shelved += 1
        request.ready_until = self.book.shelved_until(self.now, rule.pickup_days, request.pickup)

    def end(self, request: Request, state: str) -> None:
        """The request is over, and its copy passes on: one on the hold shelf is in hand for who fetches there."""
        copy, shelved = request.copy, request.state == "READY"
        request.state, request.copy, request.ready_until = state, None, None
        if copy is not None:
            shelf = {"in_hand": copy, "at": request.pickup} if shelved else {}
            self.allocate(copy.title, copy.part, **shelf)  # type: ignore[arg-type]

    def requeue(self, request: Request) -> None:
        """Wait again, in the old place."""
        request.state, request.copy, request.ready_until = "QUEUED", None, None

    def _next(self, title: Title, part: str, in_hand: Copy | None) -> tuple[Request, Copy] | None:
        for request in self.queue(title, part):
            if self.passed_over(request):
                continue
            fitting = [one for one in self.free(title, part) if request.wished in (None, one)]
            if fitting:
                nearest = min(fitting, key=lambda one: (one is not in_hand, one.location != request.pickup))
                return request, nearest
        return None


def _only(found: Iterator[Request] | Iterable[Request]) -> Request | None:
    """The one there is; more than one would break a truth of the oracle's own."""
    several = list(found)
    assert len(several) <= 1, several
    return several[0] if several else None
