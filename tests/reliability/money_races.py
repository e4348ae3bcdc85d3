"""Contests about money: late copies that come back twice, are given up as they come back, and fines paid twice."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.benchmarks.wire import Reply, encode
from tests.reliability.callers import Line
from tests.reliability.circulation_races import ANSWERED, GROUP, told
from tests.reliability.stage import LIBRARY, Cast, Copy, add_copy
from tests.reliability.verdicts import AllWin, FewWinners

LOSS = 700
MAP_RULE: Mapping[str, Any] = {
    "loan_period": 1, "loan_unit": "hours", "fine_minor": 50, "fine_unit": "hour", "fine_cap_minor": 1000,
    "fine_closed_days": True, "lost_fee_minor": LOSS, "block_debt_minor": 10**9, "block_overdue": 1000,
}  # fmt: skip
"""Maps are lent by the hour, and nobody is kept from them for debts: `add_rule` has to say so before."""

LATE_SINCE = timedelta(hours=9)
FINE = 9 * 50
"""Of an hour's loan nine hours and a little ago, charged by the hour begun."""

Lines = Sequence[dict[str, Any]]


@dataclass(slots=True)
class Late:
    """A map that is late, who has it, and the loan."""

    title_id: int
    reader: str
    copy: Copy
    loan: int = 0
    patron: int = 0


@dataclass(slots=True)
class LateLoans:
    """Acts meet at each of many loans that are late; `wrong` says what is wrong with the ledger afterwards.

    A copy was lent this morning, as the offline journal tells: so it is a new one each time.
    """

    cast: Cast
    name: str
    acts: Callable[[Late], Sequence[tuple[str, Any]]]
    wrong: Callable[[Sequence[Reply], Lines], str | None]
    titles: list[int] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    rule: AllWin = field(default_factory=lambda: AllWin(ANSWERED))

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Lend a new map on every title, hours ago."""
        desk, groups = self.cast.librarians[0], clients // GROUP
        while len(self.titles) < groups:
            self.titles.append((await add_copy(line, desk, f"{self.name} {len(self.titles)}")).title_id)
        self.late = []
        for title_id, reader in zip(self.titles, self.cast.readers, strict=False):
            made = await desk.ask(line, "POST", f"{LIBRARY}/titles/{title_id}/copies", {"item_type": "map"})
            self.late.append(Late(title_id, reader.person, Copy(title_id, made["id"], made["barcode"])))
        moment = datetime.now(UTC) - LATE_SINCE
        lent = [f"{moment.isoformat()};lend;{one.reader};{one.copy.barcode}" for one in self.late]
        replayed = await desk.ask(line, "POST", f"{LIBRARY}/journal", {"lines": lent})
        assert replayed["done"] == groups, replayed
        live = (await desk.ask(line, "GET", f"{LIBRARY}/loans?state=live&limit=200"))["items"]
        loans = {one["barcode"]: one for one in live}
        tokens = [await librarian.token(line) for librarian in self.cast.librarians]
        sent: list[bytes] = []
        for one in self.late:
            one.loan, one.patron = (loans[one.copy.barcode][name] for name in ("id", "patron_id"))
            sent += [
                encode("POST", f"{LIBRARY}/{path}", body=body, token=tokens[place % len(tokens)])
                for place, (path, body) in enumerate(self.acts(one))
            ]
        return sent

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look what was charged for each loan, and whether every copy is back."""
        desk, problems = self.cast.librarians[0], []
        for place, one in enumerate(self.late):
            answers = replies[place * GROUP : place * GROUP + GROUP]
            account = await desk.ask(line, "GET", f"{LIBRARY}/patrons/{one.patron}/fees")
            lines = [entry for entry in account["lines"] if entry["loan_id"] == one.loan]
            if wrong := self.wrong(answers, lines):
                said = [(reply.status, reply.json().get("code")) for reply in answers]
                problems.append(f"after {said}: {wrong}: {Counter(entry['kind'] for entry in lines)}")
        live = (await desk.ask(line, "GET", f"{LIBRARY}/loans?state=live&limit=200"))["items"]
        for one in live:
            await desk.ask(line, "POST", f"{LIBRARY}/returns", {"barcode": one["barcode"]})
        return problems + ([f"{len(live)} maps are out still"] if live else [])


def _of(kind: str, lines: Lines) -> list[int]:
    return [entry["amount_minor"] for entry in lines if entry["kind"] == kind]


def return_meets_return(cast: Cast) -> LateLoans:
    """A late copy is scanned at four desks at once: one of them ends the loan, and its delay is charged once."""

    def acts(late: Late) -> Sequence[tuple[str, Any]]:
        return [("returns", {"barcode": late.copy.barcode})] * GROUP

    def wrong(replies: Sequence[Reply], lines: Lines) -> str | None:
        ended = sum(reply.status == 200 and reply.json()["loan_id"] is not None for reply in replies)
        if ended != 1:
            return f"{ended} of the scans ended the loan"
        return None if _of("OVERDUE", lines) == [FINE] else "the delay was not charged once"

    return LateLoans(cast, "return x return of a late copy", acts, wrong)


def loss_meets_return(cast: Cast) -> LateLoans:
    """A late copy is given up while it comes back: in the end it is back, and no loss is owed for."""

    def acts(late: Late) -> Sequence[tuple[str, Any]]:
        scan, give_up = ("returns", {"barcode": late.copy.barcode}), (f"loans/{late.loan}/declare-lost", None)
        return [give_up, scan, give_up, scan]

    def wrong(replies: Sequence[Reply], lines: Lines) -> str | None:
        lost = sum(reply.status == 200 for reply in replies[::2])
        if lost > 1 or any(reply.status != 200 for reply in replies[1::2]):
            return "it was given up twice, or not taken back"
        charged = [LOSS] * lost
        if _of("LOST", lines) != charged or _of("WAIVER", lines) != [-amount for amount in charged]:
            return "the loss is not charged and let off as often as the copy was given up"
        return None if _of("OVERDUE", lines) == [FINE] else "the delay was not charged once"

    return LateLoans(cast, "lost x return of a late copy", acts, wrong)


@dataclass(slots=True)
class PayRace:
    """Every desk takes money of one reader, who owes enough for two of them."""

    cast: Cast
    patron: int = 0
    name: str = "pay x pay"
    rule: FewWinners = field(default_factory=lambda: FewWinners(room=2))

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Open the till, and charge the reader."""
        desk = self.cast.librarians[0]
        if not self.patron:
            await desk.ask(line, "POST", f"{LIBRARY}/tills/main/open", {"float_minor": 0})
            copy = await add_copy(line, desk, "Coffee")
            wish = {"patron": self.cast.readers[-1].person, "barcode": copy.barcode}
            loan = await desk.ask(line, "POST", f"{LIBRARY}/loans", wish)
            self.patron = loan["patron_id"]
            await desk.ask(line, "POST", f"{LIBRARY}/returns", {"barcode": copy.barcode})
        damage = {"amount_minor": 500, "reason": "Coffee"}
        await desk.ask(line, "POST", f"{LIBRARY}/patrons/{self.patron}/fees/damage", damage)
        tokens = [await librarian.token(line) for librarian in self.cast.librarians]
        path = f"{LIBRARY}/patrons/{self.patron}/payments"
        return [
            encode("POST", path, body={"amount_minor": 200}, token=tokens[place % len(tokens)])
            for place in range(clients)
        ]

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look what is owed still, and pay it."""
        desk, path = self.cast.librarians[0], f"{LIBRARY}/patrons/{self.patron}"
        owed = (await desk.ask(line, "GET", f"{path}/fees"))["balance_minor"]
        if owed > 0:
            await desk.ask(line, "POST", f"{path}/payments", {"amount_minor": owed})
        problems = [] if owed == 100 else [f"{owed} are owed instead of 100"]
        return problems + told(replies, Counter({"PAYMENT_TOO_HIGH": len(replies) - 2}))


def money_races(cast: Cast) -> list[LateLoans | PayRace]:
    """Every contest, ready for its first round."""
    return [return_meets_return(cast), loss_meets_return(cast), PayRace(cast)]
