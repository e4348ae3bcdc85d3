"""Who teaches what: the teaching lists that the dean keeps, and who may therefore do what in a space."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import beginning, deadline
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.features.people import repository as people
from configuration.kit.security.actor import Actor
from faculty_mgt.domain.hats import number_as
from faculty_mgt.domain.sections import EDITORS
from faculty_mgt.errors import EditorsOnly, SectionNotFound, SpaceNotFound, TeachingNotFound, TeachingRefused
from faculty_mgt.models.data.offer import Space, TeachingView
from faculty_mgt.models.request.sections import TeachingCreate, TeachingEnd
from faculty_mgt.repository import attending, sections, teaching


def require_teacher(tx: Transaction, space_id: int, person_number: int | None, now: datetime) -> frozenset[str]:
    """As what a person teaches a space at this moment; a space that they do not teach is not there for them."""
    held = frozenset() if person_number is None else attending.roles_in(tx, space_id, person_number, now=now)
    if not held:
        raise SpaceNotFound()
    return held


def require_editor(tx: Transaction, space_id: int, by: Actor, now: datetime) -> None:
    """Let a lead or an assistant of the space pass."""
    if not require_teacher(tx, space_id, number_as(by, "faculty"), now) & EDITORS:
        raise EditorsOnly()


def teaches(tx: Transaction, space_id: int, by: Actor, now: datetime) -> bool:
    """Whether somebody who belongs to the space teaches it; whoever does not belong to it does not find it."""
    student = number_as(by, "student")
    if student is not None:
        if attending.attends(tx, space_id, student):
            return False
        raise SpaceNotFound()
    require_teacher(tx, space_id, number_as(by, "faculty"), now)
    return True


def own_spaces(tx: Transaction, by: Actor, *, now: datetime, after: int, limit: int) -> list[Space]:
    """The spaces somebody teaches now, or attends."""
    student, lecturer = number_as(by, "student"), number_as(by, "faculty")
    if student is not None:
        return sections.spaces_attended(tx, student, after=after, limit=limit)
    if lecturer is not None:
        return sections.spaces_taught(tx, lecturer, now=now, after=after, limit=limit)
    return []


def teaching_list(tx: Transaction, section_id: int, *, after: int, limit: int) -> list[TeachingView]:
    """Who teaches a section, taught it, or will."""
    if sections.find(tx, section_id) is None:
        raise SectionNotFound()
    return teaching.of_section(tx, section_id, after=after, limit=limit)


def appoint(
    tx: Transaction, section_id: int, new: TeachingCreate, *, by: Actor, now: datetime, zone: tzinfo
) -> TeachingView:
    """Put a person of the faculty onto a section's teaching list."""
    if sections.find(tx, section_id) is None:
        raise SectionNotFound()
    person = people.find(tx, new.person)
    since = now if new.valid_from is None else beginning(new.valid_from, zone)
    until = None if new.valid_until is None else deadline(new.valid_until, zone)
    faults = []
    if person is None:
        faults.append(Blocker("PERSON_UNKNOWN", f"Nobody of the faculty has the number {new.person}.", "/person"))
    if until is not None and until < since:
        faults.append(Blocker("ENDS_BEFORE_IT_BEGINS", "The end lies before the beginning.", "/valid_until"))
    if person is None or faults:
        raise TeachingRefused(" ".join(fault.detail for fault in faults), blockers=faults)
    line_id = teaching.rows.add(
        tx,
        section_id=section_id,
        person_id=person.id,
        role=new.role,
        valid_from=since,
        valid_until=until,
        created_at=now,
        created_by=by.person,
    )
    facts = {"teaching": line_id, "role": new.role}
    audit.record(tx, "teaching.appointed", f"section:{section_id}", by=by, now=now, facts=facts)
    return teaching.find(tx, line_id)


def end(
    tx: Transaction, section_id: int, line_id: int, said: TeachingEnd, *, by: Actor, now: datetime, zone: tzinfo
) -> TeachingView:
    """Let somebody teach a section only until a day, or until now. What was, stays on the list."""
    row = teaching.rows.locked(tx, line_id)
    if row is None or row.section_id != section_id or (row.valid_until is not None and row.valid_until <= now):
        raise TeachingNotFound()
    until = now if said.valid_until is None else deadline(said.valid_until, zone)
    if until < now:
        detail = "What was taught was taught: the end cannot lie in the past."
        raise TeachingRefused(detail, blockers=[Blocker("ENDS_IN_THE_PAST", detail, "/valid_until")])
    teaching.end(tx, line_id, until=max(until, row.valid_from))
    audit.record(tx, "teaching.ended", f"section:{section_id}", by=by, now=now, facts={"teaching": line_id})
    return teaching.find(tx, line_id)
