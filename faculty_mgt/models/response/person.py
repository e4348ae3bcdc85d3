"""What the service says of persons."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class StandingRead(BaseModel):
    """Whether a person belongs to the university today."""

    model_config = ConfigDict(from_attributes=True)

    person: str
    display_name: str
    group: Literal["student", "faculty"]
    active: bool
    until: date | None
    as_of: datetime
