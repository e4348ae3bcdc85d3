"""The contests of a class: work handed in at once, marked at once, and a workbin asked for at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.benchmarks.wire import Reply, encode
from tests.reliability.callers import Line
from tests.reliability.teaching_stage import FACULTY, FIRST_STUDENT, Class, upload
from tests.reliability.verdicts import AllWin, FewWinners, OneWinner, SameAnswer

CONTENTS = 4
"""How many different files all clients together hand in."""
FEW = 5
"""Attempts where not everybody finds one left."""


@dataclass(slots=True)
class SubmitRace:
    """One student hands in over every line; the same few files again and again.

    There is an attempt for everybody, or `few` only: then exactly so many are taken, and the others are told.
    """

    taught: Class
    few: int | None = None
    assignment: int = 0
    name: str = ""
    rule: AllWin | FewWinners = field(default_factory=AllWin)

    def __post_init__(self) -> None:
        """Whoever finds no attempt left is refused as at any other time."""
        self.name = "one student: submit" if self.few is None else f"one student: {self.few} attempts"
        if self.few is not None:
            self.rule = FewWinners(room=self.few)

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """A new assignment."""
        self.assignment = await self.taught.assignment(line, attempts=self.few or clients)
        token = await self.taught.student.token(line)
        path = f"{FACULTY}/assignments/{self.assignment}/submissions"
        contents = [b"\x01 %d %d" % (self.assignment, number % CONTENTS) * 500 for number in range(clients)]
        return [upload(path, token, content) for content in contents]

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look whether the attempts have gaps."""
        path = f"{FACULTY}/submissions/mine?limit=200&assignment_id={self.assignment}"
        made = [one["attempt"] for one in (await self.taught.student.ask(line, "GET", path))["items"]]
        allowed = range(1, (self.few or len(replies)) + 1)
        return [] if sorted(made) == list(allowed) else [f"the attempts are {sorted(made)}"]


@dataclass(slots=True)
class MarkRace:
    """Two lecturers mark the same work over every line. `changing` a mark that all of them saw, or giving the first."""

    taught: Class
    changing: bool
    submission: int = 0
    name: str = ""
    rule: OneWinner = field(default_factory=OneWinner)

    def __post_init__(self) -> None:
        """Who is too late for a first mark is asked to look; who looked, that it was changed."""
        self.name = "one mark: changed" if self.changing else "one mark: given"
        self.rule = OneWinner(lost=412 if self.changing else 428)

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Let the student hand something in."""
        assignment = await self.taught.assignment(line)
        made = await self.taught.student.ask(
            line, "POST", f"{FACULTY}/assignments/{assignment}/submissions", {"text": "Mine."}
        )
        self.submission = made["id"]
        path, headers = f"{FACULTY}/submissions/{self.submission}/marks", {}
        tokens = [await lecturer.token(line) for lecturer in self.taught.lecturers]
        if self.changing:
            await self.taught.lecturers[0].ask(line, "POST", path, {"raw": 1})
            headers = {"If_Match": '"1"'}
        return [
            encode("POST", path, body={"raw": number}, token=tokens[number % 2], **headers) for number in range(clients)
        ]

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Everybody else was told who gave what; and there is no version too many."""
        won = [reply.json() for reply in replies if reply.status == 201]
        told = [_facts(reply) for reply in replies if reply.status == self.rule.lost]
        path = f"{FACULTY}/submissions/{self.submission}/marks"
        versions = [one["version"] for one in (await self.taught.lecturers[0].ask(line, "GET", path))["items"]]
        found = [] if versions == ([2, 1] if self.changing else [1]) else [f"the versions are {versions}"]
        rightly = {(one["marked_by"], one["raw"], one["version"]) for one in won}
        if not rightly.issuperset(told):
            found.append("somebody was not told who gave what, or wrongly")
        return found


def _facts(refused: Reply) -> tuple[str | None, ...]:
    """Who gave what, as a refusal tells it."""
    errors = refused.json()["errors"]
    return tuple(errors[0]["facts"][name] for name in ("marked_by", "raw", "version")) if errors else ()


@dataclass(slots=True)
class WorkbinRace:
    """A lecturer asks over every line for the workbin of the same student, who has none yet."""

    taught: Class
    turn: int = 0
    name: str = "one workbin"
    rule: SameAnswer = field(default_factory=lambda: SameAnswer("bin_id", frozenset({200})))

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """The next student."""
        token = await self.taught.lecturers[0].token(line)
        said = {"stud_id": FIRST_STUDENT + self.turn}
        self.turn += 1
        return [encode("POST", f"{FACULTY}/assignments/student/workbin", body=said, token=token)] * clients

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Nothing more to look at: the pair is unique."""
        return []


def class_races(taught: Class) -> list[SubmitRace | MarkRace | WorkbinRace]:
    """Every contest, ready for its first round."""
    submitting = [SubmitRace(taught), SubmitRace(taught, few=FEW)]
    return [*submitting, MarkRace(taught, changing=False), MarkRace(taught, changing=True), WorkbinRace(taught)]
