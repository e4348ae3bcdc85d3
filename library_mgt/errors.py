"""Refusals of the library, named after the fact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from configuration.kit.errors import Blocker, Conflict, Forbidden, NotFound, Refusal, Unavailable


class TitleNotFound(NotFound):
    """No such title."""

    code = "TITLE_NOT_FOUND"
    title = "There is no such title"


class CopyNotFound(NotFound):
    """No copy has the barcode."""

    code = "COPY_NOT_FOUND"
    title = "No copy has this barcode"


class PatronNotFound(NotFound):
    """Nobody is known under what was typed or scanned."""

    code = "PATRON_NOT_FOUND"
    title = "No reader is known under this number"


class RequestNotFound(NotFound):
    """No such request, or another reader's."""

    code = "REQUEST_NOT_FOUND"
    title = "There is no such request"


class LoanNotFound(NotFound):
    """No such loan, or another reader's."""

    code = "LOAN_NOT_FOUND"
    title = "There is no such loan"


class NumberTaken(Conflict):
    """Another title has the number."""

    code = "NUMBER_TAKEN"
    title = "Another title has this number"


class ExternalIdTaken(Conflict):
    """Another record has the external id."""

    code = "EXTERNAL_ID_TAKEN"
    title = "Another record has this external id"


class BarcodeTaken(Conflict):
    """Another copy has or had the barcode."""

    code = "BARCODE_TAKEN"
    title = "Another copy has, or had, this barcode"


class CardTaken(Conflict):
    """Another reader has or had the card number."""

    code = "CARD_TAKEN"
    title = "Another reader has, or had, this card number"


class PersonTaken(Conflict):
    """The person is a reader already."""

    code = "PERSON_TAKEN"
    title = "This person is a reader already"


class HasDependents(Conflict):
    """Live loans or open requests hang on it."""

    code = "HAS_DEPENDENTS"
    title = "Loans or requests depend on it"


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


class PatronAmbiguous(Conflict):
    """The number belongs to several readers."""

    code = "PATRON_AMBIGUOUS"
    title = "Several readers have this number"


class StandingUnavailable(Unavailable):
    """The reader's home service is away and what it last said is too old."""

    code = "PATRON_STANDING_UNAVAILABLE"
    title = "The reader's standing cannot be asked for at the moment"


class OverrideForbidden(Forbidden):
    """The person may not overrule this."""

    code = "OVERRIDE_FORBIDDEN"
    title = "You may not overrule this"


class OwnRequest(Forbidden):
    """Nobody decides their own request."""

    code = "OWN_REQUEST"
    title = "Somebody else has to decide your own request"


class OwnBlock(Forbidden):
    """Nobody blocks or unblocks themselves."""

    code = "OWN_BLOCK"
    title = "Somebody else has to do this"


class ReasonIsBarcode(Refusal):
    """A scanner wrote where a person has to say why."""

    code = "REASON_IS_BARCODE"
    title = "A barcode is no reason"


class CopyNotLoanable(Refusal):
    """The copy does not leave the library."""

    code = "COPY_NOT_LOANABLE"
    title = "The copy is not lent"


class CopySetAside(Conflict):
    """The copy is set aside for a request and cannot leave service before that is settled."""

    code = "COPY_SET_ASIDE"
    title = "The copy is set aside for a request"


class UnknownReference(Refusal):
    """A code of the request is not among the library's rows."""

    code = "UNKNOWN_CODE"
    title = "Not one of the library's codes"


class IsbnInvalid(Refusal):
    """The check digit does not prove it."""

    code = "ISBN_INVALID"
    title = "Not an ISBN"


class Blocked(Refusal):
    """Reasons in the reader, the copy or the queue stand against it."""

    code = "BLOCKED"
    title = "Something stands in the way"


_BY_CODE: Mapping[str, type[Refusal]] = {
    refusal.code: refusal
    for refusal in (
        PatronNotFound, CopyNotFound, PatronAmbiguous, CopyAlreadyOnLoan, TitleAlreadyOnLoan, RequestedByAnother,
        DuplicateRequest, RequestNotApproved, CopyNotLoanable, StandingUnavailable, BarcodeTaken, NumberTaken,
        IsbnInvalid,
    )
}  # fmt: skip
_WEIGHT = {404: 0, 409: 1, 422: 2, 503: 3}


def illegal(kind: str, state: str, target: str, allowed: Iterable[str]) -> IllegalTransition:
    """Says in which state the thing is, which was wanted, and which may follow."""
    detail = f"The {kind} is {state.lower().replace('_', ' ')}."
    facts = {"from": state, "to": target, "allowed": sorted(allowed)}
    return IllegalTransition(detail, blockers=[Blocker(IllegalTransition.code, detail, facts=facts)])


def refuse(blockers: Sequence[Blocker], **extra: Any) -> Refusal:
    """One refusal for all blockers.

    Its status and code are those of the gravest: absent before conflicting before refused by a rule before unavailable.
    """
    leading = min(blockers, key=lambda blocker: _WEIGHT.get(_kind(blocker).status, 2))
    kind = _kind(leading)
    named = kind if kind is not Blocked else type(leading.code, (Blocked,), {"code": leading.code})
    detail = leading.detail if len(blockers) == 1 else " ".join(blocker.detail for blocker in blockers)
    refusal: Refusal = named(detail, blockers=blockers, **extra)
    return refusal


def _kind(blocker: Blocker) -> type[Refusal]:
    return _BY_CODE.get(blocker.code, Blocked)


class ImportUnreadable(Refusal):
    """A books file from which no rows can be told."""

    code = "IMPORT_UNREADABLE"
    title = "The file cannot be read"


class ImportTooLarge(Refusal):
    """A books file that is larger than what is taken at once."""

    status = 413
    code = "IMPORT_TOO_LARGE"
    title = "The file is too large"


class ImportIncomplete(Conflict):
    """Not all of a books file has arrived."""

    code = "IMPORT_INCOMPLETE"
    title = "The file has not arrived whole"


class PolicyNotFound(NotFound):
    """No such policy row."""

    code = "POLICY_NOT_FOUND"
    title = "There is no such policy"


class PolicyExists(Conflict):
    """A row for the same location, group and type stands already."""

    code = "POLICY_EXISTS"
    title = "There is a policy for this location, group and type already"


class DefaultPolicy(Conflict):
    """The row for all answers what no other row does."""

    code = "DEFAULT_POLICY"
    title = "The policy for all has to set every value"


class LocationNotFound(NotFound):
    """No such location."""

    code = "LOCATION_NOT_FOUND"
    title = "There is no such location"


class ClosureNotFound(NotFound):
    """No such closure."""

    code = "CLOSURE_NOT_FOUND"
    title = "There is no such closure"


class DayHasHours(Conflict):
    """The day has hours of its own, or is closed by a closure."""

    code = "DAY_HAS_HOURS"
    title = "Something else is said of this day already"


class DayPassed(Refusal):
    """A closure is planned for days to come."""

    code = "DATE_PASSED"
    title = "The day has passed"


class NoDayOpen(Refusal):
    """The location has no open day that something could be due on."""

    code = "NO_OPEN_DAY"
    title = "No open day is in sight"


class JournalEntryNotFound(NotFound):
    """No such entry of the offline journal, or none that is open."""

    code = "JOURNAL_ENTRY_NOT_FOUND"
    title = "There is no such open conflict"


class JournalEntryTaken(Conflict):
    """Somebody else replays the same line of a journal at this moment."""

    code = "JOURNAL_ENTRY_TAKEN"
    title = "This line is being replayed already"


REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    "uq_title_number": NumberTaken,
    "uq_title_external_id": ExternalIdTaken,
    "uq_policy_scope": PolicyExists,
    "ck_policy_default_is_total": DefaultPolicy,
    "uq_copy_external_id": ExternalIdTaken,
    "pk_copy_barcode": BarcodeTaken,
    "pk_patron_card": CardTaken,
    "pk_patron_person": PersonTaken,
    "pk_copy_claim": CopyAlreadyOnLoan,
    "uq_loan_live_copy": CopyAlreadyOnLoan,
    "uq_loan_request_id": RequestAlreadyIssued,
    "uq_request_open": DuplicateRequest,
    "uq_request_assigned_copy": RequestedByAnother,
    "ck_loan_live_is_whole": HasDependents,
    "ck_request_open_is_whole": HasDependents,
    "ck_copy_claim_set_aside_in_service": CopySetAside,
    "uq_journal_entry_digest": JournalEntryTaken,
    "fk_copy_title_id_title": HasDependents,
    "fk_copy_claim_copy_id_copy_status_copy": HasDependents,
    "fk_request_copy_id_copy": HasDependents,
    "fk_copy_location_location": UnknownReference,
    "fk_copy_item_type_item_type": UnknownReference,
    "fk_title_material_type_material_type": UnknownReference,
    "fk_request_pickup_location_location": UnknownReference,
    "fk_patron_group_code_patron_group": UnknownReference,
    "fk_policy_location_location": UnknownReference,
    "fk_policy_group_code_patron_group": UnknownReference,
    "fk_policy_item_type_item_type": UnknownReference,
    "fk_policy_term_schedule_term_schedule": UnknownReference,
}
"""Which refusal a violated constraint is, by its name."""
