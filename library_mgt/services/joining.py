"""Two records of one human become one, so that limits count once."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.blocking import counted
from library_mgt.errors import JoinCollides, PatronNotFound
from library_mgt.models.request.patrons import PatronJoining
from library_mgt.repository import joining, patrons, policies
from library_mgt.services.patrons import PatronRecord, not_own, patron_record


def join(
    tx: Transaction, patron_id: int, joined: PatronJoining, *, by: Actor, now: datetime, zone: tzinfo
) -> PatronRecord:
    """Move hats, cards, blocks, loans, requests and fees of the other record here, and end that one. Never one's own.

    Refused, with everything that stands against it, while the two together would break a rule that held for each.
    """
    if patron_id == joined.other or joining.lock(tx, patron_id, joined.other) != 2:
        raise PatronNotFound("Both records have to be there, and be two.")
    for one in (patron_id, joined.other):
        not_own(tx, one, by)
    if found := [*_titles_twice(tx, patron_id, joined.other), *_limits(tx, patron_id, joined.other)]:
        raise JoinCollides(" ".join(blocker.detail for blocker in found), blockers=found)
    joining.move(tx, joined.other, patron_id)
    facts = {"joined": joined.other, "reason": joined.reason}
    audit.record(tx, "patron.joined", f"patron:{patron_id}", by=by, now=now, facts=facts)
    return patron_record(tx, patron_id, now=now, zone=zone)


def _titles_twice(tx: Transaction, patron_id: int, other: int) -> list[Blocker]:
    """Titles that one of them has, or waits for, and the other as well."""
    return [
        Blocker(
            JoinCollides.code,
            f"Both have {row.title!r}: {'on loan' if row.lent else 'requested'} here, "
            f"{'on loan' if row.other_lent else 'requested'} there. End one of them first.",
            "/other",
            None,
            {"title_id": row.title_id},
        )
        for row in joining.titles_of_both(tx, patron_id, other)
    ]


def _limits(tx: Transaction, patron_id: int, other: int) -> list[Blocker]:
    """Limits of loans and requests that the two together are beyond."""
    one, two = patrons.by_id(tx, patron_id), patrons.by_id(tx, other)
    assert one is not None
    assert two is not None
    rule = policies.in_force(tx).policy(None, one.group_code, None)
    loans, requests = one.live_loans + two.live_loans, one.open_requests + two.open_requests
    most_loans = min((rule.max_loans, *joining.kept_limits(tx, patron_id, other)))
    found = []
    if two.live_loans and loans > most_loans:
        detail = f"Together they have {counted(loans, 'loan')}; {most_loans} are allowed."
        found.append(Blocker("LOAN_LIMIT_REACHED", detail, "/other", None, {"loans": loans, "limit": most_loans}))
    if two.open_requests and requests > rule.max_requests:
        detail = f"Together they have {counted(requests, 'open request')}; {rule.max_requests} are allowed."
        counts = {"requests": requests, "limit": rule.max_requests}
        found.append(Blocker("REQUEST_LIMIT_REACHED", detail, "/other", None, counts))
    return found
