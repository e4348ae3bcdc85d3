"""Refusals of the library, named after the fact."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from configuration.kit.errors import Blocker, Refusal
from library_mgt.errors.circulation import (
    Blocked,
    CopyAlreadyOnLoan,
    CopyNotLoanable,
    DuplicateRequest,
    IllegalTransition,
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
    illegal,
)
from library_mgt.errors.files import (
    ImportIncomplete,
    ImportTooLarge,
    ImportUnreadable,
    JournalEntryNotFound,
    JournalEntryTaken,
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
from library_mgt.errors.readers import BlockNotFound, CardNotFound, CardOutOfUse, JoinCollides, NotLocal
from library_mgt.errors.records import (
    BarcodeTaken,
    CardTaken,
    CopyNotFound,
    CopySetAside,
    ExternalIdTaken,
    HasDependents,
    IsbnInvalid,
    NumberTaken,
    OwnBlock,
    PatronAmbiguous,
    PatronNotFound,
    PersonTaken,
    StandingUnavailable,
    TitleNotFound,
    UnknownReference,
)
from library_mgt.errors.rules import (
    ClosureNotFound,
    DayHasHours,
    DayPassed,
    DefaultPolicy,
    LocationNotFound,
    NoDayOpen,
    PolicyExists,
    PolicyNotFound,
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

_BY_CODE: Mapping[str, type[Refusal]] = {
    refusal.code: refusal
    for refusal in (
        PatronNotFound, CopyNotFound, PatronAmbiguous, CopyAlreadyOnLoan, TitleAlreadyOnLoan, RequestedByAnother,
        DuplicateRequest, RequestNotApproved, CopyNotLoanable, StandingUnavailable, BarcodeTaken, NumberTaken,
        IsbnInvalid, NothingOpen, CardOutOfUse,
    )
}  # fmt: skip
_WEIGHT = {404: 0, 409: 1, 422: 2, 503: 3}


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
