"""Forgetting who had a book: by rule after some days, unless the reader wants it remembered."""

from dataclasses import dataclass
from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.forgetting import Memory, without_words
from library_mgt.repository import forgetting, notices, patrons
from library_mgt.services.patrons import own_patron, patron_of


@dataclass(frozen=True, slots=True)
class History:
    """Whether a reader's loans and requests are remembered after they have ended."""

    kept: bool
    forgotten_after_days: int


def loans_to_forget(tx: Transaction, *, after: int, limit: int, now: datetime, memory: Memory) -> list[int]:
    """Loans that ended long enough ago."""
    known = {"before": memory.before(now), "last_before": memory.last_before(now)}
    return forgetting.loans_to_forget(tx, after=after, limit=limit, **known)


def forget_loan(tx: Transaction, loan_id: int, *, now: datetime, memory: Memory) -> bool:
    """Forget whose a loan was, with the request it came of; whether that was still to be done."""
    loan = forgetting.loan_to_forget(tx, loan_id, before=memory.before(now), last_before=memory.last_before(now))
    if loan is None:
        return False
    forgetting.forget_loan(tx, loan_id, without_words(loan.overrides))
    if loan.request_id is not None:
        forgetting.forget_request(tx, loan.request_id)
    _forget_traces(tx, loan.patron_id, loan_id=loan_id, request_id=loan.request_id)
    return True


def requests_to_forget(tx: Transaction, *, after: int, limit: int, now: datetime, memory: Memory) -> list[int]:
    """Requests that ended without a loan long enough ago."""
    return forgetting.requests_to_forget(tx, after=after, limit=limit, before=memory.before(now))


def forget_request(tx: Transaction, request_id: int, *, now: datetime, memory: Memory) -> bool:
    """Forget whose a request was; whether that was still to be done."""
    request = forgetting.request_to_forget(tx, request_id, before=memory.before(now))
    if request is None:
        return False
    forgetting.forget_request(tx, request_id)
    _forget_traces(tx, request.patron_id, loan_id=None, request_id=request_id)
    return True


def refused_wishes(tx: Transaction, *, after: int, limit: int, now: datetime, memory: Memory) -> list[int]:
    """Audit rows that tell who was refused a title long enough ago."""
    return forgetting.refused_wishes(tx, after=after, limit=limit, before=memory.before(now))


def forget_wisher(tx: Transaction, audit_id: int, **_: datetime) -> bool:
    """Forget who was refused a title, whenever that is asked."""
    return forgetting.forget_actor(tx, audit_id)


def mails_about(tx: Transaction, *, loan_id: int | None = None, request_id: int | None = None) -> list[int]:
    """The notices about a loan or request, under whose names mail may lie in the folder."""
    return notices.ids_about(tx, loan_id=loan_id, request_id=request_id)


def own_history(tx: Transaction, by: Actor, *, days: int) -> History:
    """What whoever acts has chosen."""
    patron_id = patron_of(tx, by)
    return History(patron_id is not None and forgetting.keeps_history(tx, patron_id), days)


def choose_history(tx: Transaction, *, kept: bool, days: int, by: Actor, now: datetime) -> History:
    """Have one's own loans and requests remembered, or forgotten as the rule says. What is forgotten stays so."""
    patron_id = own_patron(tx, by, now=now)
    patrons.lock(tx, patron_id)
    if kept != forgetting.keeps_history(tx, patron_id):
        if kept:
            forgetting.keep_history(tx, patron_id, now=now)
        else:
            forgetting.keep_history_no_more(tx, patron_id)
        audit.record(tx, "patron.history_chosen", f"patron:{patron_id}", by=by, now=now, facts={"kept": kept})
    return History(kept, days)


def _forget_traces(tx: Transaction, patron_id: int, *, loan_id: int | None, request_id: int | None) -> None:
    """Notices, and in the audit what the reader did; what colleagues did at the desk stays known."""
    notices.forget(tx, loan_id=loan_id, request_id=request_id)
    persons = patrons.persons(tx, patron_id)
    for kind, number in (("loan", loan_id), ("request", request_id)):
        if number is not None:
            audit.forget_subject(tx, f"{kind}:{number}", persons)
