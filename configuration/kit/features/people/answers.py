"""What services answer about persons."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from configuration.kit.bodies import Outbound


class StandingRead(Outbound):
    """Whether a person belongs to the university today."""

    person: str
    display_name: str
    group: Literal["student", "faculty"]
    active: bool
    until: date | None
    as_of: datetime


class AddressRead(Outbound):
    """Where a person is reached by mail."""

    person: str
    email: str | None


class NameRead(Outbound):
    """A name of a person."""

    given_name: str
    middle_name: str
    family_name: str
    valid_from: datetime


class FormerNameRead(NameRead):
    """A name a person has or had."""

    kind: Literal["legal", "preferred"]
    valid_until: datetime | None


class ContactRead(Outbound):
    """How a person is reached."""

    kind: Literal["email", "phone", "postal"]
    value: str
    verified_at: datetime | None


class SpellRead(Outbound):
    """A spell of belonging."""

    id: int
    kind: str
    major: str | None = Field(description="Code of the major.")
    major_name: str | None
    department: str | None = Field(description="Code of the department.")
    department_name: str | None
    valid_from: date
    valid_until: date | None


class ProfileRead(Outbound):
    """A person's record as it is now."""

    number: int
    person: str = Field(description="Person reference, such as `student:1001`.")
    display_name: str
    legal_name: NameRead | None
    preferred_name: NameRead | None
    birth_date: date | None
    age: int | None = Field(description="In full years today; follows from the birth date.")
    contacts: list[ContactRead]
    stated_at: datetime | None = Field(description="When the profile was stated; null before anybody did.")
    stated_by_owner: bool | None
    version: int


class SummaryRead(Outbound):
    """A line of the list, with what the person was last sorted by."""

    number: int
    display_name: str
    kind: str
    major: str | None
    major_name: str | None
    department: str | None
    department_name: str | None
    valid_until: date | None


class ReferenceRead(Outbound):
    """A major or a department."""

    code: str
    name: str
    retired: bool
