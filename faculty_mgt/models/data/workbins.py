"""Workbins: a lecturer's named view of one student's work. There is no second copy of the work in them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from configuration.kit.database import Instant, id_column
from faculty_mgt.models.data.base import metadata

workbin = Table(
    "workbin",
    metadata,
    id_column(),
    Column("student_number", BigInteger, nullable=False),
    Column("lecturer_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    CheckConstraint("student_number > 0", name="student_number"),
    UniqueConstraint("student_number", "lecturer_id"),
    Index("ix_workbin_lecturer_id", "lecturer_id", "id"),
)


@dataclass(frozen=True, slots=True)
class Workbin:
    """A workbin; the lecturer by their number."""

    id: int
    student_number: int
    lecturer_number: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BinnedWork:
    """A submission as it lies in a workbin."""

    id: int
    bin_id: int
    student_number: int
    lecturer_number: int
    assignment_id: int
    assignment_number: int | None
    title: str
    due_at: datetime
    attempt: int
    received_at: datetime
    seconds_late: int
