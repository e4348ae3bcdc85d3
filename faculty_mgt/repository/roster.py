"""SQL about rosters."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from configuration.kit.database import Statement, Transaction, insert_into
from configuration.kit.database.rows import Pages
from faculty_mgt.models.data.roster import Attendee, RosterVersion, roster, roster_entry

_VERSION = select(*(roster.c[name] for name in RosterVersion.__dataclass_fields__)).where(
    roster.c.section_id == bindparam("section_id")
)
_NEWEST = Statement(_VERSION.order_by(roster.c.version.desc()).limit(1), RosterVersion)
_NAMED = Statement(_VERSION.where(roster.c.version == bindparam("version")), RosterVersion)
_ADD: Statement[Any] = Statement(insert_into(roster))
_in_section = roster_entry.c.section_id == bindparam("section_id")
_present = roster_entry.c.removed_version.is_(None)
_on_version = and_(
    roster_entry.c.added_version <= bindparam("version"),
    or_(_present, roster_entry.c.removed_version > bindparam("version")),
)
_ATTENDEE = select(roster_entry.c.student_number, roster_entry.c.display_name).where(_in_section)
_PRESENT = Statement(_ATTENDEE.where(_present), Attendee)
# By the student's number and not by the row's id: a roster is read, and shown, in an order that stays.
_on_version_pages = Pages(_ATTENDEE.where(_on_version), roster_entry.c.student_number, Attendee)
_ADD_ENTRY: Statement[Any] = Statement(insert_into(roster_entry, omit=("id", "removed_version")))
_REMOVE_ENTRY: Statement[Any] = Statement(
    update(roster_entry)
    .values(removed_version=bindparam("new_version"))
    .where(_in_section, _present, roster_entry.c.student_number == bindparam("student"))
)


def newest(tx: Transaction, section_id: int) -> RosterVersion | None:
    """The present version of a section's roster."""
    return tx.first(_NEWEST, section_id=section_id)


def named(tx: Transaction, section_id: int, version: int) -> RosterVersion | None:
    """One version of a section's roster."""
    return tx.first(_NAMED, section_id=section_id, version=version)


def present(tx: Transaction, section_id: int) -> list[Attendee]:
    """Everybody on the present version."""
    return tx.all(_PRESENT, section_id=section_id)


def page(tx: Transaction, section_id: int, version: int, *, after: int, limit: int) -> list[Attendee]:
    """Who stands on a version, in order of their numbers."""
    return _on_version_pages.page(tx, after=after, limit=limit, section_id=section_id, version=version)


def add_version(
    tx: Transaction, section_id: int, version: int, *, as_of: datetime, source: str, set_by: str
) -> RosterVersion:
    """A new version; who is on it follows."""
    tx.run(_ADD, section_id=section_id, version=version, as_of=as_of, source=source, set_by=set_by)
    return RosterVersion(section_id, version, as_of, source, set_by)


def move(tx: Transaction, section_id: int, version: int, *, gone: Iterable[int], come: Iterable[Attendee]) -> None:
    """Let students leave and join with a version. Somebody whose name changed leaves and joins."""
    tx.run_many(
        _REMOVE_ENTRY,
        [{"section_id": section_id, "student": number, "new_version": version} for number in gone],
    )
    tx.run_many(
        _ADD_ENTRY,
        [
            {
                "section_id": section_id,
                "student_number": one.student_number,
                "display_name": one.display_name,
                "added_version": version,
            }
            for one in come
        ],
    )
