"""Those who work for the faculty, as their records tell."""

from dataclasses import dataclass

from configuration.kit.features.people.model import Profile
from faculty_mgt.domain.sections import TeachingRole


@dataclass(frozen=True, slots=True)
class Taught:
    """A section that somebody teaches now."""

    section_id: int
    course: str
    title: str
    term: str
    code: str
    role: TeachingRole


@dataclass(frozen=True, slots=True, kw_only=True)
class FacultyProfile(Profile):
    """A record of somebody who works for the faculty."""

    teaching: tuple[Taught, ...]
