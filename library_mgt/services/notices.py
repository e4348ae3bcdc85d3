"""Telling readers what they should know: when it is noticed, and how it reaches them."""

import smtplib
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import partial

from configuration.kit.database import Transaction
from configuration.kit.days import local_day, start_of_day
from configuration.kit.errors import Refusal
from configuration.kit.features.jobs import Advance, Effect, Job, Work, Workplace
from configuration.kit.security.actor import Actor
from library_mgt.domain.notices import OF_EVENT, Steps, still_holds
from library_mgt.models.data.notices import NoticeView
from library_mgt.repository import notices
from library_mgt.services.patrons import patron_of

LAST = 2**62
FIRST_RETRY, LAST_RETRY = timedelta(minutes=5), timedelta(days=1)
AddressOf = Callable[[str], str | None]
"""The mail address of a person, or `None`; a refusal when whoever knows it does not answer."""
Send = Callable[[NoticeView, str, datetime], None]
"""Sends a notice to an address; raises what the mail server or the folder raises."""


def of_event(tx: Transaction, kind: str, *, loan_id: int | None, request_id: int | None, now: datetime) -> None:
    """Tell the reader of an event that concerns them, in its own transaction."""
    told = OF_EVENT.get(kind)
    if told is None:
        return
    if loan_id is not None:
        notices.about_loan(tx, f"{told}:loan:{loan_id}:{now.isoformat()}", told, loan_id, now=now)
    elif request_id is not None:
        notices.about_request(tx, f"{told}:request:{request_id}:{now.isoformat()}", told, request_id, now=now)


def loans_to_mention(
    tx: Transaction, *, after: int, limit: int, now: datetime, zone: tzinfo, steps: Steps
) -> list[int]:
    """Loans that are overdue, or due within the days of the first reminder."""
    last = local_day(now, zone) + timedelta(days=steps.first + 1)
    return notices.due_by(tx, start_of_day(last, zone), after=after, limit=limit)


def mention_due(tx: Transaction, loan_id: int, *, now: datetime, zone: tzinfo, steps: Steps) -> bool:
    """Remind the reader of a loan, or ask for it: once for each step and due day. Whether there was anything new."""
    loan = notices.due_facts(tx, loan_id)
    if loan is None:
        return False
    due = local_day(loan.due_at, zone)
    step = steps.reached(due, local_day(loan.since, zone), local_day(now, zone))
    if step is None:
        return False
    kind = "OVERDUE" if step > 0 else "DUE_SOON"
    key = f"{kind}:loan:{loan_id}:{due.isoformat()}:{step}"
    return notices.about_due(tx, key, kind, loan_id, days=step, due_at=loan.due_at, now=now)


def notices_of(tx: Transaction, by: Actor, *, before: int = LAST, limit: int = 20) -> list[NoticeView]:
    """What whoever acts was told, the latest first."""
    patron_id = patron_of(tx, by)
    return [] if patron_id is None else notices.own(tx, patron_id, before=before, limit=limit)


def deliver(send: Send, address_of: AddressOf) -> Work:
    """The work of sending what waits.

    A notice is taken before it is sent and marked after: one whose sender died is sent again later, under the same
    Message-ID, and never by two senders at once. A reader without an address finds it on their page.
    """

    def work(place: Workplace, job: Job) -> Generator[Effect, None, None]:
        after, away = 0, set[str]()
        while page := place.read(notices.to_send, after=after, now=job.started_at):
            for one in page:
                if (home := (one.person or "").partition(":")[0]) not in away:
                    yield from _delivered(one, send, address_of, partial(away.add, home))
            after = page[-1].id
        yield _all_tried

    return work


def _delivered(
    one: NoticeView, send: Send, address_of: AddressOf, home_is_away: Callable[[], None]
) -> Generator[Effect, None, None]:
    taken = _Taken()
    yield taken.take(one)
    if taken.at is None or taken.seen is None:
        return
    one = taken.seen
    if not still_holds(one):
        yield _left(one, "DROPPED")
        return
    try:
        address = address_of(one.person) if one.person else None
    except Refusal as away:
        home_is_away()
        yield _put_off(one, away.title)
        return
    if address is None:
        yield _left(one, "SENT", channel="page")
        return
    try:
        send(one, address, taken.at)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as refused:
        yield _put_off(one, type(refused).__name__)
    except (OSError, smtplib.SMTPException) as away:
        problem = f"The mail server does not take mail: {type(away).__name__}."
        yield _put_off(one, problem, failed=True)
    else:
        yield _left(one, "SENT")


class _Taken:
    """Whether a notice is in the hand of this sender, since when, and what it says now."""

    at: datetime | None = None
    seen: NoticeView | None = None

    def take(self, one: NoticeView) -> Effect:
        """Take it, unless somebody else has."""

        def effect(tx: Transaction, _: Job, now: datetime) -> Advance:
            again_at = now + min(LAST_RETRY, FIRST_RETRY * 2 ** min(one.attempts, 10))
            self.at = now if notices.tried(tx, one.id, now=now, again_at=again_at) else None
            self.seen = notices.by_id(tx, one.id)
            return Advance()

        return effect


def _left(one: NoticeView, state: str, channel: str = "mail") -> Effect:
    def effect(tx: Transaction, _: Job, now: datetime) -> Advance:
        notices.left(tx, one.id, state=state, channel=channel, sent_at=now if state == "SENT" else None)
        return Advance(done=1, counts={"done" if state == "SENT" else "dropped": 1})

    return effect


def _put_off(one: NoticeView, problem: str, *, failed: bool = False) -> Effect:
    """Keep why it could not be sent; where nothing can be, the run ends as failed and comes again later."""

    def effect(tx: Transaction, _job: Job, _now: datetime) -> Advance:
        notices.left(tx, one.id, state="WAITING", problem=problem)
        put_off = Advance(counts={"put_off": 1})
        return replace(put_off, state="failed", problem=problem) if failed else put_off

    return effect


def _all_tried(_tx: Transaction, _job: Job, _now: datetime) -> Advance:
    return Advance(state="done")
