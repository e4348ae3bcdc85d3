"""The truths of a service as SQL: every row that a statement returns is a violation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from configuration.kit.database import Statement, Transaction

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Invariant:
    """A truth: its stable name, the sentence a person reads, and a statement that finds what breaks it."""

    name: str
    sentence: str
    statement: Statement[Any]


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken truth, how often it is broken, and the first few rows that break it."""

    name: str
    sentence: str
    count: int
    examples: tuple[Any, ...]


def check(tx: Transaction, invariants: Iterable[Invariant]) -> list[Violation]:
    """The truths that do not hold; empty when all do."""
    violations = []
    for invariant in invariants:
        rows = tx.all(invariant.statement)
        if rows:
            violations.append(Violation(invariant.name, invariant.sentence, len(rows), tuple(rows[:SHOWN])))
    return violations
