"""What a race must look like from outside, and how it is said that it did not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.benchmarks.wire import Reply

SHOWN = 3
"""How many strange answers are quoted in full."""


@dataclass(frozen=True, slots=True)
class OneWinner:
    """Of all who race, exactly one gets a `won` status, and every other one the `lost` status."""

    won: frozenset[int] = frozenset({200, 201})
    lost: int = 409

    @property
    def places(self) -> int:
        """How many are to win."""
        return 1

    def judge(self, replies: Sequence[Reply]) -> list[str]:
        """What is wrong with the answers, in words."""
        winners = self.winners(replies)
        problems = [] if winners == self.places else [f"{winners} winners instead of {self.places} of {len(replies)}"]
        return problems + strangers(replies, self.won | {self.lost})

    def winners(self, replies: Sequence[Reply]) -> int:
        """How many won."""
        return sum(reply.status in self.won for reply in replies)


@dataclass(frozen=True, slots=True)
class FewWinners(OneWinner):
    """The same where there is room for some, and no more."""

    room: int = 1

    @property
    def places(self) -> int:
        """How many are to win."""
        return self.room


@dataclass(frozen=True, slots=True)
class SameAnswer:
    """All who race are told the same: one effect, and everybody hears of that one."""

    name: str
    """The field of the answer that must not differ."""
    statuses: frozenset[int] = frozenset({200, 201})

    def judge(self, replies: Sequence[Reply]) -> list[str]:
        """What is wrong with the answers, in words."""
        different = self.winners(replies)
        problems = [] if different == 1 else [f"{different} different answers ({self.name}) among {len(replies)}"]
        return problems + strangers(replies, self.statuses)

    def winners(self, replies: Sequence[Reply]) -> int:
        """How many different effects were told."""
        return len({str(reply.json().get(self.name)) for reply in replies if reply.status in self.statuses})


@dataclass(frozen=True, slots=True)
class AllWin:
    """Nobody stands in anybody's way."""

    statuses: frozenset[int] = frozenset({200, 201})

    def judge(self, replies: Sequence[Reply]) -> list[str]:
        """What is wrong with the answers, in words."""
        return strangers(replies, self.statuses)

    def winners(self, replies: Sequence[Reply]) -> int:
        """How many succeeded."""
        return sum(reply.status in self.statuses for reply in replies)


def strangers(replies: Sequence[Reply], expected: frozenset[int]) -> list[str]:
    """Answers with another status than the expected ones, a few of them quoted."""
    strange = [reply for reply in replies if reply.status not in expected]
    if not strange:
        return []
    counted = ", ".join(f"{count} x {status}" for status, count in sorted(Counter(r.status for r in strange).items()))
    quoted = [reply.body[:300].decode(errors="replace") for reply in strange[:SHOWN]]
    return [f"unexpected answers: {counted}: {quoted}"]


Rule = OneWinner | SameAnswer | AllWin


@dataclass(slots=True)
class Score:
    """What so many rounds of one race gave."""

    race: str
    where: str
    rounds: int = 0
    winners: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, replies: Sequence[Reply], winners: int, problems: Sequence[str]) -> None:
        """Count one round."""
        self.rounds += 1
        self.winners += winners
        self.statuses.update(reply.status for reply in replies)
        self.problems += [f"round {self.rounds}: {problem}" for problem in problems]
