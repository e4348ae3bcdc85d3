"""Courses, terms, sections, teaching lists and rosters as they go out."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from configuration.kit.bodies import Outbound
from configuration.kit.pagination import Page
from faculty_mgt.domain.sections import State, TeachingRole


class CourseRead(Outbound):
    """A course of the catalogue."""

    id: int
    code: str
    title: str
    credits: Decimal
    department_id: int | None
    external_id: str | None


class TermRead(Outbound):
    """A term, and the days by which things are done in it."""

    id: int
    code: str
    name: str
    starts_on: date
    ends_on: date
    add_by: date
    drop_by: date
    withdraw_by: date
    grades_due: date


class SectionRead(Outbound):
    """A section with what its course and term are called."""

    id: int
    version: int
    course_id: int
    course: str = Field(description="The course's code.")
    title: str
    term_id: int
    term: str = Field(description="The term's code.")
    space_id: int
    code: str
    state: State
    capacity: int


class TeachingRead(Outbound):
    """Who teaches a section, as what, from when until when."""

    id: int
    section_id: int
    person: int
    display_name: str
    role: TeachingRole
    valid_from: datetime
    valid_until: datetime | None


class SpaceRead(Outbound):
    """A teaching space: what its sections share."""

    id: int
    title: str


class RosterVersionRead(Outbound):
    """A version of a section's roster: as of when, and where it came from."""

    section_id: int
    version: int
    as_of: datetime
    source: str


class AttendeeRead(Outbound):
    """A student on a roster."""

    student_number: int
    display_name: str


class RosterRead(Page[AttendeeRead]):
    """A page of a roster, in order of the students' numbers."""

    version: int
    as_of: datetime
    source: str
