"""The contests: one copy, one decision, one refresh token, one key, and a return that meets an approval."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.benchmarks.wire import Reply, encode
from tests.reliability.callers import Line
from tests.reliability.installation import PREFIX
from tests.reliability.stage import LIBRARY, Cast, Copy, add_copy, introduce
from tests.reliability.verdicts import AllWin, OneWinner, SameAnswer

HTTP_OK = frozenset({200})


@dataclass(slots=True)
class CheckoutRace:
    """Every reader wants the one copy."""

    cast: Cast
    copy: Copy | None = None
    name: str = "one copy: checkout"
    rule: OneWinner = field(default_factory=OneWinner)

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Put the copy on the desk and a reader on every line."""
        desk = self.cast.librarians[0]
        readers = self.cast.readers[:clients]
        if self.copy is None:
            self.copy = await add_copy(line, desk, "The only copy")
            await introduce(line, desk, readers, self.copy)
        tokens = [await librarian.token(line) for librarian in self.cast.librarians]
        wishes = [{"patron": reader.person, "barcode": self.copy.barcode} for reader in readers]
        return [
            encode("POST", f"{LIBRARY}/loans", body=wish, token=tokens[number % len(tokens)])
            for number, wish in enumerate(wishes)
        ]

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look who has it, and take it back."""
        assert self.copy is not None
        desk = self.cast.librarians[0]
        live = await desk.ask(line, "GET", f"{LIBRARY}/loans?state=live")
        problems = [] if len(live["items"]) == 1 else [f"{len(live['items'])} live loans of one copy"]
        for _ in live["items"]:
            await desk.ask(line, "POST", f"{LIBRARY}/returns", {"barcode": self.copy.barcode})
        return problems


@dataclass(slots=True)
class ApprovalRace:
    """Every librarian's window decides the same request."""

    cast: Cast
    copy: Copy | None = None
    request_id: int = 0
    name: str = "one request: approval"
    rule: OneWinner = field(default_factory=OneWinner)

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Let a reader ask for the title."""
        desk, reader = self.cast.librarians[0], self.cast.readers[0]
        if self.copy is None:
            self.copy = await add_copy(line, desk, "A wish")
        asked = await reader.ask(line, "POST", f"{LIBRARY}/requests", {"title_id": self.copy.title_id})
        self.request_id = asked["id"]
        tokens = [await librarian.token(line) for librarian in self.cast.librarians]
        path = f"{LIBRARY}/requests/{self.request_id}/approve"
        return [encode("POST", path, token=tokens[number % len(tokens)]) for number in range(clients)]

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look that the copy is set aside, and end the request."""
        desk = self.cast.librarians[0]
        waiting = await desk.ask(line, "GET", f"{LIBRARY}/requests?state=open")
        states = [one["state"] for one in waiting["items"] if one["id"] == self.request_id]
        await desk.ask(line, "POST", f"{LIBRARY}/requests/{self.request_id}/cancel")
        return [] if states == ["ALLOCATED"] else [f"the request is {states} instead of ALLOCATED"]


@dataclass(slots=True)
class RefreshRace:
    """A client lost its answers and sends its refresh token again and again."""

    cast: Cast
    token: str = ""
    name: str = "one refresh token"
    rule: SameAnswer = field(default_factory=lambda: SameAnswer("refresh_token", HTTP_OK))

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Sign in once; later rounds go on with the successor."""
        if not self.token:
            self.token = (await self.cast.readers[0].sign_in(line))["refresh_token"]
        form = urlencode({"grant_type": "refresh_token", "refresh_token": self.token}).encode()
        return [encode("POST", f"{PREFIX}/student/login/refresh", body=form)] * clients

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Go on with the successor."""
        followers = [reply.json()["refresh_token"] for reply in replies if reply.status in HTTP_OK]
        self.token = followers[0] if followers else ""
        return []


@dataclass(slots=True)
class KeyRace:
    """One request, sent over every line with the same Idempotency-Key."""

    cast: Cast
    number: int = 0
    title: str = ""
    name: str = "one Idempotency-Key"
    rule: SameAnswer = field(default_factory=lambda: SameAnswer("id", frozenset({201})))

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Catalogue the same title everywhere."""
        self.number += 1
        self.title = f"keyed{self.number}"
        token = await self.cast.librarians[0].token(line)
        request = encode(
            "POST", f"{LIBRARY}/titles", body={"title": self.title}, token=token, Idempotency_Key=f"race-{self.number}"
        )
        return [request] * clients

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look how often it stands in the catalogue."""
        found = await self.cast.librarians[0].ask(line, "GET", f"{LIBRARY}/titles?q={self.title}")
        made = len(found["items"])
        return [] if made == 1 else [f"{made} titles from one key"]


@dataclass(slots=True)
class ReturnMeetsApproval:
    """Copies come back while requests for them are let into the queue: nobody may wait beside a free copy.

    Half of the clients scan a copy each, the other half approve the request for that same title. Both must succeed,
    and afterwards the copy is set aside for the request.
    """

    cast: Cast
    copies: list[Copy] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    name: str = "returns meet approvals"
    rule: AllWin = field(default_factory=AllWin)

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Lend a copy to one reader and let another ask for it, for every pair of clients."""
        desk, pairs = self.cast.librarians[0], clients // 2
        while len(self.copies) < pairs:
            self.copies.append(await add_copy(line, desk, f"Pair {len(self.copies)}"))
        token = await desk.token(line)
        sent: list[bytes] = []
        self.requests = []
        for copy, borrower, waiter in zip(
            self.copies, self.cast.readers[:pairs], self.cast.readers[pairs : 2 * pairs], strict=True
        ):
            await desk.ask(line, "POST", f"{LIBRARY}/loans", {"patron": borrower.person, "barcode": copy.barcode})
            wish = {"title_id": copy.title_id, "patron": waiter.person, "behalf_reason": "by telephone"}
            asked = await desk.ask(line, "POST", f"{LIBRARY}/requests", wish)
            self.requests.append(asked["id"])
            scan = encode("POST", f"{LIBRARY}/returns", body={"barcode": copy.barcode}, token=token)
            sent += [scan, encode("POST", f"{LIBRARY}/requests/{asked['id']}/approve", token=token)]
        return sent

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look whether everybody who waits was given the copy, and end the requests."""
        desk = self.cast.librarians[0]
        waiting = await desk.ask(line, "GET", f"{LIBRARY}/requests?state=open&limit=200")
        left = [one["id"] for one in waiting["items"] if one["state"] == "QUEUED"]
        for request_id in self.requests:
            await desk.ask(line, "POST", f"{LIBRARY}/requests/{request_id}/cancel")
        return [f"{len(left)} wait beside a free copy"] if left else []


def all_races(cast: Cast) -> list[CheckoutRace | ApprovalRace | RefreshRace | KeyRace | ReturnMeetsApproval]:
    """Every contest, ready for its first round."""
    return [CheckoutRace(cast), ApprovalRace(cast), RefreshRace(cast), KeyRace(cast), ReturnMeetsApproval(cast)]
