"""Refusals of the library, named after the fact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from configuration.kit.errors import Blocker, Conflict, NotFound, Refusal
from library_mgt.errors.circulation import (
    CopyAlreadyOnLoan,
    CopyNotFound,
    CopyNotLoanable,
    CopySetAside,
    DuplicateRequest,
    LoanNotFound,
    NoFreeCopy,
    OverrideForbidden,
    OwnRequest,
    ReasonIsBarcode,
    RequestAlreadyIssued,
    RequestedByAnother,
    RequestNotApproved,
    RequestNotFound,
    TitleAlreadyOnLoan,
)
from library_mgt.errors.money import (
    DifferenceNeedsReason,
    FeeNotFound,
    FeesOpen,
    NothingOpen,
    NothingPaid,
    OwnFee,
    PaymentTooHigh,
    ReceiptNotFound,
    TillClosed,
    TillNotFound,
    TillOpen,
)
from library_mgt.errors.readers import (
    BlockNotFound,
    CardNotFound,
    CardOutOfUse,
    CardTaken,
    JoinCollides,
    NotLocal,
    OwnBlock,
    PatronAmbiguous,
    PatronNotFound,
    PersonTaken,
    StandingUnavailable,
)

__all__ = [
    "REFUSALS",
    "BarcodeTaken",
    "BlockNotFound",
    "Blocked",
    "CardNotFound",
    "CardOutOfUse",
    "CardTaken",
    "ClosureNotFound",
    "CopyAlreadyOnLoan",
    "CopyNotFound",
    "CopyNotLoanable",
    "CopySetAside",
    "DayHasHours",
    "DayPassed",
    "DefaultPolicy",
    "DifferenceNeedsReason",
    "DuplicateRequest",
    "ExternalIdTaken",
    "FeeNotFound",
    "FeesOpen",
    "HasDependents",
    "IllegalTransition",
    "ImportIncomplete",
    "ImportTooLarge",
    "ImportUnreadable",
    "IsbnInvalid",
    "JoinCollides",
    "JournalEntryNotFound",
    "JournalEntryTaken",
    "LoanNotFound",
    "LocationNotFound",
    "NoDayOpen",
    "NoFreeCopy",
    "NotLocal",
    "NothingOpen",
    "NothingPaid",
    "NumberTaken",
    "OverrideForbidden",
    "OwnBlock",
    "OwnFee",
    "OwnRequest",
    "PatronAmbiguous",
    "PatronNotFound",
    "PaymentTooHigh",
    "PersonTaken",
    "PolicyExists",
    "PolicyNotFound",
    "ReasonIsBarcode",
    "ReceiptNotFound",
    "RequestAlreadyIssued",
    "RequestNotApproved",
    "RequestNotFound",
    "RequestedByAnother",
    "StandingUnavailable",
    "TillClosed",
    "TillNotFound",
    "TillOpen",
    "TitleAlreadyOnLoan",
    "TitleNotFound",
    "UnknownReference",
    "illegal",
    "refuse",
]


class TitleNotFound(NotFound):
    """No such title."""

    code = "TITLE_NOT_FOUND"
    title = "There is no such title"


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


class HasDependents(Conflict):
    """Live loans or open requests hang on it."""

    code = "HAS_DEPENDENTS"
    title = "Loans or requests depend on it"


class IllegalTransition(Conflict):
    """The state does not allow it; the blocker's facts are `from`, `to` and `allowed`."""

    code = "ILLEGAL_TRANSITION"
    title = "Not possible in the present state"


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
        IsbnInvalid, NothingOpen, CardOutOfUse,
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
    "fk_till_location_location": UnknownReference,
    "uq_till_session_open": TillOpen,
    "pk_till_count": TillClosed,
    "fk_policy_location_location": UnknownReference,
    "fk_policy_group_code_patron_group": UnknownReference,
    "fk_policy_item_type_item_type": UnknownReference,
    "fk_policy_term_schedule_term_schedule": UnknownReference,
}
"""Which refusal a violated constraint is, by its name."""
