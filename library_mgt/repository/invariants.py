"""The truths of the library as SQL. `erp audit` and the tests run them; every row a statement returns breaks its truth.

Some are also guaranteed by keys and checks. They are asked all the same: of a database that was restored, imported or
repaired by hand, nobody knows otherwise.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from configuration.kit.database import Statement
from configuration.kit.features.audit import Invariant
from configuration.kit.features.audit.tables import audit
from configuration.kit.features.idempotency.tables import idempotency
from library_mgt.domain.states import ASSIGNED, LIVE_LOAN, OPEN_REQUEST
from library_mgt.models.data.base import word, words
from library_mgt.models.data.copies import copy, copy_barcode, copy_claim
from library_mgt.models.data.loans import circulation_event, loan
from library_mgt.models.data.reference import item_type
from library_mgt.models.data.requests import request

_live = loan.c.state.in_(words(LIVE_LOAN))
_open = request.c.state.in_(words(OPEN_REQUEST))
_assigned = request.c.state.in_(words(ASSIGNED))
_other = request.alias("other")
_claim_of_loan = and_(copy_claim.c.loan_id == loan.c.id, copy_claim.c.copy_id == loan.c.copy_id)
_claim_of_request = and_(copy_claim.c.request_id == request.c.id, copy_claim.c.copy_id == request.c.copy_id)
_earlier = loan.alias("earlier")


class KeptNumber(FunctionElement[int]):
    """A whole number among the values that a loan keeps of its rule; asked here alone, where no request waits."""

    type = Integer()
    inherit_cache = True


@compiles(KeptNumber, "sqlite")
def _kept_on_sqlite(element: KeptNumber, compiler: SQLCompiler, **options: Any) -> str:
    values, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({values}, '$.' || {name})"


@compiles(KeptNumber, "postgresql")
def _kept_on_postgresql(element: KeptNumber, compiler: SQLCompiler, **options: Any) -> str:
    values, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(CAST({values} AS json) ->> {name} AS integer)"


def _counted(column: ColumnElement[int], *conditions: ColumnElement[bool], apart: Any) -> ColumnElement[int]:
    return select(func.count()).select_from(column.table).where(*conditions).correlate(apart).scalar_subquery()


def _audited(kind: str, row: Any) -> ColumnElement[int]:
    subject = literal_column(f"'{kind}:'").op("||")(cast(row.c.id, Text))
    return _counted(audit.c.id, audit.c.subject == subject, audit.c.outcome == word("done"), apart=row)


def _no_free_copy_beside_a_waiter() -> Select[Any]:
    free = and_(
        copy.c.status == word("IN_SERVICE"),
        item_type.c.loanable,
        ~exists().where(copy_claim.c.copy_id == copy.c.id),
    )
    return (
        select(request.c.id.label("request_id"), copy.c.id.label("copy_id"))
        .select_from(
            request.join(copy, and_(copy.c.title_id == request.c.title_id, copy.c.part == request.c.part)).join(
                item_type, item_type.c.code == copy.c.item_type
            )
        )
        .where(
            request.c.state == word("QUEUED"),
            request.c.suspended_until.is_(None),
            or_(request.c.wished_copy_id.is_(None), request.c.wished_copy_id == copy.c.id),
            free,
        )
    )


def _event(of: Any, aggregate: Any, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """The place in the journal of the request's first or last event; 0 without one."""
    place = func.coalesce(aggregate(circulation_event.c.id), literal_column("0"))
    found = select(place).where(circulation_event.c.request_id == of.c.id, *conditions)
    return found.correlate(request, _other).scalar_subquery()


def _served_out_of_turn() -> Select[Any]:
    """Somebody stood further ahead and waited already when a copy that would have done was set aside.

    What came first the journal tells: its rows are written while the title is locked. The instants do not, for they
    are those of the clock before the lock was waited for.
    """
    requeued = _event(request, func.max, circulation_event.c.kind == word("REQUEUED"))
    kept = circulation_event.c.kind.in_(words(ASSIGNED))
    set_aside = _event(request, func.min, kept, circulation_event.c.id > requeued)
    return (
        select(request.c.id.label("served"), _other.c.id.label("passed_over"))
        .select_from(
            request.join(_other, and_(_other.c.title_id == request.c.title_id, _other.c.part == request.c.part))
        )
        .where(
            _assigned,
            _other.c.state == word("QUEUED"),
            _other.c.suspended_until.is_(None),
            or_(_other.c.wished_copy_id.is_(None), _other.c.wished_copy_id == request.c.copy_id),
            _event(_other, func.max) < set_aside,
            tuple_(_other.c.band, _other.c.seq, _other.c.id) < tuple_(request.c.band, request.c.seq, request.c.id),
        )
    )


_renewal = circulation_event.alias("renewal")


def _renewed_past_a_waiter() -> Select[Any]:
    """Somebody waited in the queue already, and waits still, when the loan of a copy that would do was renewed.

    What a librarian overruled stands in the loan and is no breach.
    """
    return (
        select(loan.c.id, request.c.id.label("request_id"))
        .select_from(
            loan.join(_renewal, and_(_renewal.c.loan_id == loan.c.id, _renewal.c.kind == word("RENEWED"))).join(
                request, and_(request.c.title_id == loan.c.title_id, request.c.part == loan.c.part)
            )
        )
        .where(
            loan.c.overrides.is_(None),
            request.c.state == word("QUEUED"),
            request.c.suspended_until.is_(None),
            or_(request.c.wished_copy_id.is_(None), request.c.wished_copy_id == loan.c.copy_id),
            request.c.queued_at < _renewal.c.at,
        )
    )


_STATEMENTS: tuple[tuple[str, str, Select[Any]], ...] = (
    (
        "one_live_loan_per_copy",
        "A copy has at most one live loan.",
        select(loan.c.copy_id, func.count().label("loans"))
        .where(_live)
        .group_by(loan.c.copy_id)
        .having(func.count() > 1),
    ),
    (
        "one_assigned_request_per_copy",
        "A copy is set aside for at most one request.",
        select(request.c.copy_id, func.count().label("requests"))
        .where(_assigned)
        .group_by(request.c.copy_id)
        .having(func.count() > 1),
    ),
    (
        "one_open_request_per_reader",
        "A reader has at most one open request for a title and part.",
        select(request.c.title_id, request.c.part, func.count().label("requests"))
        .where(_open)
        .group_by(request.c.patron_id, request.c.title_id, request.c.part)
        .having(func.count() > 1),
    ),
    (
        "one_barcode_in_use_per_copy",
        "Every copy has exactly one barcode in use.",
        select(copy.c.id).where(
            _counted(copy_barcode.c.copy_id, copy_barcode.c.copy_id == copy.c.id, copy_barcode.c.in_use, apart=copy)
            != literal_column("1")
        ),
    ),
    (
        "never_lent_and_set_aside",
        "A copy never has both a live loan and a request it is set aside for.",
        select(loan.c.copy_id, loan.c.id.label("loan_id"), request.c.id.label("request_id"))
        .select_from(loan.join(request, request.c.copy_id == loan.c.copy_id))
        .where(_live, _assigned),
    ),
    (
        "claims_mirror_loans",
        "Every live loan holds the claim on its copy, and no other loan does.",
        select(loan.c.id).where(
            or_(
                and_(_live, ~exists().where(_claim_of_loan)),
                and_(~_live, exists().where(copy_claim.c.loan_id == loan.c.id)),
            )
        ),
    ),
    (
        "claims_mirror_requests",
        "Every request with a copy set aside holds the claim on it, and no other request does.",
        select(request.c.id).where(
            or_(
                and_(_assigned, ~exists().where(_claim_of_request)),
                and_(~_assigned, exists().where(copy_claim.c.request_id == request.c.id)),
            )
        ),
    ),
    (
        "loan_limit",
        "With a loan that no librarian overruled for, a reader had no more than the rule allowed that it keeps.",
        select(loan.c.id, loan.c.patron_id).where(
            _live,
            loan.c.overrides.is_(None),
            _counted(
                _earlier.c.id,
                _earlier.c.patron_id == loan.c.patron_id,
                _earlier.c.id <= loan.c.id,
                _earlier.c.state.in_(words(LIVE_LOAN)),
                apart=loan,
            )
            > KeptNumber(loan.c.policy, literal_column("'max_loans'")),
        ),
    ),
    (
        "due_after_loaned",
        "Every loan is due after it was made, and returned after it was made.",
        select(loan.c.id).where(or_(loan.c.due_at <= loan.c.loaned_at, loan.c.returned_at < loan.c.loaned_at)),
    ),
    (
        "set_aside_has_a_copy",
        "A request has a copy exactly while one is set aside for it, of its title and part.",
        select(request.c.id)
        .select_from(request.outerjoin(copy, copy.c.id == request.c.copy_id))
        .where(
            or_(
                _assigned != request.c.copy_id.is_not(None),
                copy.c.title_id != request.c.title_id,
                copy.c.part != request.c.part,
            )
        ),
    ),
    ("no_copy_idle", "No copy is free while a request waits that it would do for.", _no_free_copy_beside_a_waiter()),
    ("queue_in_turn", "Queues are served in the order of band and place.", _served_out_of_turn()),
    (
        "loan_events",
        "Each state a loan took has one event and one audit row.",
        select(loan.c.id).where(
            or_(
                _counted(circulation_event.c.loan_id, circulation_event.c.loan_id == loan.c.id, apart=loan)
                != loan.c.version,
                _audited("loan", loan) != loan.c.version,
            )
        ),
    ),
    (
        "request_events",
        "Each state a request took has one event, and one audit row that names it or its loan.",
        select(request.c.id).where(
            or_(
                _counted(circulation_event.c.request_id, circulation_event.c.request_id == request.c.id, apart=request)
                != request.c.version,
                _audited("request", request)
                != _counted(
                    circulation_event.c.request_id,
                    circulation_event.c.request_id == request.c.id,
                    circulation_event.c.loan_id.is_(None),
                    apart=request,
                ),
            )
        ),
    ),
    (
        "renewals_counted",
        "A loan was renewed as often as its events say.",
        select(loan.c.id).where(
            loan.c.renewals
            != _counted(
                circulation_event.c.loan_id,
                circulation_event.c.loan_id == loan.c.id,
                circulation_event.c.kind == word("RENEWED"),
                apart=loan,
            )
        ),
    ),
    ("renewed_in_turn", "No loan was renewed past a reader who waited in the queue.", _renewed_past_a_waiter()),
    (
        "fulfilled_has_a_loan",
        "A request is fulfilled exactly when a loan was made of it.",
        select(request.c.id).where(
            (request.c.state == word("FULFILLED")) != exists().where(loan.c.request_id == request.c.id)
        ),
    ),
    (
        "set_aside_in_service",
        "A copy out of service is set aside for nobody.",
        select(copy.c.id)
        .select_from(copy.join(request, request.c.copy_id == copy.c.id))
        .where(_assigned, copy.c.status != word("IN_SERVICE")),
    ),
    (
        "live_loans_are_whole",
        "A live loan names its reader, and a copy of its own title and part.",
        select(loan.c.id)
        .select_from(loan.outerjoin(copy, copy.c.id == loan.c.copy_id))
        .where(
            _live,
            or_(
                loan.c.patron_id.is_(None),
                copy.c.id.is_(None),
                copy.c.title_id != loan.c.title_id,
                copy.c.part != loan.c.part,
            ),
        ),
    ),
    (
        "answers_are_whole",
        "Every stored answer of an idempotency key is complete.",
        select(idempotency.c.route, idempotency.c.created_at).where(idempotency.c.status.is_(None)),
    ),
)

INVARIANTS: tuple[Invariant, ...] = tuple(
    Invariant(name, sentence, Statement(clause)) for name, sentence, clause in _STATEMENTS
)
"""What must hold at every moment between two units of work."""
