"""Appointments: as what, where and when somebody works for the faculty."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, Table, Text

from configuration.kit.database import id_column
from faculty_mgt.domain.appointments import KINDS
from faculty_mgt.models.data.base import metadata, one_of

# Appointments are dated and never overwritten; somebody may have several.
appointment = Table(
    "appointment",
    metadata,
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("department_id", BigInteger, ForeignKey("department.id")),
    Column("major_id", BigInteger, ForeignKey("major.id")),
    Column("kind", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("external_id", Text),
    one_of("kind", KINDS),
    CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates"),
    Index("ix_appointment_person_id", "person_id"),
    Index("uq_appointment_external_id", "external_id", unique=True),
)
