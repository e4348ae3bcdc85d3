"""What the faculty service says of assignments, as far as students are told, in the book's words."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from configuration.kit.envoy import Told


class AssignmentRead(Told):
    """An assignment with the student's own dates and attempts; no text before it opens."""

    id: int
    assgn_id: int | None = Field(validation_alias="number", description="The lecturer's own number.")
    space_id: int
    title: str
    body: str
    points: Decimal
    opens_at: datetime
    date_due: datetime = Field(validation_alias="due_at")
    locks_at: datetime = Field(description="After it no work is taken.")
    grace_seconds: int
    late_interval_seconds: int
    late_rate_bp: int = Field(description="Of the points, for each begun interval; in hundredths of a percent.")
    late_floor_bp: int = Field(description="Lateness alone takes nothing below it.")
    attempts: int
    file_types: list[str]
    max_file_bytes: int
    max_files: int
    state: str
