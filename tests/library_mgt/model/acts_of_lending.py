"""What is done over the desk to let copies go, keep them out, or call them back."""

from collections.abc import Sequence

from configuration.kit.security.actor import Actor
from library_mgt.models.request.circulation import LoanCreate, LoanPreview, Override
from library_mgt.services import circulation, recalls, renewals
from tests.library_mgt.model import rules_of_lending, rules_of_money
from tests.library_mgt.model.chance import act, of_the, some
from tests.library_mgt.model.oracle import Copy, Loan, Reader, Request
from tests.library_mgt.model.rule_book import ZONE
from tests.library_mgt.model.walk import READERS, STAFF, Walk
from tests.library_mgt.world import LIBRARIAN

ALL = ("every", "reason")
"""Overrule whatever there is."""


class Lending(Walk):
    """Over the desk."""

    @act(
        "stock",
        often=8,
        reader=of_the("readers"),
        copy=of_the("stock"),
        by=some(*STAFF),
        overruling=some((), (), (), ("LOAN_LIMIT_REACHED",), ALL),
    )
    def check_out(self, reader: Reader, copy: Copy, by: Actor, overruling: Sequence[str]) -> None:
        """Look first what would be, then do it."""
        against = rules_of_lending.against_lending(self.oracle, reader, copy, by=by)
        look = LoanPreview(patron=reader.actor.person, barcode=copy.barcode)
        shown = self.stage.read(circulation.preview, look, by=by, now=self.oracle.now, zone=ZONE)
        told, due_at = (
            {(one.code, one.override) for one in shown.blockers},
            rules_of_lending.due(self.oracle, reader, copy),
        )
        assert told == against, f"the preview says {told}, the rules say {against}"
        kinds = {one.facts["kind"] for one in shown.blockers if one.code == "PATRON_BLOCKED" and one.facts}
        blocks = rules_of_money.blocks(self.oracle, reader, self.oracle.rule(reader, copy))
        assert kinds == blocks, f"the preview blocks for {kinds}, the rules for {blocks}"
        assert shown.due_at == due_at, f"the preview says {shown.due_at}, the rules say {due_at}"
        codes = sorted(code for code, _ in against) if overruling is ALL else list(overruling)
        override = Override(codes=codes, reason="It was agreed") if codes else None
        wish = LoanCreate(patron=reader.actor.person, barcode=copy.barcode, override=override)
        self.both(
            lambda: rules_of_lending.check_out(self.oracle, reader, copy, by=by, overruling=codes),
            circulation.check_out, wish, by=by, zone=ZONE,
        )  # fmt: skip

    @act("wishes", often=3, wish=of_the("wishes"), scanned=of_the("stock_or_none"))
    def issue(self, wish: Request, scanned: Copy | None) -> None:
        """The book's issuance: approve and lend in one."""
        self.both(
            lambda: rules_of_lending.issue(self.oracle, wish, scanned, by=LIBRARIAN),
            circulation.issue_request, wish.id, barcode=scanned.barcode if scanned else None, by=LIBRARIAN, zone=ZONE,
        )  # fmt: skip

    @act(
        "out",
        often=4,
        loan=of_the("lent"),
        by=some(None, *STAFF * 4, *READERS),
        overruling=some((), (), (), ("RENEWAL_LIMIT",), ALL, ALL),
    )
    def renew(self, loan: Loan, by: Actor | None, overruling: Sequence[str]) -> None:
        """By its reader, at the desk, or by somebody who may not know of it."""
        who = by or loan.reader.actor
        if overruling is ALL:
            against = rules_of_lending.against_renewing(self.oracle, loan) if loan.state == "ON_LOAN" else ()
            overruling = sorted(code for code, _ in against)
        override = Override(codes=list(overruling), reason="It was agreed") if overruling else None
        self.both(
            lambda: rules_of_lending.renew(self.oracle, loan, by=who, overruling=overruling),
            renewals.renew,
            loan.id,
            override,
            by=who,
            zone=ZONE,
        )

    @act("out", often=3, loan=of_the("wanted"))
    def recall(self, loan: Loan) -> None:
        """For those who wait."""
        self.both(lambda: rules_of_lending.recall(self.oracle, loan), recalls.recall, loan.id, by=LIBRARIAN, zone=ZONE)
