"""Contests between acts of circulation, many at a time: each group of clients quarrels over a title of its own."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.wire import Reply, encode
from tests.reliability.callers import Line
from tests.reliability.stage import LIBRARY, Cast, Copy, add_copy, introduce
from tests.reliability.verdicts import AllWin, FewWinners

GROUP = 4
"""Clients that quarrel over one title."""

DISCS_ALLOWED = 3
DISC_RULE = {"auto_approve": True, "max_loans": DISCS_ALLOWED, "renewals": 2}
"""Of discs a reader may have few, and asks for them without approval: `add_rule` has to say so before."""

ANSWERED = frozenset({200, 201, 409})
RENEWED_OR_NOT = ANSWERED | {422}
"""What rules forbid is no conflict of states."""


def told(replies: Sequence[Reply], allowed: Counter[str]) -> list[str]:
    """What is wrong with how refusals explain themselves; `allowed` counts the codes there have to be."""
    found = Counter(reply.json().get("code") for reply in replies if reply.status >= 400)
    return [] if found == allowed else [f"refused with {dict(found)} instead of {dict(allowed)}"]


@dataclass(slots=True)
class FewCopies:
    """Every reader wants one of the few copies of a title."""

    cast: Cast
    few: int
    copies: list[Copy] = field(default_factory=list)
    name: str = ""
    rule: FewWinners = field(default_factory=FewWinners)

    def __post_init__(self) -> None:
        self.name = f"{self.few} cop{'y' if self.few == 1 else 'ies'}: checkout"
        self.rule = FewWinners(room=self.few)

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Put the copies on the desk and a reader on every line."""
        desk, readers = self.cast.librarians[0], self.cast.readers[:clients]
        if not self.copies:
            first = await add_copy(line, desk, f"Title of {self.few}")
            path = f"{LIBRARY}/titles/{first.title_id}/copies"
            more = [await desk.ask(line, "POST", path, {}) for _ in range(self.few - 1)]
            self.copies = [first, *[Copy(first.title_id, one["id"], one["barcode"]) for one in more]]
            await introduce(line, desk, readers, first)
        tokens = [await librarian.token(line) for librarian in self.cast.librarians]
        wishes = [
            {"patron": reader.person, "barcode": self.copies[place % self.few].barcode}
            for place, reader in enumerate(readers)
        ]
        return [
            encode("POST", f"{LIBRARY}/loans", body=wish, token=tokens[place % len(tokens)])
            for place, wish in enumerate(wishes)
        ]

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look how many are out, and take them back."""
        desk = self.cast.librarians[0]
        live = (await desk.ask(line, "GET", f"{LIBRARY}/loans?state=live&limit=200"))["items"]
        problems = [] if len(live) == self.few else [f"{len(live)} live loans of {self.few} copies"]
        for loan in live:
            await desk.ask(line, "POST", f"{LIBRARY}/returns", {"barcode": loan["barcode"]})
        return problems + told(replies, Counter({"COPY_ALREADY_ON_LOAN": len(replies) - self.few}))


@dataclass(slots=True)
class LastAllowedLoan:
    """Many desks lend to one reader, who may have only so many."""

    cast: Cast
    copies: list[Copy] = field(default_factory=list)
    turn: int = 0
    name: str = "last allowed loan"
    rule: FewWinners = field(default_factory=lambda: FewWinners(room=DISCS_ALLOWED, lost=422))

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """A disc on every line, and the next reader."""
        desk = self.cast.librarians[0]
        reader = self.cast.readers[self.turn % len(self.cast.readers)]
        self.turn += 1
        while len(self.copies) < clients:
            self.copies.append(await add_copy(line, desk, f"Disc {len(self.copies)}", item_type="disc"))
        await introduce(line, desk, [reader], self.copies[0])
        tokens = [await librarian.token(line) for librarian in self.cast.librarians]
        return [
            encode(
                "POST",
                f"{LIBRARY}/loans",
                body={"patron": reader.person, "barcode": copy.barcode},
                token=tokens[place % len(tokens)],
            )
            for place, copy in enumerate(self.copies)
        ]

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look what the reader has, and take it back."""
        desk = self.cast.librarians[0]
        live = (await desk.ask(line, "GET", f"{LIBRARY}/loans?state=live&limit=200"))["items"]
        problems = [] if len(live) == DISCS_ALLOWED else [f"{len(live)} loans where {DISCS_ALLOWED} are allowed"]
        for loan in live:
            await desk.ask(line, "POST", f"{LIBRARY}/returns", {"barcode": loan["barcode"]})
        return problems + told(replies, Counter({"LOAN_LIMIT_REACHED": len(replies) - DISCS_ALLOWED}))


@dataclass(slots=True)
class Group:
    """A copy, the three readers around it, the first one's loan, and the others' requests."""

    copy: Copy
    readers: Sequence[str]
    loan: int = 0
    requests: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Quarrel:
    """Acts of several kinds meet at each of many titles. What comes out must be one of the outcomes in order.

    Before: the copy is on loan to the first reader. `wishes` of the other two stand already, approved or not. `acts`
    answers the clients' calls for a group; `outcome` says what is wrong afterwards, from who has the copy (a reader,
    or none), and the state of each request by its reader.
    """

    cast: Cast
    name: str
    wishes: Sequence[bool]
    acts: Callable[[Group], Sequence[tuple[str, Any]]]
    outcome: Callable[[Group, Sequence[Reply], str | None, dict[str, str]], bool]
    item_type: str = "book"
    groups: list[Group] = field(default_factory=list)
    rule: AllWin = field(default_factory=lambda: AllWin(ANSWERED))

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Lend every copy, and let those wait who have to."""
        desk = self.cast.librarians[0]
        while len(self.groups) < clients // GROUP:
            place = len(self.groups)
            copy = await add_copy(line, desk, f"{self.name} {place}", item_type=self.item_type)
            readers = [reader.person for reader in self.cast.readers[3 * place : 3 * place + 3]]
            self.groups.append(Group(copy, readers))
        tokens = [await librarian.token(line) for librarian in self.cast.librarians]
        sent: list[bytes] = []
        for group in self.groups:
            loan = {"patron": group.readers[0], "barcode": group.copy.barcode}
            group.loan = (await desk.ask(line, "POST", f"{LIBRARY}/loans", loan))["id"]
            group.requests = []
            for reader, approved in zip(group.readers[1:], self.wishes, strict=False):
                asked = await desk.ask(line, "POST", f"{LIBRARY}/requests", wish(group, reader))
                group.requests.append(asked["id"])
                if approved:
                    await desk.ask(line, "POST", f"{LIBRARY}/requests/{asked['id']}/approve")
            calls = self.acts(group)
            sent += [
                encode("POST", f"{LIBRARY}/{path}", body=body, token=tokens[place % len(tokens)])
                for place, (path, body) in enumerate(calls)
            ]
        return sent

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look who has what, and clear every title."""
        desk = self.cast.librarians[0]
        loans = (await desk.ask(line, "GET", f"{LIBRARY}/loans?state=live&limit=200"))["items"]
        wishes = (await desk.ask(line, "GET", f"{LIBRARY}/requests?state=open&limit=200"))["items"]
        problems = []
        for place, group in enumerate(self.groups):
            answers = replies[place * GROUP : place * GROUP + GROUP]
            holders = [one["person"] for one in loans if one["barcode"] == group.copy.barcode]
            states = {one["person"]: one["state"] for one in wishes if one["title_id"] == group.copy.title_id}
            holder = holders[0] if holders else None
            if len(holders) > 1 or not self.outcome(group, answers, holder, states):
                said = [(reply.status, reply.json().get("code")) for reply in answers]
                problems.append(f"after {said}: on loan to {holders}, requests {states}")
        for one in wishes:
            await desk.ask(line, "POST", f"{LIBRARY}/requests/{one['id']}/cancel")
        for one in loans:
            await desk.ask(line, "POST", f"{LIBRARY}/returns", {"barcode": one["barcode"]})
        return problems


def wish(group: Group, reader: str) -> dict[str, Any]:
    """A request at the desk."""
    return {"title_id": group.copy.title_id, "patron": reader, "behalf_reason": "by telephone"}


def statuses(replies: Sequence[Reply]) -> list[int]:
    """Whether each was done (2), or refused and explained (4)."""
    return [reply.status // 100 for reply in replies]


def served(states: dict[str, str]) -> list[str]:
    """Who has a copy set aside, and who waits."""
    return sorted("waits" if state == "QUEUED" else "has it" for state in states.values())


def return_meets_checkout(cast: Cast) -> Quarrel:
    """The copy comes back while two others fetch it and the same desk scans it again."""

    def acts(group: Group) -> Sequence[tuple[str, Any]]:
        code = group.copy.barcode
        lend = [("loans", {"patron": reader, "barcode": code}) for reader in group.readers[1:]]
        return [("returns", {"barcode": code}), *lend, ("returns", {"barcode": code})]

    def fine(group: Group, replies: Sequence[Reply], holder: str | None, states: dict[str, str]) -> bool:
        returned, ann, ben, again = statuses(replies)
        # Each return may end a loan: none, one or both of the others may have had the copy in between.
        lent = [reader for reader, done in zip(group.readers[1:], (ann, ben), strict=True) if done == 2]
        return returned == again == 2 and holder in (None, *lent) and group.readers[0] != holder

    return Quarrel(cast, "return x checkout", (), acts, fine)


def cancel_meets_allocation(cast: Cast) -> Quarrel:
    """The copy comes back while the first in the queue steps out of it and the second is let in, twice."""

    def acts(group: Group) -> Sequence[tuple[str, Any]]:
        first, second = group.requests
        approve = (f"requests/{second}/approve", None)
        return [("returns", {"barcode": group.copy.barcode}), (f"requests/{first}/cancel", None), approve, approve]

    def fine(group: Group, replies: Sequence[Reply], holder: str | None, states: dict[str, str]) -> bool:
        returned, cancelled, *approvals = statuses(replies)
        kept = states.get(group.readers[2]) in ("ALLOCATED", "READY")
        done = returned == cancelled == 2 and sorted(approvals) == [2, 4]
        return done and holder is None and kept and group.readers[1] not in states

    return Quarrel(cast, "cancel x allocate x approve", (True, False), acts, fine)


def approvals_meet_return(cast: Cast) -> Quarrel:
    """The copy comes back while both who wait for it are let in, one of them twice."""

    def acts(group: Group) -> Sequence[tuple[str, Any]]:
        first, second = group.requests
        approvals = [(f"requests/{one}/approve", None) for one in (second, first, first)]
        return [("returns", {"barcode": group.copy.barcode}), *approvals]

    def fine(group: Group, replies: Sequence[Reply], holder: str | None, states: dict[str, str]) -> bool:
        returned, second, *first = statuses(replies)
        done = returned == second == 2 and sorted(first) == [2, 4]
        return done and holder is None and served(states) == ["has it", "waits"]

    return Quarrel(cast, "approve x approve x return", (False, False), acts, fine)


def request_meets_return(cast: Cast) -> Quarrel:
    """The copy comes back while two readers ask for it, one of them twice: one gets it, the other waits."""

    def acts(group: Group) -> Sequence[tuple[str, Any]]:
        _, ann, ben = group.readers
        asks = [("requests", wish(group, reader)) for reader in (ann, ben, ann)]
        return [("returns", {"barcode": group.copy.barcode}), *asks]

    def fine(group: Group, replies: Sequence[Reply], holder: str | None, states: dict[str, str]) -> bool:
        returned, ann, ben, again = statuses(replies)
        return (
            returned == ben == 2
            and sorted((ann, again)) == [2, 4]
            and holder is None
            and served(states) == ["has it", "waits"]
        )

    return Quarrel(cast, "request x return", (), acts, fine, item_type="disc")


def renewal_meets_request(cast: Cast) -> Quarrel:
    """The copy is renewed while two readers ask for it: before they did or not at all, says the journal."""

    def acts(group: Group) -> Sequence[tuple[str, Any]]:
        _, ann, ben = group.readers
        renew = (f"loans/{group.loan}/renew", None)
        return [renew, ("requests", wish(group, ann)), renew, ("requests", wish(group, ben))]

    def fine(group: Group, replies: Sequence[Reply], holder: str | None, states: dict[str, str]) -> bool:
        renewals, asks = replies[::2], replies[1::2]
        refused = [reply.json().get("code") for reply in renewals if reply.status >= 400]
        waiting = list(states.values()) == ["QUEUED", "QUEUED"]
        return statuses(asks) == [2, 2] and waiting and {"RENEWAL_REQUESTED"}.issuperset(refused)

    rule = AllWin(RENEWED_OR_NOT)
    return Quarrel(cast, "renew x request", (), acts, fine, item_type="disc", rule=rule)


def circulation_races(cast: Cast) -> list[FewCopies | LastAllowedLoan | Quarrel]:
    """Every contest, ready for its first round."""
    few = [FewCopies(cast, few) for few in (2, 5)]
    quarrels = [
        return_meets_checkout(cast),
        cancel_meets_allocation(cast),
        approvals_meet_return(cast),
        request_meets_return(cast),
        renewal_meets_request(cast),
    ]
    return [*few, LastAllowedLoan(cast), *quarrels]
