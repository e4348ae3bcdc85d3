"""Questions about the rows of an import, asked for a span of rows at once by joining them to the catalogue."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, func, literal_column, select, update

from configuration.kit.database import Statement, Transaction, insert_into
from configuration.kit.features.audit import Invariant
from configuration.kit.features.jobs.tables import job, job_row
from library_mgt.models.data.catalogue import title, title_contributor, title_identifier, title_subject


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of a job from after one number up to another."""

    job_id: int
    after: int
    upto: int

    @property
    def bounds(self) -> dict[str, int]:
        """As the parameters of a statement."""
        return {"job_id": self.job_id, "after": self.after, "upto": self.upto}


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A row as it was read: its place, its verdict so far, and the book as JSON."""

    row_no: int
    verdict: str
    record: Mapping[str, Any]
    external_key: str | None
    match_key: str | None
    subject_id: int | None
    before: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class KnownTitle:
    """A title of the catalogue and its description, in the form of a row's record."""

    title_id: int
    version: int
    record: Mapping[str, Any]


_here = (
    job_row.c.job_id == bindparam("job_id", type_=BigInteger()),
    job_row.c.row_no > bindparam("after", type_=Integer()),
    job_row.c.row_no <= bindparam("upto", type_=Integer()),
)
_staged = select(
    job_row.c.row_no,
    job_row.c.verdict,
    job_row.c.record,
    job_row.c.external_key,
    job_row.c.match_key,
    job_row.c.subject_id,
    job_row.c.before,
)
ADD_ROWS = Statement(insert_into(job_row, omit=()))
TO_APPLY = Statement(
    _staged.where(*_here, job_row.c.verdict.in_(("create", "update")), job_row.c.applied.is_(None)).order_by(
        job_row.c.row_no
    ),
    StagedRow,
)
UPDATED = Statement(
    _staged.where(*_here, job_row.c.applied == "updated", job_row.c.undone.is_(None)).order_by(job_row.c.row_no),
    StagedRow,
)
LAST_ROW = Statement(
    select(func.max(job_row.c.row_no)).where(job_row.c.job_id == bindparam("job_id", type_=BigInteger()))
)

_by_source = (job_row, title, title.c.external_id == job_row.c.external_key)
KNOWN = Statement(
    select(
        job_row.c.row_no,
        title.c.id.label("title_id"),
        title.c.version,
        title.c.title,
        title.c.subtitle,
        title.c.publisher,
        title.c.year,
        title.c.edition,
        title.c.language,
    )
    .join_from(*_by_source)
    .where(*_here)
)
KNOWN_NAMES = Statement(
    select(job_row.c.row_no, title_contributor.c.name)
    .join_from(*_by_source)
    .join(title_contributor, title_contributor.c.title_id == title.c.id)
    .where(*_here)
    .order_by(job_row.c.row_no, title_contributor.c.position)
)
KNOWN_SUBJECTS = Statement(
    select(job_row.c.row_no, title_subject.c.subject)
    .join_from(*_by_source)
    .join(title_subject, title_subject.c.title_id == title.c.id)
    .where(*_here)
    .order_by(job_row.c.row_no, title_subject.c.position)
)
KNOWN_ISBNS = Statement(
    select(
        job_row.c.row_no,
        title_identifier.c.raw,
        title_identifier.c.normalised,
        title_identifier.c.state,
        title_identifier.c.qualifier,
    )
    .join_from(*_by_source)
    .join(title_identifier, title_identifier.c.title_id == title.c.id)
    .where(*_here, title_identifier.c.scheme == "isbn")
    .order_by(job_row.c.row_no, title_identifier.c.position)
)
MATCHING = Statement(
    select(job_row.c.row_no, func.min(title.c.id).label("title_id"))
    .join_from(job_row, title, title.c.match_key == job_row.c.match_key)
    .where(*_here)
    .group_by(job_row.c.row_no)
)

_at = (job_row.c.job_id == bindparam("of_job"), job_row.c.row_no == bindparam("at_row"))
JUDGE = Statement(
    update(job_row)
    .where(*_at)
    .values(
        verdict=bindparam("new_verdict", type_=job_row.c.verdict.type),
        reasons=bindparam("new_reasons", type_=job_row.c.reasons.type),
        subject_id=bindparam("new_subject", type_=BigInteger()),
    )
)
MARK = Statement(
    update(job_row)
    .where(*_at)
    .values(
        applied=bindparam("outcome", type_=job_row.c.applied.type),
        subject_id=bindparam("new_subject", type_=BigInteger()),
        before=bindparam("was", type_=job_row.c.before.type),
    )
)
MARK_CREATED = Statement(
    update(job_row)
    .where(*_at)
    .values(applied=literal_column("'created'"), subject_id=bindparam("new_subject", type_=BigInteger()))
)
OLDEST = Statement(
    select(job.c.id).where(job.c.kind == bindparam("kind")).order_by(job.c.id).limit(1).with_for_update()
)


def one_at_a_time(tx: Transaction, kind: str) -> None:
    """Wait until no other import changes the catalogue: the oldest job of the kind is the lock."""
    tx.scalar(OLDEST, kind=kind)


def add_rows(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep rows as they were read."""
    tx.run_many(ADD_ROWS, rows)


def last_row(tx: Transaction, job_id: int) -> int:
    """The number of the job's last row; 0 when it has none."""
    return int(tx.scalar(LAST_ROW, job_id=job_id) or 0)


def to_apply(tx: Transaction, span: Span) -> list[StagedRow]:
    """The rows that are to create or update a title and have not yet."""
    return tx.all(TO_APPLY, **span.bounds)


def updated(tx: Transaction, span: Span) -> list[StagedRow]:
    """The rows that updated a title."""
    return tx.all(UPDATED, **span.bounds)


def known(tx: Transaction, span: Span) -> dict[int, KnownTitle]:
    """For each row whose source identity the catalogue has: that title."""
    rows = tx.all(KNOWN, **span.bounds)
    if not rows:
        return {}
    names: dict[int, list[str]] = defaultdict(list)
    for name in tx.all(KNOWN_NAMES, **span.bounds):
        names[name.row_no].append(name.name)
    subjects: dict[int, list[str]] = defaultdict(list)
    for subject in tx.all(KNOWN_SUBJECTS, **span.bounds):
        subjects[subject.row_no].append(subject.subject)
    isbns: dict[int, dict[str, Any]] = {}
    for isbn in tx.all(KNOWN_ISBNS, **span.bounds):
        found = {"raw": isbn.raw, "state": isbn.state, "isbn13": isbn.normalised, "qualifier": isbn.qualifier}
        isbns.setdefault(isbn.row_no, given(found))
    return {
        row.row_no: KnownTitle(
            row.title_id,
            row.version,
            given(
                {
                    "title": row.title,
                    "subtitle": row.subtitle,
                    "authors": names.get(row.row_no, []),
                    "publisher": row.publisher,
                    "year": row.year,
                    "edition": row.edition,
                    "language": row.language,
                    "subjects": subjects.get(row.row_no, []),
                    "isbn": isbns.get(row.row_no),
                }
            ),
        )
        for row in rows
    }


def matching(tx: Transaction, span: Span) -> dict[int, int]:
    """For each row that describes a book the catalogue has: the (oldest) title."""
    return {row.row_no: row.title_id for row in tx.all(MATCHING, **span.bounds)}


def judge(tx: Transaction, job_id: int, verdicts: Iterable[tuple[int, str, list[dict[str, str]], int | None]]) -> None:
    """Write down other verdicts: row, verdict, reasons, title."""
    rows = [
        {"of_job": job_id, "at_row": row_no, "new_verdict": verdict, "new_reasons": reasons, "new_subject": subject}
        for row_no, verdict, reasons, subject in verdicts
    ]
    if rows:
        tx.run_many(JUDGE, rows)


def mark(
    tx: Transaction, job_id: int, outcomes: Iterable[tuple[int, str, int | None, Mapping[str, Any] | None]]
) -> None:
    """Write down what was done: row, outcome, title, and what an update replaced."""
    rows = [
        {"of_job": job_id, "at_row": row_no, "outcome": outcome, "new_subject": subject, "was": was}
        for row_no, outcome, subject, was in outcomes
    ]
    if rows:
        tx.run_many(MARK, rows)


def mark_created(tx: Transaction, job_id: int, made: Iterable[tuple[int, int]]) -> None:
    """Write down which row became which new title."""
    rows = [{"of_job": job_id, "at_row": row_no, "new_subject": title_id} for row_no, title_id in made]
    if rows:
        tx.run_many(MARK_CREATED, rows)


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is absent: neither `None` nor an empty list."""
    return {name: value for name, value in values.items() if value is not None and value != []}


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "import_rows_dealt_with",
        "Every row that a finished import was to create or update was dealt with.",
        Statement(
            select(job_row.c.job_id, job_row.c.row_no)
            .join(job, job.c.id == job_row.c.job_id)
            .where(
                job.c.state == literal_column("'done'"),
                job_row.c.verdict.in_([literal_column("'create'"), literal_column("'update'")]),
                job_row.c.applied.is_(None),
            )
        ),
    ),
    Invariant(
        "import_rows_name_their_title",
        "Every row that made or changed a title says which.",
        Statement(
            select(job_row.c.job_id, job_row.c.row_no).where(
                job_row.c.applied.in_([literal_column("'created'"), literal_column("'updated'")]),
                job_row.c.subject_id.is_(None),
            )
        ),
    ),
)
"""What must be true of imports; `erp audit` asks."""
