"""Statements about tasks."""

from dataclasses import fields
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from configuration.kit.database import Instant, Statement, insert_into
from configuration.kit.features.jobs.rhythms import TaskRow
from configuration.kit.features.jobs.task_tables import task

_columns = [task.c[field.name] for field in fields(TaskRow)]
ALL = Statement(select(*_columns).order_by(task.c.name), TaskRow)
_astir = or_(task.c.begun_at.is_not(None), task.c.next_at <= bindparam("now", type_=Instant))
ASTIR = Statement(select(*_columns).where(_astir).order_by(task.c.name), TaskRow)
LOCKED_ASTIR = Statement(
    select(*_columns).where(_astir).order_by(task.c.name).with_for_update(skip_locked=True), TaskRow
)
_new = {"name": bindparam("name"), "next_at": bindparam("next_at", type_=Instant), "failures": bindparam("failures")}
ADD: Statement[Any] = Statement(insert_into(task, omit=[column.name for column in task.c if column.name not in _new]))
CLAIM: Statement[Any] = Statement(postgresql_insert(task).values(_new).on_conflict_do_nothing().inline())
BEGIN: Statement[Any] = Statement(
    update(task)
    .values(begun_at=bindparam("now", type_=Instant), job_id=bindparam("new_job_id", type_=task.c.job_id.type))
    .where(task.c.name == bindparam("of_name"))
)
SETTLE: Statement[Any] = Statement(
    update(task)
    .values(
        {
            "begun_at": None,
            **{
                name: bindparam(f"new_{name}", type_=task.c[name].type)
                for name in (
                    "next_at", "failures", "last_began_at", "last_ended_at", "last_state", "last_problem",
                    "last_counts",
                )
            },
        }
    )
    .where(task.c.name == bindparam("of_name"))
)  # fmt: skip
HASTEN: Statement[Any] = Statement(
    update(task)
    .values(next_at=bindparam("now", type_=Instant))
    .where(task.c.name == bindparam("of_name"), task.c.next_at > bindparam("now", type_=Instant))
)
