"""What services answer about persons."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StandingRead(_Read):
    """Whether a person belongs to the university today."""

    person: str
    display_name: str
    group: Literal["student", "faculty"]
    active: bool
    until: date | None
    as_of: datetime
