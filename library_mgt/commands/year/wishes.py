"""Requests: made where nothing is left on the shelf, suspended, given up, fetched or not; and what was foretold."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from library_mgt.commands.year import lending
from library_mgt.commands.year.readers import Reader
from library_mgt.commands.year.setting import DAY, Foretold, Library
from library_mgt.models.data.requests import RequestView
from library_mgt.models.request.circulation import RequestCreate
from library_mgt.services import requests, suspensions, waiting

SUSPENDS, GIVES_UP, HAS_A_DEADLINE = 0.05, 0.08, 0.08
"""Shares of those who wait."""


def wish(library: Library, reader: Reader, title_id: int, at: datetime) -> None:
    """Request a title from the portal, and see how long that will take."""
    if reader.has(title_id):
        return
    until = library.in_days(30, 90) if library.happens(HAS_A_DEADLINE) else None
    if until is not None:
        library.agenda.on(until + DAY, partial(reader.wishes.discard, title_id))

    def ask(tx: Transaction, *, by: Actor, now: datetime, **zone: Any) -> waiting.WaitingRequest:
        wanted = RequestCreate(title_id=title_id, not_needed_after=until)
        made = requests.request_title(tx, wanted, by=by, now=now, **zone)
        [seen] = waiting.with_waits(tx, [made], now=now, **zone)
        return seen

    library.act(
        at, "requests.request_title", f"title:{title_id}", reader.actor, ask,
        then=partial(asked, library, reader), **library.zone,
    )  # fmt: skip


def asked(library: Library, reader: Reader, made: waiting.WaitingRequest) -> None:
    """Remember what was said; some will change their minds while they wait."""
    assert made.title_id is not None
    reader.wishes.add(made.title_id)
    if made.wait is None:
        return
    library.foretold[made.id] = Foretold(made.id, library.day, made.wait)
    if library.happens(SUSPENDS):
        library.agenda.on(library.in_days(1, 6), partial(suspend, library, reader, made.id))
    if library.happens(GIVES_UP):
        library.agenda.on(library.in_days(5, 45), partial(give_up, library, reader, made))


def suspend(library: Library, reader: Reader, request_id: int) -> None:
    """Be away for a while, and keep one's place."""
    if request_id in library.ready:
        return
    until = library.in_days(7, 24)
    library.foretold.pop(request_id, None)  # Who asks to be passed over is not served when it was foretold.
    library.act(
        library.whenever(), "suspensions.suspend", f"request:{request_id}", reader.actor, suspensions.suspend,
        request_id, until, **library.zone,
    )  # fmt: skip


def give_up(library: Library, reader: Reader, made: RequestView) -> None:
    """Need it no more, where it has not come yet."""
    if made.title_id not in reader.wishes or made.id in library.ready:
        return

    def cancelled(_: RequestView) -> None:
        assert made.title_id is not None
        reader.wishes.discard(made.title_id)

    library.act(
        library.whenever(), "requests.cancel", f"request:{made.id}", reader.actor, requests.cancel, made.id,
        then=cancelled, **library.zone,
    )  # fmt: skip


def told_ready(library: Library, one: RequestView) -> None:
    """Read the notice that it lies on the hold shelf, and mean to fetch it in time; or not."""
    reader = library.by_person.get(one.person or "")
    if reader is None or one.title_id is None:
        return
    if library.happens(reader.fetches):
        days = library.chance.choice((0, 1, 1, 2, 2, 3, 4, 5, 6))
        library.when_open(library.day + days * DAY, partial(fetch, library, reader, one))
    else:
        reader.wishes.discard(one.title_id)


def fetch(library: Library, reader: Reader, one: RequestView) -> None:
    """Fetch it at the desk."""
    assert one.barcode is not None

    def too_late(_: Refusal) -> None:
        assert one.title_id is not None
        reader.wishes.discard(one.title_id)

    at = library.sometime()
    lending.vouch(library, reader, at)
    lending.borrow(library, reader, one.barcode, at + timedelta(seconds=30), otherwise=too_late)
