"""Statements about jobs."""

from functools import cache

from sqlalchemy import Text, and_, bindparam, delete, literal_column, or_, select, update

from configuration.kit.database import Statement, insert_into
from configuration.kit.features.jobs.model import Job, JobRow
from configuration.kit.features.jobs.tables import job, job_input, job_row

_COLUMNS = (
    job.c.id,
    job.c.kind,
    job.c.label,
    job.c.state,
    job.c.step,
    job.c.params,
    job.c.counts,
    job.c.owner,
    job.c.created_at,
    job.c.started_at,
    job.c.finished_at,
    job.c.position,
    job.c.total,
    job.c.problem,
    job.c.worker,
    job.c.leased_until,
    job.c.attempt,
    job.c.version,
)

ADD = Statement(insert_into(job, returning=("id",)))
ADD_INPUT = Statement(insert_into(job_input, omit=()))
ADD_ROWS = Statement(insert_into(job_row, omit=()))

BY_ID = Statement(select(*_COLUMNS).where(job.c.id == bindparam("id")), Job)
LOCKED = Statement(select(*_COLUMNS).where(job.c.id == bindparam("id")).with_for_update(), Job)

_takeable = or_(
    job.c.state == "queued",
    and_(job.c.state == "running", job.c.leased_until < bindparam("now", type_=job.c.leased_until.type)),
    and_(job.c.state == "running", job.c.worker == bindparam("gone", type_=job.c.worker.type)),
)


_only = bindparam("only", type_=job.c.id.type)


@cache
def next_of(kinds: frozenset[str]) -> Statement[Job]:
    """The oldest job of these kinds that a worker may take; with `only`, none but that one."""
    return Statement(
        select(*_COLUMNS)
        .where(_takeable, job.c.kind.in_([literal_column(f"'{kind}'", Text) for kind in sorted(kinds)]))
        .where(or_(_only.is_(None), job.c.id == _only))
        .order_by(job.c.id)
        .limit(literal_column("1"))
        .with_for_update(skip_locked=True),
        Job,
    )


RUNNING = Statement(select(job.c.worker).where(job.c.state == "running").order_by(job.c.id))

PAGE = Statement(
    select(*_COLUMNS)
    .where(job.c.id < bindparam("before", type_=job.c.id.type))
    .where(or_(bindparam("owner", type_=job.c.owner.type).is_(None), job.c.owner == bindparam("owner")))
    .where(or_(bindparam("kind", type_=job.c.kind.type).is_(None), job.c.kind == bindparam("kind")))
    .order_by(job.c.id.desc())
    .limit(bindparam("limit")),
    Job,
)

SAVE = Statement(
    update(job)
    .where(job.c.id == bindparam("job_id"))
    .values(
        {
            column.name: bindparam(column.name, type_=column.type)
            for column in _COLUMNS
            if column.name not in {"id", "kind", "label", "owner", "created_at", "version"}
        }
        | {"version": job.c.version + 1}
    )
)

INPUT = Statement(
    select(job_input.c.part, job_input.c.content)
    .where(job_input.c.job_id == bindparam("job_id"))
    .order_by(job_input.c.part)
)
DROP_INPUT = Statement(delete(job_input).where(job_input.c.job_id == bindparam("job_id")))

_ROW = (
    job_row.c.row_no,
    job_row.c.verdict,
    job_row.c.reasons,
    job_row.c.record,
    job_row.c.subject_id,
    job_row.c.applied,
    job_row.c.undone,
)
ROWS = Statement(
    select(*_ROW)
    .where(job_row.c.job_id == bindparam("job_id"), job_row.c.row_no > bindparam("after"))
    .order_by(job_row.c.row_no)
    .limit(bindparam("limit")),
    JobRow,
)
ROWS_OF_VERDICT = Statement(
    select(*_ROW)
    .where(job_row.c.job_id == bindparam("job_id"), job_row.c.verdict == bindparam("verdict"))
    .where(job_row.c.row_no > bindparam("after"))
    .order_by(job_row.c.row_no)
    .limit(bindparam("limit")),
    JobRow,
)
ROWS_KEPT = Statement(
    select(*_ROW)
    .where(job_row.c.job_id == bindparam("job_id"), job_row.c.undone.like("kept%"))
    .where(job_row.c.row_no > bindparam("after"))
    .order_by(job_row.c.row_no)
    .limit(bindparam("limit")),
    JobRow,
)
