"""A student, two lecturers and what they share, to race with: assignments, work, marks, workbins."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from configuration.kit.database import Database
from configuration.kit.features import audit
from configuration.kit.features.files import FileStore, Swept, damages, sweep
from configuration.kit.security.actor import Service
from faculty_mgt.repository.invariants import INVARIANTS
from tests.faculty_mgt.school import School
from tests.people import add_account, roles_of
from tests.reliability.callers import Caller, Line
from tests.reliability.installation import PREFIX, Installation
from tests.reliability.stage import broken_truths, open_service

FACULTY = f"{PREFIX}/faculty"
PASSWORD = "seven lean cows in a row"
FIRST_STUDENT = 2001
BOUNDARY = "----race"


@dataclass(frozen=True, slots=True)
class Class:
    """Who is taught by whom, and where."""

    student: Caller
    lecturers: tuple[Caller, Caller]
    space: int
    assignments: tuple[int, ...] = ()
    """Those that are there from the beginning, with attempts enough for all."""

    async def assignment(self, line: Line, *, attempts: int = 1) -> int:
        """A published assignment that is open for a week; its id."""
        lead = self.lecturers[0]
        due = (datetime.now(UTC) + timedelta(days=7)).isoformat()
        said = {"title": "Race", "points": 100, "due_at": due, "attempts": attempts}
        made = await lead.ask(line, "POST", f"{FACULTY}/spaces/{self.space}/assignments", said)
        await lead.ask(line, "POST", f"{FACULTY}/assignments/{made['id']}/publish")
        return int(made["id"])


def taught(installation: Installation, *, students: int, assignments: int = 0) -> Class:
    """Make the class; beside the student who has an account, so many stand on the roster."""
    database = open_service(installation, "faculty")
    try:
        school = School(database)
        school.section("R", list(range(FIRST_STUDENT, FIRST_STUDENT + students)), space_id=school.space)
        school.now = datetime.now(UTC)
        tasks = tuple(school.assignment(attempts=1000).id for _ in range(assignments))
        lecturers = [_account(database, "faculty", "lecturer", number) for number in (7, 8)]
    finally:
        database.close_sync()
    home = open_service(installation, "student")
    try:
        student = _account(home, "student", "student", 1001)
    finally:
        home.close_sync()
    return Class(student, (lecturers[0], lecturers[1]), school.space, tasks)


def _account(database: Database, service: Service, role: str, number: int) -> Caller:
    name = f"{role}-{number}"
    database.write_sync(add_account, roles_of(service), role, user_name=name, person_no=number)
    return Caller(service, name, PASSWORD, f"{service}:{number}")


def upload(path: str, token: str, content: bytes, *, text: str = "", **headers: str) -> bytes:
    """The bytes of a request that hands in a text and a file."""
    parts = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="text"\r\n\r\n{text}\r\n'
    parts += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="work.bin"\r\n\r\n'
    body = parts.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept: application/json",
        f"Authorization: Bearer {token}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(body)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def broken_work(installation: Installation) -> list[str]:
    """What is wrong in the university, its work and its files, once nobody works any more; the sweep has run then."""
    database = open_service(installation, "faculty")
    store = FileStore(installation.folder / "files" / "faculty")
    try:
        violations = database.read_sync(audit.check, INVARIANTS)
        swept = sweep(database, store, older=timedelta(0))
        again = sweep(database, store, older=timedelta(0))
        damaged = damages(database, store)
    finally:
        database.close_sync()
    found = [f"{one.name}: {one.sentence} {one.count} x, such as {one.examples[:2]}" for one in violations]
    found += [f"file {one.sha256} of row {one.id} is {one.found}" for one in damaged]
    found += [f"left by the sweep: {path.name}" for path in store.incoming.iterdir()]
    found += broken_truths(installation)
    return found + ([] if again == Swept() else [f"the sweep left {again} after {swept}"])
