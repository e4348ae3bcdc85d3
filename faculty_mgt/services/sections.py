"""Sections: a course taught in a term, to its own students, in a teaching space that others may share."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker, VersionMismatch
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from faculty_mgt.domain.sections import FOLLOWING
from faculty_mgt.errors import SectionNotFound, TeachingRefused, illegal
from faculty_mgt.models.data.offer import SectionView
from faculty_mgt.models.request.sections import SectionChange, SectionCreate
from faculty_mgt.repository import courses, sections


def add(tx: Transaction, new: SectionCreate, *, by: Actor, now: datetime) -> SectionView:
    """Plan a section of a course in a term."""
    course, term = courses.courses.find(tx, new.course_id), courses.terms.find(tx, new.term_id)
    faults = []
    if course is None:
        faults.append(Blocker("COURSE_UNKNOWN", "There is no such course.", "/course_id"))
    if term is None:
        faults.append(Blocker("TERM_UNKNOWN", "There is no such term.", "/term_id"))
    if new.space_id is not None and sections.spaces.find(tx, new.space_id) is None:
        faults.append(Blocker("SPACE_UNKNOWN", "There is no such teaching space.", "/space_id"))
    if course is None or term is None or faults:
        raise TeachingRefused(" ".join(fault.detail for fault in faults), blockers=faults)
    space_id = new.space_id
    if space_id is None:
        title = f"{course.code} {course.title}, {term.code}"
        space_id = sections.spaces.add(tx, title=title, created_at=now, created_by=by.person)
    section_id = sections.rows.add(
        tx,
        version=1,
        course_id=course.id,
        term_id=term.id,
        space_id=space_id,
        code=new.code,
        state="planned",
        capacity=new.capacity,
        created_at=now,
        created_by=by.person,
    )
    audit.record(tx, "section.added", f"section:{section_id}", by=by, now=now, facts={"space": space_id})
    return section(tx, section_id)


def change(
    tx: Transaction, section_id: int, said: SectionChange, *, version: int, by: Actor, now: datetime
) -> SectionView:
    """Change a section's state or capacity; `version` is the one that was seen."""
    row = sections.rows.locked(tx, section_id)
    if row is None:
        raise SectionNotFound()
    if row.version != version:
        raise VersionMismatch(f"The section is at version {row.version} now; look at it again.")
    state = said.state or row.state
    if state != row.state and state not in FOLLOWING[row.state]:
        raise illegal("section", row.state, state, FOLLOWING[row.state])
    capacity = row.capacity if said.capacity is None else said.capacity
    sections.rows.change(tx, section_id, {"state": state, "capacity": capacity})
    facts = {"state": state, "capacity": capacity}
    audit.record(tx, "section.changed", f"section:{section_id}", by=by, now=now, facts=facts)
    return section(tx, section_id)


def section(tx: Transaction, section_id: int) -> SectionView:
    """One section."""
    found = sections.find(tx, section_id)
    if found is None:
        raise SectionNotFound()
    return found


def list_sections(
    tx: Transaction,
    *,
    term_id: int | None = None,
    course_id: int | None = None,
    space_id: int | None = None,
    after: int,
    limit: int,
) -> list[SectionView]:
    """Sections, of a term, a course or a space where it is named."""
    return sections.pages.page(tx, after=after, limit=limit, term_id=term_id, course_id=course_id, space_id=space_id)
