"""Rosters: who attends a section, version by version."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.errors import VersionMismatch, VersionRequired
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from faculty_mgt.domain.hats import number_as
from faculty_mgt.errors import RosterNotFound, SectionNotFound
from faculty_mgt.models.data.roster import Attendee, RosterVersion
from faculty_mgt.models.request.sections import RosterSet
from faculty_mgt.repository import roster, sections
from faculty_mgt.services.teaching import require_teacher


def set_by_hand(
    tx: Transaction, section_id: int, said: RosterSet, *, version: int | None, by: Actor, now: datetime
) -> RosterVersion:
    """Make the roster hold exactly these students, as a new version; `version` is the one that was seen, if any.

    A roster that holds them already stays as it is: repeating the act makes no version.
    """
    if sections.rows.locked(tx, section_id) is None:
        raise SectionNotFound()
    newest = roster.newest(tx, section_id)
    present = 0 if newest is None else newest.version
    if version is None and newest is not None:
        raise VersionRequired("There is a roster already: send its ETag as If-Match.")
    if (version or 0) != present:
        raise VersionMismatch(f"The roster is at version {present} now; look at it again.")
    wanted = {one.student_number: Attendee(one.student_number, one.display_name) for one in said.students}
    held = {one.student_number: one for one in roster.present(tx, section_id)}
    gone = [number for number, one in held.items() if wanted.get(number) != one]
    come = [one for number, one in wanted.items() if held.get(number) != one]
    if newest is not None and not gone and not come:
        return newest
    made = roster.add_version(tx, section_id, present + 1, as_of=now, source="manual", set_by=by.person)
    roster.move(tx, section_id, made.version, gone=gone, come=come)
    facts = {"version": made.version, **_counted(held, wanted)}
    audit.record(tx, "roster.set", f"section:{section_id}", by=by, now=now, facts=facts)
    return made


def _counted(held: Mapping[int, Attendee], wanted: Mapping[int, Attendee]) -> dict[str, int]:
    return {"joined": len(wanted.keys() - held.keys()), "left": len(held.keys() - wanted.keys())}


def of_section(
    tx: Transaction, section_id: int, by: Actor, *, version: int | None, now: datetime, after: int, limit: int
) -> tuple[RosterVersion, Sequence[Attendee]]:
    """Who stands on a version of the roster, or on the newest: for the dean and for whoever teaches the space."""
    section = sections.find(tx, section_id)
    if section is None:
        raise SectionNotFound()
    if not by.has("dean"):
        require_teacher(tx, section.space_id, number_as(by, "faculty"), now)
    found = roster.newest(tx, section_id) if version is None else roster.named(tx, section_id, version)
    if found is None:
        raise RosterNotFound()
    return found, roster.page(tx, section_id, found.version, after=after, limit=limit)
