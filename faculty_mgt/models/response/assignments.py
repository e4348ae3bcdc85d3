"""Assignments and overrides as they go out."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from configuration.kit.bodies import Outbound
from faculty_mgt.domain.assigning import State


class AssignmentRead(Outbound):
    """An assignment. A student sees their own dates and attempts, and no text before it opens."""

    id: int
    number: int | None = Field(description="The lecturer's own number, the book's assgn_id.")
    version: int
    space_id: int
    title: str
    body: str
    points: Decimal
    opens_at: datetime
    due_at: datetime
    locks_at: datetime = Field(description="After it no work is taken.")
    grace_seconds: int
    late_interval_seconds: int
    late_rate_bp: int = Field(description="Of the points, for each begun interval; in hundredths of a percent.")
    late_floor_bp: int = Field(description="Lateness alone takes nothing below it.")
    attempts: int
    file_types: list[str]
    max_file_bytes: int
    max_files: int
    state: State


class OverrideRead(Outbound):
    """What was granted to one student, by whom and why."""

    id: int
    assignment_id: int
    student_number: int
    due_at: datetime | None
    locks_at: datetime | None
    attempts: int | None
    reason: str
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    ended_by: str | None
