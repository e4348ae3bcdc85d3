"""People come: for something that they have in mind, and as often as the time of the year lets them."""

from datetime import datetime, timedelta

from library_mgt.commands.year import lending, wishes
from library_mgt.commands.year.readers import Reader
from library_mgt.commands.year.seasons import demand
from library_mgt.commands.year.setting import Library

MOST_AT_ONCE = 6
ONE_MORE = 0.48
"""The share of visitors who want one title more."""


def people_come(library: Library) -> None:
    """Let readers want something today: whoever comes looks for a few titles."""
    today = demand(library.day)
    for reader in library.readers:
        if not library.happens(reader.appetite * today):
            continue
        titles = {library.shelves.wanted(): None for _ in range(_how_many(library))}
        wanted = [title for title in titles if not reader.has(title)]
        if library.hours is None:
            # From home nobody takes a copy along, but many look whether it is worth to come.
            for title in wanted[:1]:
                if library.happens(reader.waits / 3):
                    wishes.wish(library, reader, title, library.whenever())
        elif wanted:
            visit(library, reader, wanted, library.sometime())


def visit(library: Library, reader: Reader, titles: list[int], at: datetime) -> None:
    """Take along what stands there, and request what does not, if it is worth waiting for."""
    lending.vouch(library, reader, at)
    for place, title in enumerate(titles):
        barcode = library.shelves.taken(title)
        if barcode is not None:
            lending.borrow(library, reader, barcode, at + timedelta(seconds=20 + 25 * place))
        elif library.happens(reader.waits):
            wishes.wish(library, reader, title, at + timedelta(minutes=2 + place))


def _how_many(library: Library) -> int:
    number = 1
    while number < MOST_AT_ONCE and library.happens(ONE_MORE):
        number += 1
    return number
