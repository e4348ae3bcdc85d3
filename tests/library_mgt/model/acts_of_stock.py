"""What is done with titles and copies, and with those who may not borrow."""

from library_mgt.models.request.title import CopyChange
from library_mgt.services import blocks, catalogue, copies
from tests.library_mgt.model import rules_of_stock
from tests.library_mgt.model.chance import act, of_the, some
from tests.library_mgt.model.occasions import Shelf
from tests.library_mgt.model.oracle import Copy, Reader, Title
from tests.library_mgt.model.rule_book import ZONE
from tests.library_mgt.model.walk import LOCATIONS, Walk
from tests.library_mgt.world import LIBRARIAN


class Stocking(Walk):
    """Titles, copies and readers change."""

    @act(
        "shelves_with_room",
        shelf=of_the("shelves_with_room"),
        at=some(*LOCATIONS),
        status=some("IN_SERVICE", "ON_ORDER", "IN_REPAIR"),
        kind=some("book", "disc", "reference"),
        price=some(None, 300, 2500),
    )
    def add_copy(self, shelf: Shelf, at: str, status: str, kind: str, price: int | None) -> None:
        """Bought, or on order."""
        self.add(Copy(self.new_barcode(), *shelf, at, kind, status, price))

    @act(
        "stock",
        copy=of_the("stock"),
        status=some(
            "IN_SERVICE", "IN_SERVICE", "IN_SERVICE", "MISSING", "WITHDRAWN", "IN_REPAIR", "LOST", "REFERENCE_ONLY"
        ),
        part=some(None, None, None, "1", ""),
    )
    def change_copy(self, copy: Copy, status: str, part: str | None) -> None:
        """Out of service, back again, or into another part."""
        to = copy.part if part is None else part
        change = CopyChange(status=status) if part is None else CopyChange(status=status, part=part)
        self.both(
            lambda: rules_of_stock.change_copy(self.oracle, copy, status=status, part=to),
            copies.edit_copy, copy.barcode, change, version=None, by=LIBRARIAN, zone=ZONE,
        )  # fmt: skip

    @act("titles_in_use", often=1, title=of_the("titles_in_use"))
    def delete_title(self, title: Title) -> None:
        """Refused while anything hangs on it; else another takes its place."""
        self.both(
            lambda: rules_of_stock.delete_title(self.oracle, title),
            catalogue.delete_title, title.id, version=None, by=LIBRARIAN,
        )  # fmt: skip
        if title not in self.oracle.titles:
            self.add(Copy(self.new_barcode(), self.catalogued()))

    @act(reader=of_the("readers"), blocked=some(False, False, False, True))
    def block(self, reader: Reader, blocked: bool) -> None:
        """By hand."""
        self.both(
            lambda: rules_of_stock.block(reader, blocked=blocked, by=LIBRARIAN),
            blocks.block_patron, reader.id, blocked=blocked, reason="Talk to us", by=LIBRARIAN, zone=ZONE,
        )  # fmt: skip
