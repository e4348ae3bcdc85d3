"""The shelves: titles with their copies, how much each title is wanted, and what stands there this morning."""

import random
from bisect import bisect
from collections import defaultdict
from datetime import datetime, tzinfo
from functools import partial
from itertools import accumulate

from sqlalchemy import select

from configuration.kit.database import Database, Statement, Transaction
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from library_mgt.models.data.base import word
from library_mgt.models.data.copies import copy, copy_barcode, copy_claim
from library_mgt.models.request.title import CopyCreate
from library_mgt.services import copies

ZIPF = 0.82
"""The n-th of the titles is wanted n to the power of minus this much as often as the first."""
_COPIES = Statement(
    select(copy.c.id, copy.c.title_id, copy_barcode.c.barcode)
    .select_from(copy.join(copy_barcode, copy_barcode.c.copy_id == copy.c.id))
    .where(copy_barcode.c.in_use)
    .order_by(copy.c.title_id, copy.c.id)
)
_AWAY = Statement(
    select(copy.c.id)
    .select_from(copy.outerjoin(copy_claim, copy_claim.c.copy_id == copy.c.id))
    .where(copy_claim.c.copy_id.is_not(None) | (copy.c.status != word("IN_SERVICE")))
)


class Shelves:
    """What a reader finds who goes along the shelves. What comes back during a day stands there on the next."""

    def __init__(self, tx: Transaction, chance: random.Random, zone: tzinfo) -> None:
        self._copies: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for row in tx.all(_COPIES):
            self._copies[row.title_id].append((row.id, row.barcode))
        self.titles = list(self._copies)
        self._chance, self._zone = chance, zone
        self._wanted = list(accumulate(place**-ZIPF for place in range(1, len(self.titles) + 1)))
        self._away: set[int] = set()

    @property
    def copies(self) -> int:
        """How many copies there are."""
        return sum(len(some) for some in self._copies.values())

    def stock(self, database: Database, *, by: Actor, now: datetime) -> None:
        """Have more copies of what is wanted most."""
        for rank, title_id in enumerate(self.titles):
            self.buy(database, title_id, copies_of_rank(rank, len(self.titles)) - 1, by=by, now=now)

    def buy(self, database: Database, title_id: int, more: int, *, by: Actor, now: datetime) -> None:
        """Put so many new copies of a title on the shelf; what they cost is known."""
        new = CopyCreate(price_minor=1200 + 350 * (title_id % 11))
        units = [partial(copies.add_copy, title_id=title_id, new=new, by=by, now=now, zone=self._zone)] * more
        for added in database.write_each_sync(units):
            assert not isinstance(added, Refusal)
            assert added.barcode is not None
            self._copies[title_id].append((added.id, added.barcode))

    def look(self, tx: Transaction) -> None:
        """See what stands there this morning."""
        self._away = {row.id for row in tx.all(_AWAY)}

    def wanted(self) -> int:
        """A title that somebody comes to want: few titles are wanted by many."""
        return self.titles[bisect(self._wanted, self._chance.random() * self._wanted[-1])]

    def taken(self, title_id: int) -> str | None:
        """Take a copy off the shelf to the desk; answers its barcode, or `None` where none is left."""
        for copy_id, barcode in self._copies[title_id]:
            if copy_id not in self._away:
                self._away.add(copy_id)
                return barcode
        return None


def copies_of_rank(rank: int, titles: int) -> int:
    """How many copies a library has of the n-th most wanted of its titles."""
    share = rank / titles
    return next((number for most, number in ((0.004, 6), (0.015, 4), (0.05, 3), (0.15, 2)) if share < most), 1)
