"""What is handed in while servers die, each work with a file, and how it is counted afterwards."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import func, select

from configuration.kit.database import Statement
from faculty_mgt.models.data.submissions import submission, submission_file
from tests.reliability.callers import Line
from tests.reliability.deeds import WRITERS, Writings
from tests.reliability.installation import Installation
from tests.reliability.kill import Deed, Writer
from tests.reliability.stage import open_service
from tests.reliability.teaching_stage import FACULTY, broken_work, taught, upload

FILE_BYTES = 300_000
FOUND = Statement(
    select(submission.c.text, func.count().label("rows"))
    .select_from(submission.join(submission_file, submission_file.c.submission_id == submission.c.id))
    .group_by(submission.c.text)
)


@dataclass(frozen=True, slots=True)
class Upload(Deed):
    """Work handed in with a file."""

    def request(self, token: str) -> bytes:
        """The same bytes each time: they follow from the name."""
        content = (self.name.encode() * (FILE_BYTES // len(self.name) + 1))[:FILE_BYTES]
        return upload(self.path, token, content, text=self.name, Idempotency_Key=self.key)


def handing_in(assignment: int) -> Iterator[Deed]:
    """One attempt after the other."""
    for turn in count(1):
        name = f"work-{assignment}-{turn}"
        yield Upload("upload", name, f"{FACULTY}/assignments/{assignment}/submissions", {}, name)


def writers_of(installation: Installation, port: int) -> list[Writer]:
    """The same student hands in for several assignments at once."""
    cast = taught(installation, students=1, assignments=WRITERS)
    return [Writer(handing_in(each), Line(port), cast.student) for each in cast.assignments]


def asked_for(done: Sequence[Deed]) -> Counter[str]:
    """Each work once."""
    return Counter(deed.name for deed in done)


def found_in(installation: Installation) -> Counter[str]:
    """How often each work is there, with a file."""
    database = open_service(installation, "faculty")
    try:
        return Counter({row.text: row.rows for row in database.read_sync(lambda tx: tx.all(FOUND))})
    finally:
        database.close_sync()


UPLOADS = Writings(writers_of, asked_for, found_in, broken_work)
"""Work with files."""
