"""What comes back, is said to have come back, or never does; and what the desk did by mistake."""

from datetime import timedelta

from configuration.kit.security.actor import Actor
from library_mgt.services import circulation, losses, undoing
from tests.library_mgt.model import rules_of_returns
from tests.library_mgt.model.acts_of_money import Paying
from tests.library_mgt.model.chance import act, of_the, some
from tests.library_mgt.model.oracle import Copy, Loan
from tests.library_mgt.model.rule_book import ZONE
from tests.library_mgt.model.walk import LOCATIONS, READERS, STAFF
from tests.library_mgt.world import ASSISTANT, LIBRARIAN


class Returning(Paying):
    """Home, or not."""

    @act(
        "stock",
        often=2,
        copy=of_the("stock"),
        at=some(*LOCATIONS),
        by=some(*STAFF),
        earlier=some(None, None, None, 14, 60),
    )
    def scan_in(self, copy: Copy, at: str, by: Actor, earlier: int | None) -> None:
        """Any copy, was it out or not; the desk may say that it came back some hours ago."""
        self._take_in(copy, at, by, earlier)

    @act("out", often=5, loan=of_the("lent"), at=some(*LOCATIONS), by=some(*STAFF))
    def bring_back(self, loan: Loan, at: str, by: Actor) -> None:
        """A copy that was lent."""
        if loan.copy is not None:
            self._take_in(loan.copy, at, by, None)

    def _take_in(self, copy: Copy, at: str, by: Actor, earlier: int | None) -> None:
        back_at = self.oracle.now - timedelta(hours=earlier) if earlier is not None else None
        meant: list[str] = []
        self.both(
            lambda: meant.append(rules_of_returns.take_back(self.oracle, copy, at=at, by=by, back_at=back_at)),
            circulation.return_copy, copy.barcode, location=at, returned_at=back_at, by=by, zone=ZONE,
        )  # fmt: skip

    @act("lent", loan=of_the("lent"))
    def take_back_by_number(self, loan: Loan) -> None:
        """The book's return."""
        self.both(
            lambda: rules_of_returns.take_back_loan(self.oracle, loan),
            circulation.return_loan, loan.id, by=LIBRARIAN, zone=ZONE,
        )  # fmt: skip

    @act("out", loan=of_the("lent"), own=some(True, False), other=some(*READERS))
    def announce(self, loan: Loan, own: bool, other: Actor) -> None:
        """From a portal."""
        by = loan.reader.actor if own else other
        self.both(
            lambda: rules_of_returns.announce(self.oracle, loan, by=by), circulation.announce_return, loan.id, by=by
        )

    @act("out", loan=of_the("lent"))
    def claim_returned(self, loan: Loan) -> None:
        """The reader says so."""
        self.both(
            lambda: rules_of_returns.claim_returned(self.oracle, loan), losses.claim_returned, loan.id, by=ASSISTANT
        )

    @act("out", loan=of_the("lent"))
    def declare_lost(self, loan: Loan) -> None:
        """Nobody expects it any more."""
        self.both(
            lambda: rules_of_returns.declare_lost(self.oracle, loan, by=LIBRARIAN),
            losses.declare_lost, loan.id, by=LIBRARIAN,
        )  # fmt: skip

    @act("lost", often=3, loan=of_the("lost"), let_off=some(True, False))
    def settle(self, loan: Loan, let_off: bool) -> None:
        """What was owed for it is paid, or let off."""
        for charge in self.oracle.charges:
            if let_off and charge.loan is loan and charge.open:
                self.waive(charge, None, LIBRARIAN)
        self.both(
            lambda: rules_of_returns.settle(self.oracle, loan, by=LIBRARIAN), losses.settle, loan.id, by=LIBRARIAN
        )

    @act("lost", often=2, loan=of_the("lost"), at=some(*LOCATIONS))
    def turn_up(self, loan: Loan, at: str) -> None:
        """What was given up is found."""
        self.bring_back(loan, at, ASSISTANT)

    @act("settled", often=1)
    def half_a_year_passes(self) -> None:
        """Until a settled loss is nobody's any more."""
        self.oracle.now += rules_of_returns.STILL_TAKEN

    @act("just_done", often=2, loan=of_the("just_done"), at=some(*LOCATIONS))
    def undo(self, loan: Loan, at: str) -> None:
        """It was a mistake."""
        self.both(
            lambda: rules_of_returns.undo(self.oracle, loan, at=at),
            undoing.undo, loan.id, location=at, by=ASSISTANT, zone=ZONE,
        )  # fmt: skip
