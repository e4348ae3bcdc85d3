"""Refusals about requests and loans, and about overruling."""

from collections.abc import Iterable

from configuration.kit.errors import Blocker, Conflict, Forbidden, NotFound, Refusal


class RequestNotFound(NotFound):
    """No such request, or another reader's."""

    code = "REQUEST_NOT_FOUND"
    title = "There is no such request"


class LoanNotFound(NotFound):
    """No such loan, or another reader's."""

    code = "LOAN_NOT_FOUND"
    title = "There is no such loan"


class IllegalTransition(Conflict):
    """The state does not allow it; the blocker's facts are `from`, `to` and `allowed`."""

    code = "ILLEGAL_TRANSITION"
    title = "Not possible in the present state"


class CopyAlreadyOnLoan(Conflict):
    """The copy is out."""

    code = "COPY_ALREADY_ON_LOAN"
    title = "The copy is on loan"


class TitleAlreadyOnLoan(Conflict):
    """The reader has the title."""

    code = "TITLE_ALREADY_ON_LOAN_TO_PATRON"
    title = "The reader has this title on loan"


class RequestedByAnother(Conflict):
    """The copy is set aside for somebody else."""

    code = "REQUESTED_BY_ANOTHER"
    title = "The copy is set aside for another reader"


class DuplicateRequest(Conflict):
    """The reader waits for the title already."""

    code = "DUPLICATE_REQUEST"
    title = "The reader has an open request for this title"


class RequestAlreadyIssued(Conflict):
    """A request is issued once."""

    code = "REQUEST_ALREADY_ISSUED"
    title = "This request was issued already"


class NoFreeCopy(Conflict):
    """Every copy is out or set aside."""

    code = "NO_FREE_COPY"
    title = "Every copy is out or set aside for others"


class RequestNotApproved(Conflict):
    """A librarian has not decided yet."""

    code = "REQUEST_NOT_APPROVED"
    title = "A librarian has to approve the request first"


class OverrideForbidden(Forbidden):
    """The person may not overrule this."""

    code = "OVERRIDE_FORBIDDEN"
    title = "You may not overrule this"


class OwnRequest(Forbidden):
    """Nobody decides their own request."""

    code = "OWN_REQUEST"
    title = "Somebody else has to decide your own request"


class ReasonIsBarcode(Refusal):
    """A scanner wrote where a person has to say why."""

    code = "REASON_IS_BARCODE"
    title = "A barcode is no reason"


class CopyNotLoanable(Refusal):
    """The copy does not leave the library."""

    code = "COPY_NOT_LOANABLE"
    title = "The copy is not lent"


class Blocked(Refusal):
    """Reasons in the reader, the copy or the queue stand against it."""

    code = "BLOCKED"
    title = "Something stands in the way"


def illegal(kind: str, state: str, target: str, allowed: Iterable[str]) -> IllegalTransition:
    """Says in which state the thing is, which was wanted, and which may follow."""
    detail = f"The {kind} is {state.lower().replace('_', ' ')}."
    facts = {"from": state, "to": target, "allowed": sorted(allowed)}
    return IllegalTransition(detail, blockers=[Blocker(IllegalTransition.code, detail, facts=facts)])
