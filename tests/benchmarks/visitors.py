"""Who comes on a busy day, and what they want: copies go out and come back, are renewed, asked for, and looked for.

Every act can succeed: what an act in flight is about is nobody else's business until it was answered. A refusal is
cheap, and would pass for work.
"""

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from urllib.parse import quote

from library_mgt.domain import barcodes
from tests.benchmarks.arrivals import Act, Loads
from tests.benchmarks.wire import Reply, encode
from tests.reliability.installation import PREFIX

LIBRARY = f"{PREFIX}/library"
MIX: Mapping[str, int] = {
    "check out": 50,
    "return": 45,
    "search": 60,
    "own loans": 15,
    "renew": 10,
    "request": 5,
    "approve": 5,
}
"""How often each is wanted. At 50 checkouts a second these are acts per second."""
STATUS: Mapping[str, int] = {
    "check out": 201,
    "return": 200,
    "search": 200,
    "own loans": 200,
    "renew": 200,
    "request": 201,
    "approve": 200,
}
RENEWALS = 2


@dataclass(slots=True)
class Lent:
    """A copy that is out."""

    loan_id: int
    copy: int
    title_id: int
    reader: int
    late: bool = False
    """Whether it was overdue when the day began: such a one is brought back, not renewed."""
    renewed: int = 0
    awaited_by: int | None = None
    """The reader whose request waits for it."""


class Visitors:
    """One day's acts, in an order drawn by lot. Copy `n` is the only one of the title `titles[n - 1]`."""

    def __init__(
        self,
        *,
        titles: Sequence[int],
        lent: Iterable[Lent],
        tokens: Sequence[str],
        staff: Sequence[str],
        queries: Sequence[str],
        seed: int = 1,
    ) -> None:
        self._chance = random.Random(seed)
        self._titles = titles
        self._tokens = tokens
        self._staff = cycle(staff)
        self._queries = queries
        self._readers = cycle(range(1, len(tokens) + 1))
        self._keys = count()
        self._out = list(lent)
        out = {one.copy for one in self._out}
        self._shelf = [copy for copy in range(1, len(titles) + 1) if copy not in out]
        self._chance.shuffle(self._shelf)
        self._set_aside: list[tuple[int, int]] = []
        self._undecided: list[tuple[int, Lent]] = []
        self._kinds = tuple(MIX)
        self._weights = tuple(MIX.values())
        self._acts: Mapping[str, Callable[[], Act | None]] = {
            "check out": self._check_out,
            "return": self._return,
            "search": self._search,
            "own loans": self._own_loans,
            "renew": self._renew,
            "request": self._request,
            "approve": self._approve,
        }

    def next(self) -> Act:
        """What the next one wants; who finds nothing to do looks for a book."""
        kind = self._chance.choices(self._kinds, self._weights)[0]
        return self._acts[kind]() or self._search()

    def _check_out(self) -> Act | None:
        if self._set_aside:
            copy, reader = self._set_aside.pop()
        elif self._shelf:
            copy, reader = self._shelf.pop(), next(self._readers)
        else:
            return None

        def answered(reply: Reply) -> None:
            self._out.append(Lent(reply.json()["id"], copy, self._titles[copy - 1], reader))

        wish = {"patron": f"student:{reader}", "barcode": barcodes.generated(copy)}
        return self._at_desk("check out", "loans", wish, answered)

    def _return(self) -> Act | None:
        one = self._taken(lambda _: True)
        if one is None:
            return None

        def answered(reply: Reply) -> None:
            if (reply.json()["request"] is None) != (one.awaited_by is None):
                raise AssertionError(f"{one} was not passed on to who waits for it: {json.loads(reply.body)}")
            if one.awaited_by is None:
                self._shelf.insert(0, one.copy)
            else:
                self._set_aside.append((one.copy, one.awaited_by))

        return self._at_desk("return", "returns", {"barcode": barcodes.generated(one.copy)}, answered)

    def _renew(self) -> Act | None:
        one = self._taken(lambda lent: lent.renewed < RENEWALS and lent.awaited_by is None and not lent.late)
        if one is None:
            return None

        def answered(_: Reply) -> None:
            one.renewed += 1
            self._out.append(one)

        return self._by_reader("renew", one.reader, f"loans/{one.loan_id}/renew", None, answered)

    def _request(self) -> Act | None:
        one = self._taken(lambda lent: lent.awaited_by is None)
        if one is None:
            return None
        reader = next(number for number in self._readers if number != one.reader)

        def answered(reply: Reply) -> None:
            one.awaited_by = reader
            self._undecided.append((reply.json()["id"], one))

        return self._by_reader("request", reader, "requests", {"title_id": one.title_id}, answered)

    def _approve(self) -> Act | None:
        if not self._undecided:
            return None
        request_id, one = self._undecided.pop()
        return self._at_desk("approve", f"requests/{request_id}/approve", None, lambda _: self._out.append(one))

    def _own_loans(self) -> Act:
        token = self._chance.choice(self._tokens)
        return Act("own loans", encode("GET", f"{LIBRARY}/loans/mine", token=token))

    def _search(self) -> Act:
        query = self._chance.choice(self._queries)
        return Act("search", encode("GET", f"{LIBRARY}/titles?limit=20&q={quote(query)}"))

    def _taken(self, fits: Callable[[Lent], bool]) -> Lent | None:
        """A copy that is out and fits, which from now on is in flight: one of a few drawn, if any of them fits."""
        for _ in range(min(8, len(self._out))):
            place = self._chance.randrange(len(self._out))
            if fits(self._out[place]):
                self._out[place], self._out[-1] = self._out[-1], self._out[place]
                return self._out.pop()
        return None

    def _at_desk(self, kind: str, path: str, body: object, answered: Callable[[Reply], None]) -> Act:
        return self._posted(kind, path, body, next(self._staff), answered)

    def _by_reader(self, kind: str, reader: int, path: str, body: object, answered: Callable[[Reply], None]) -> Act:
        return self._posted(kind, path, body, self._tokens[reader - 1], answered)

    def _posted(self, kind: str, path: str, body: object, token: str, answered: Callable[[Reply], None]) -> Act:
        key = f"visit-{next(self._keys)}"
        return Act(kind, encode("POST", f"{LIBRARY}/{path}", body=body, token=token, Idempotency_Key=key), answered)


def all_served(loads: Loads) -> Loads:
    """The loads, if everybody got what they came for."""
    for kind, load in loads.items():
        load.only(STATUS[kind])
    return loads
