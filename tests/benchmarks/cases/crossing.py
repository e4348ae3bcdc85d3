"""What it costs to reach the library through another service, from one client to 128, mounted and alone."""

from itertools import repeat

from tests.benchmarks import books, people
from tests.benchmarks.compare import Spread, Subject, in_turns
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Row
from tests.benchmarks.servers import Server
from tests.benchmarks.wire import encode
from tests.journeys.campus import MODES, Mode, campus_of
from tests.reliability.crowd import port_of
from tests.reliability.installation import PREFIX, Installation

CLIENTS = (1, 16, 40, 64, 128)
READER = 1001
TITLES = 200


def crossing(installation: Installation, pace: Pace) -> list[Row]:
    """The rate through the student service, beside the library asked directly; what is not 200 is an error."""
    people.enrol(installation, "student", "student", [READER])
    with people.opened(installation, "library") as database:
        books.load(database, TITLES)
    return [row for mode in MODES for row in _rows(mode, installation, pace)]


def _rows(mode: Mode, installation: Installation, pace: Pace) -> list[Row]:
    campus = campus_of(mode, installation)
    with campus.open():
        student, library = port_of(campus, "student"), port_of(campus, "library")
        token = people.sign_in(student, "student", f"student-{READER}")
        # In one process, or in one each: the CPU of a call is not to be had, so its time is.
        pid = campus.servers[-1].pid
        direct = encode("GET", f"{PREFIX}/library/book/list?limit=10")
        through = encode("GET", f"{PREFIX}/student/access/book?limit=10", token=token)
        subjects = [
            Subject(Server(pid, library, 0), lambda: repeat(direct)),
            Subject(Server(pid, student, 0), lambda: repeat(through)),
        ]
        rows = []
        for clients in CLIENTS:
            found = in_turns(subjects, clients=clients, seconds=pace.seconds, rounds=pace.rounds)
            rate, slowest = found.rates[1], max(row[1].p99 for row in found.slices)
            note = f"{Spread.of([row[1].rate for row in found.slices]).median:.0f}/s, p99 {slowest * 1000:.0f} ms"
            rows.append(
                Row("crossing", f"list through student, {clients} clients, {mode}", "direct, rate", rate, None, note)
            )
        return rows
