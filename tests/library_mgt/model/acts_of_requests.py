"""What is done with wishes: made, decided, put off, cancelled, shelved, not found."""

from configuration.kit.security.actor import Actor
from library_mgt.models.request.circulation import RequestCreate
from library_mgt.services import requests, suspensions
from tests.library_mgt.model import rules_of_requests
from tests.library_mgt.model.chance import act, of_the, some
from tests.library_mgt.model.occasions import Shelf
from tests.library_mgt.model.oracle import Copy, Reader, Request
from tests.library_mgt.model.rule_book import ZONE
from tests.library_mgt.model.walk import LOCATIONS, READERS, STAFF, Walk, some_day
from tests.library_mgt.world import LIBRARIAN


class Requesting(Walk):
    """Wishes."""

    @act(
        "shelves",
        often=8,
        reader=of_the("readers"),
        shelf=of_the("shelves"),
        own=some(True, False),
        pickup=some(*LOCATIONS),
        wished=some(None, None, 0, 1),
        needed=some(None, None, None, None, 1, 5, 9, -1),
    )
    def request(
        self, reader: Reader, shelf: Shelf, own: bool, pickup: str, wished: int | None, needed: int | None
    ) -> None:
        """One's own, or at the desk for somebody."""
        title, part = shelf
        copies = self.oracle.of(title, part)
        copy = copies[wished % len(copies)] if wished is not None and copies else None
        day = some_day(self.oracle, needed) if needed is not None else None
        wish = RequestCreate(
            title_id=title.id,
            part=part,
            barcode=copy.barcode if copy else None,
            pickup_location=pickup,
            not_needed_after=day,
            patron=None if own else reader.actor.person,
            behalf_reason=None if own else "By telephone",
        )
        self.both(
            lambda: rules_of_requests.request(
                self.oracle, reader, title, part, pickup=pickup, wished=copy, not_needed_after=day
            ),
            requests.request_title, wish, by=reader.actor if own else LIBRARIAN, zone=ZONE,
        )  # fmt: skip

    @act("shelves", shelf=of_the("shelves"), pickup=some(*LOCATIONS))
    def rush(self, shelf: Shelf, pickup: str) -> None:
        """Everybody asks for the same, and whoever may is let in."""
        for reader in self.readers:
            self.request(reader, shelf, own=True, pickup=pickup, wished=None, needed=None)
        for wish in self.oracle.open():
            if wish.state == "PENDING_APPROVAL" and wish.title is shelf[0]:
                self.approve(wish)

    @act("wishes", often=6, wish=of_the("undecided"))
    def approve(self, wish: Request) -> None:
        """Into the queue."""
        self.both(
            lambda: rules_of_requests.approve(self.oracle, wish, by=LIBRARIAN),
            requests.approve, wish.id, by=LIBRARIAN, zone=ZONE,
        )  # fmt: skip

    @act("wishes", wish=of_the("undecided"))
    def reject(self, wish: Request) -> None:
        """Out of the queue."""
        self.both(
            lambda: rules_of_requests.reject(self.oracle, wish, by=LIBRARIAN),
            requests.reject, wish.id, "It is being bound", by=LIBRARIAN,
        )  # fmt: skip

    @act("wishes", often=4, wish=of_the("served"), by=some(None, None, None, *STAFF, *READERS))
    def cancel(self, wish: Request, by: Actor | None) -> None:
        """By the owner, at the desk, or by somebody who may not know of it."""
        who = by or wish.reader.actor
        self.both(
            lambda: rules_of_requests.cancel(self.oracle, wish, by=who), requests.cancel, wish.id, by=who, zone=ZONE
        )

    @act("wishes", often=3, wish=of_the("to_be_pulled"), other=of_the("stock_or_none"), by=some(*STAFF))
    def shelve(self, wish: Request, other: Copy | None, by: Actor) -> None:
        """The copy set aside, or another."""
        if (copy := other or wish.copy) is None:
            return
        self.both(
            lambda: rules_of_requests.shelve(self.oracle, wish, copy),
            requests.shelve, wish.id, copy.barcode, by=by, zone=ZONE,
        )  # fmt: skip

    @act("wishes", wish=of_the("to_be_pulled"), by=some(*STAFF))
    def not_found(self, wish: Request, by: Actor) -> None:
        """It is not where it should be."""
        self.both(
            lambda: rules_of_requests.not_found(self.oracle, wish),
            suspensions.not_found, wish.id, by=by, zone=ZONE,
        )  # fmt: skip

    @act("wishes", wish=of_the("undecided"), days=some(3, 0, 10, -1), by=some(None, None, *STAFF, *READERS))
    def suspend(self, wish: Request, days: int, by: Actor | None) -> None:
        """Not before a day."""
        who, until = by or wish.reader.actor, some_day(self.oracle, days)
        self.both(
            lambda: rules_of_requests.suspend(self.oracle, wish, until, by=who),
            suspensions.suspend, wish.id, until, by=who, zone=ZONE,
        )  # fmt: skip

    @act("wishes", wish=of_the("put_off"), by=some(None, None, *STAFF, *READERS))
    def resume(self, wish: Request, by: Actor | None) -> None:
        """Now after all."""
        who = by or wish.reader.actor
        self.both(
            lambda: rules_of_requests.resume(self.oracle, wish, by=who),
            suspensions.resume, wish.id, by=who, zone=ZONE,
        )  # fmt: skip
