"""What the acts of a walk may be about; what leads somewhere more often than what is refused."""

from hypothesis.stateful import RuleBasedStateMachine

from tests.library_mgt.model import rules_of_money, rules_of_returns
from tests.library_mgt.model.oracle import LIVE, OPEN, Charge, Closure, Copy, Loan, Oracle, Reader, Request, Title

Shelf = tuple[Title, str]
MOST_COPIES = 8
LATELY = 2
"""How many that have ended may still be meant: twice is not once."""


class Occasions(RuleBasedStateMachine):
    """The things of a walk, by the names under which acts draw them."""

    oracle: Oracle

    @property
    def readers(self) -> list[Reader]:
        """Everybody who borrows."""
        return self.oracle.readers

    @property
    def stock(self) -> list[Copy]:
        """Every copy."""
        return self.oracle.copies

    @property
    def stock_or_none(self) -> list[Copy | None]:
        """Mostly none."""
        return [*[None] * (2 * len(self.stock)), *self.stock]

    @property
    def shelves(self) -> list[Shelf]:
        """Where copies stand, and a part that there is none of."""
        known = dict.fromkeys((one.title, one.part) for one in self.stock)
        return [*known, *known, *known, *[(one, "9") for one in self.oracle.titles[:1]]]

    @property
    def shelves_with_room(self) -> list[Shelf]:
        """Where a copy may be added, lest there be enough for everybody."""
        return self.shelves if len(self.stock) < MOST_COPIES else []

    @property
    def titles_in_use(self) -> list[Title]:
        """Titles of which something is lent or waited for; once in a while, any."""
        used = {one.title for one in self.oracle.open()} | {one.title for one in self.oracle.live()}
        return [one for one in self.oracle.titles if one in used] or self.oracle.titles

    @property
    def wishes(self) -> list[Request]:
        """Open requests, and a few that have ended."""
        ended = [one for one in self.oracle.requests if one.state not in OPEN]
        return [*self.oracle.open(), *ended[-LATELY:]]

    @property
    def undecided(self) -> list[Request]:
        """Mostly requests that wait for a librarian."""
        pending = [one for one in self.wishes if one.state == "PENDING_APPROVAL"]
        return [*pending * 3, *self.wishes]

    @property
    def to_be_pulled(self) -> list[Request]:
        """Mostly requests with a copy set aside."""
        allocated = [one for one in self.wishes if one.state == "ALLOCATED"]
        return [*allocated * 3, *self.wishes]

    @property
    def served(self) -> list[Request]:
        """Mostly requests with a copy, on which others may wait."""
        held = [one for one in self.wishes if one.copy is not None]
        return [*held * 3, *self.wishes]

    @property
    def lent(self) -> list[Loan]:
        """Mostly live loans, and a few that have ended."""
        ended = [one for one in self.oracle.loans if one.state not in LIVE]
        return [*self.oracle.live() * 3, *ended[-LATELY:]]

    @property
    def out(self) -> list[Loan]:
        """Loans that have not ended: without one, little can happen to a loan."""
        return self.oracle.live()

    @property
    def wanted(self) -> list[Loan]:
        """Mostly loans of what somebody waits for."""
        asked = {(one.title, one.part) for one in self.oracle.open() if one.state == "QUEUED"}
        kept = [one for one in self.oracle.live() if one.copy and (one.copy.title, one.copy.part) in asked]
        return [*kept * 9, *self.lent]

    @property
    def settled(self) -> list[Loan]:
        """Loans whose loss was settled."""
        return [one for one in self.oracle.loans if one.state == "SETTLED"]

    @property
    def lost(self) -> list[Loan]:
        """Loans that were given up, settled or not."""
        given_up = [one for one in self.oracle.live() if one.state != "ON_LOAN"]
        return [*given_up * 2, *self.settled[-LATELY:]]

    @property
    def just_done(self) -> list[Loan]:
        """Loans to which something has just happened."""
        since = self.oracle.now - 2 * rules_of_returns.UNDOABLE
        return [one for one in self.oracle.loans if one.acts[-1][1] >= since]

    @property
    def closures(self) -> list[Closure]:
        """Closures that may be undone."""
        return [one for one in self.oracle.closures if one.state == "APPLIED"]

    @property
    def put_off(self) -> list[Request]:
        """Mostly requests that are passed over."""
        return [*[one for one in self.wishes if one.suspended_until] * 3, *self.wishes]

    @property
    def debtors(self) -> list[Reader]:
        """Readers who owe something."""
        return [one for one in self.readers if rules_of_money.balance(self.oracle, one)]

    @property
    def charges(self) -> list[Charge]:
        """Mostly what is open, and what was charged lately."""
        return [*[one for one in self.oracle.charges if one.open] * 2, *self.oracle.charges[-2 * LATELY :]]
