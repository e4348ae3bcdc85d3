"""The desk's own day: the till, the pull list, the hold shelf, what lies there for nobody, what is missing or lost."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.security.actor import Actor
from library_mgt.commands.year import lending, losing, wishes
from library_mgt.commands.year.agenda import Plan
from library_mgt.commands.year.office import LOST_AFTER
from library_mgt.commands.year.records import to_call_back
from library_mgt.commands.year.setting import PLACE, Library
from library_mgt.models.data.requests import RequestView
from library_mgt.models.request.fees import TillClosing, TillOpening
from library_mgt.services import desk_lists, recalls, requests, returns, suspensions, tills

NOT_THERE, FOUND_LATER = 0.012, 0.7
"""Shares of the copies on the pull list that nobody finds, and of those that are found later."""
FLOAT_MINOR = 10_000
MISCOUNTED = 0.03
LONG_QUEUE = 2
"""So many must wait for a title before its loans are called back."""


class Counter:
    """What the desk does."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def open(self) -> None:
        """Open the till, and go through the lists."""
        library = self._library
        assert library.hours is not None
        opening, closing = library.at(library.hours.opens), library.at(library.hours.closes)
        library.act(
            opening, "tills.open_with", f"till:{PLACE}", library.assistant, tills.open_with, PLACE,
            TillOpening(float_minor=FLOAT_MINOR),
        )  # fmt: skip
        self._pull(opening)
        self._put_back()
        library.act(closing, "tills.close", f"till:{PLACE}", library.assistant, self._closing(), **library.zone)
        if library.day.weekday() == 0:
            self._give_up(opening)
            self._call_back(opening)

    def tell(self) -> None:
        """Let readers know what lies ready for them since yesterday."""
        for one in self._pages(desk_lists.on_hold_shelf, lambda last: (last.ready_until, last.id)):
            if one.id not in self._library.ready:
                self._library.ready.add(one.id)
                wishes.told_ready(self._library, one)

    def _pull(self, opening: datetime) -> None:
        """Bring what is on the pull list to the hold shelf; what is not found is missing."""
        library = self._library
        along = desk_lists.to_pull
        for one in self._pages(along, lambda last: (last.copy_location or "", last.call_number or "", last.id)):
            at, about = self._between(opening, 5, 90), f"request:{one.id}"
            if library.happens(NOT_THERE):
                library.act(
                    at, "suspensions.not_found", about, library.assistant, suspensions.not_found, one.id,
                    then=partial(self._missing, one), **library.zone,
                )  # fmt: skip
            else:
                library.act(
                    at, "requests.shelve", about, library.assistant, requests.shelve, one.id, one.barcode,
                    **library.zone,
                )  # fmt: skip

    def _missing(self, one: RequestView, _: RequestView) -> None:
        library = self._library
        if library.happens(FOUND_LATER):
            library.when_open(library.in_days(3, 40), self._scan(one.barcode))

    def _put_back(self) -> None:
        """Scan what lies on the hold shelf for nobody, and put it back."""
        library = self._library
        for one in library.database.read_sync(desk_lists.left_on_shelf, limit=200):
            self._scan(one.barcode)()

    def _scan(self, barcode: str | None) -> Plan:
        """Scan a copy that is not out."""
        library = self._library

        def scan() -> None:
            library.act(
                library.sometime(), "returns.return_copy", f"copy:{barcode}", library.assistant, returns.return_copy,
                barcode, location=PLACE, **library.zone,
            )  # fmt: skip

        return scan

    def _closing(self) -> Callable[..., Any]:
        """Count the till; once in a while a coin is missing."""
        missing = 50 if self._library.happens(MISCOUNTED) else 0

        def close(tx: Transaction, *, by: Actor, now: datetime, **zone: Any) -> Any:
            [*_, session] = tills.report(tx, PLACE, self._library.day, **zone).sessions
            expected = session.expected
            counted = TillClosing(
                cash_minor=expected["CASH"] - missing,
                card_minor=expected["CARD"],
                transfer_minor=expected["TRANSFER"],
                reason="A coin is missing." if missing else None,
            )
            return tills.close(tx, PLACE, counted, by=by, now=now, **zone)

        return close

    def _give_up(self, opening: datetime) -> None:
        """Declare lost what is overdue for so long that nobody expects it back."""
        library = self._library
        known = {out.loan_id: (reader, out) for reader in library.readers for out in reader.out.values()}
        asked = {"days": LOST_AFTER, "now": opening, **library.zone}
        for loan in self._pages(partial(desk_lists.overdue, **asked), lambda last: (last.due_at, last.id)):
            if loan.id in known and known[loan.id][1].back_on is None:
                losing.declare_lost(library, *known[loan.id], self._between(opening, 60, 240))

    def _call_back(self, opening: datetime) -> None:
        """Call back one loan of each title that many wait for."""
        library = self._library
        known = {out.loan_id: (reader, out) for reader in library.readers for out in reader.out.values()}
        for loan_id in library.database.read_sync(to_call_back, LONG_QUEUE):
            if loan_id in known:
                library.act(
                    self._between(opening, 60, 240), "recalls.recall", f"loan:{loan_id}", library.librarian,
                    recalls.recall, loan_id, then=partial(lending.recalled, library, *known[loan_id]), **library.zone,
                )  # fmt: skip

    def _between(self, opening: datetime, least: float, most: float) -> datetime:
        """Some moment between so many minutes after the opening."""
        return opening + timedelta(minutes=self._library.chance.uniform(least, most))

    def _pages(self, find: Callable[..., Sequence[Any]], mark: Callable[[Any], Any]) -> Iterator[Any]:
        """Every row of one of the desk's lists, which come page by page."""
        after: dict[str, Any] = {}
        while page := self._library.database.read_sync(find, limit=200, **after):
            yield from page
            after = {"after": mark(page[-1])}
