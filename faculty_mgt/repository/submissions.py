"""SQL about work that was handed in: counted, added, found, queued."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from configuration.kit.database import Statement, Transaction, insert_into
from configuration.kit.database.rows import Pages
from configuration.kit.features.files.tables import stored_file
from faculty_mgt.models.data.assignments import assignment
from faculty_mgt.models.data.marks import mark
from faculty_mgt.models.data.offer import section
from faculty_mgt.models.data.roster import roster_entry
from faculty_mgt.models.data.submissions import (
    Queued,
    Submission,
    SubmissionFile,
    Work,
    submission,
    submission_file,
    work,
)
from faculty_mgt.repository.attending import present

_FIELDS = tuple(name for name in Submission.__dataclass_fields__ if name != "files")
_VIEW = select(*(submission.c[name] for name in _FIELDS))
_WORK = select(*(work.c[name] for name in Work.__dataclass_fields__))
_pair = and_(work.c.assignment_id == bindparam("assignment_id"), work.c.student_number == bindparam("student_number"))


def _counting(column: str, first: dict[str, int]) -> Statement[Any]:
    """Raise a count of a student's work for an assignment by one, and answer it; the row is made when needed.

    Whoever comes at the same time waits here until the first has committed, and then sees the raised count.
    """
    return Statement(
        upsert(work)
        .values(assignment_id=bindparam("assignment_id"), student_number=bindparam("student_number"), **first)
        .on_conflict_do_update(
            index_elements=["assignment_id", "student_number"], set_={column: work.c[column] + literal_column("1")}
        )
        .returning(work.c[column])
        .inline()
    )


_COUNT_ATTEMPT = _counting("attempts", {"attempts": 1, "marks": 0})
_COUNT_MARK = _counting("marks", {"attempts": 0, "marks": 1})
_ADD: Statement[Any] = Statement(insert_into(submission, returning=("id",)))
_ADD_FILE: Statement[Any] = Statement(insert_into(submission_file, omit=()))
_FIND = Statement(_VIEW.where(submission.c.id == bindparam("id")), Submission)
_WORK_OF = Statement(_WORK.where(_pair), Work)
_OF_WORK = Statement(
    _VIEW.where(
        submission.c.assignment_id == bindparam("assignment_id"),
        submission.c.student_number == bindparam("student_number"),
    )
    .order_by(submission.c.attempt.desc())
    .limit(200),
    Submission,
)
_FILES = Statement(
    select(
        submission_file.c.submission_id,
        submission_file.c.position,
        submission_file.c.name,
        stored_file.c.sha256,
        stored_file.c.size,
        stored_file.c.media_type,
    )
    .select_from(submission_file.join(stored_file, stored_file.c.id == submission_file.c.stored_file_id))
    .where(submission_file.c.submission_id.between(bindparam("first"), bindparam("last")))
    .where(submission_file.c.submission_id.in_(select(submission.c.id).where(
        submission.c.student_number == bindparam("student_number")
    )))
    .order_by(submission_file.c.submission_id, submission_file.c.position),
    SubmissionFile,
)  # fmt: skip
_OF_STUDENT = Pages(
    _VIEW.where(submission.c.student_number == bindparam("student_number")),
    submission.c.id,
    Submission,
    filters={"assignment_id": submission.c.assignment_id == bindparam("assignment_id")},
)

latest = submission.alias("latest")
marked = mark.alias("marked")
worked = (
    work.join(assignment, assignment.c.id == work.c.assignment_id)
    .outerjoin(
        latest,
        and_(
            latest.c.assignment_id == work.c.assignment_id,
            latest.c.student_number == work.c.student_number,
            latest.c.attempt == work.c.attempts,
        ),
    )
    .outerjoin(
        marked,
        and_(
            marked.c.assignment_id == work.c.assignment_id,
            marked.c.student_number == work.c.student_number,
            marked.c.version == work.c.marks,
        ),
    )
)
"""All work with its assignment, its latest attempt and the latest version of its mark."""
unmarked: ColumnElement[bool] = or_(
    work.c.marks == 0,
    and_(latest.c.id.is_not(None), or_(marked.c.submission_id.is_(None), marked.c.submission_id != latest.c.id)),
)
"""That the latest attempt has no mark yet."""
_name = (
    select(func.min(roster_entry.c.display_name))
    .select_from(roster_entry.join(section, section.c.id == roster_entry.c.section_id))
    .where(
        section.c.space_id == assignment.c.space_id,
        roster_entry.c.student_number == work.c.student_number,
        present,
    )
    .correlate(work, assignment)
    .scalar_subquery()
)
_QUEUE = (
    select(
        work.c.id,
        work.c.assignment_id,
        work.c.student_number,
        _name.label("display_name"),
        work.c.attempts,
        latest.c.id.label("submission_id"),
        latest.c.received_at,
        latest.c.seconds_late,
        work.c.marks.label("version"),
        marked.c.submission_id.label("marked_submission_id"),
        marked.c.released_at,
    )
    .select_from(worked)
    .where(work.c.assignment_id == bindparam("assignment_id"))
)
_STATES: dict[str, ColumnElement[bool]] = {
    "unmarked": unmarked,
    "marked": and_(~unmarked, marked.c.released_at.is_(None)),
    "released": and_(~unmarked, marked.c.released_at.is_not(None)),
}
_QUEUES: dict[str | None, Pages[Queued]] = {None: Pages(_QUEUE, work.c.id, Queued)}
_QUEUES.update({state: Pages(_QUEUE.where(condition), work.c.id, Queued) for state, condition in _STATES.items()})


def _beside(beyond: ColumnElement[bool], order: ColumnElement[Any]) -> Statement[Any]:
    """The latest attempt of the next work of an assignment that still waits for its mark."""
    waiting = _QUEUE.where(unmarked, latest.c.id.is_not(None), beyond).order_by(order)
    return Statement(waiting.with_only_columns(latest.c.id).limit(literal_column("1")))


_here = (
    select(work.c.id)
    .where(work.c.assignment_id == bindparam("assignment_id"), work.c.student_number == bindparam("student_number"))
    .correlate(None)
    .scalar_subquery()
)
_NEXT = _beside(work.c.id > _here, work.c.id.asc())
_PREVIOUS = _beside(work.c.id < _here, work.c.id.desc())


def next_attempt(tx: Transaction, assignment_id: int, student: int) -> int:
    """Count one more attempt; whoever else hands in the same work waits until this is committed."""
    counted: int = tx.scalar(_COUNT_ATTEMPT, assignment_id=assignment_id, student_number=student)
    return counted


def next_mark(tx: Transaction, assignment_id: int, student: int) -> int:
    """Count one more version of the mark; whoever else marks the same work waits until this is committed."""
    counted: int = tx.scalar(_COUNT_MARK, assignment_id=assignment_id, student_number=student)
    return counted


def add(tx: Transaction, files: Sequence[tuple[str, int]], **values: Any) -> int:
    """An attempt with its files, each a name and the id of its content; answers its id."""
    made: int = tx.scalar(_ADD, **values)
    rows = [
        {"submission_id": made, "position": position, "name": name, "stored_file_id": stored}
        for position, (name, stored) in enumerate(files, start=1)
    ]
    tx.run_many(_ADD_FILE, rows)
    return made


def find(tx: Transaction, submission_id: int) -> Submission | None:
    """An attempt with its files."""
    found = tx.first(_FIND, id=submission_id)
    return None if found is None else _with_files(tx, [found])[0]


def of_work(tx: Transaction, assignment_id: int, student: int) -> list[Submission]:
    """A student's attempts at an assignment, the latest first."""
    return _with_files(tx, tx.all(_OF_WORK, assignment_id=assignment_id, student_number=student))


def of_student(tx: Transaction, student: int, *, assignment_id: int | None, after: int, limit: int) -> list[Submission]:
    """A student's attempts at everything, in the order they came."""
    rows = _OF_STUDENT.page(tx, after=after, limit=limit, student_number=student, assignment_id=assignment_id)
    return _with_files(tx, rows)


def _with_files(tx: Transaction, rows: list[Submission]) -> list[Submission]:
    """The attempts of one student, with their files."""
    if not rows:
        return rows
    ids = [row.id for row in rows]
    held: dict[int, list[SubmissionFile]] = {each: [] for each in ids}
    for file in tx.all(_FILES, first=min(ids), last=max(ids), student_number=rows[0].student_number):
        if file.submission_id in held:
            held[file.submission_id].append(file)
    return [replace(row, files=held[row.id]) for row in rows]


def work_of(tx: Transaction, assignment_id: int, student: int) -> Work | None:
    """How much there is of a student's work for an assignment."""
    return tx.first(_WORK_OF, assignment_id=assignment_id, student_number=student)


def queue(tx: Transaction, assignment_id: int, *, state: str | None, after: int, limit: int) -> list[Queued]:
    """The work for an assignment, in the order in which the first attempts came."""
    return _QUEUES[state].page(tx, after=after, limit=limit, assignment_id=assignment_id)


def beside(tx: Transaction, assignment_id: int, student: int) -> tuple[int | None, int | None]:
    """The attempts before and after somebody's work in the queue of what waits for a mark."""
    place = {"assignment_id": assignment_id, "student_number": student}
    return tx.scalar(_PREVIOUS, **place), tx.scalar(_NEXT, **place)
