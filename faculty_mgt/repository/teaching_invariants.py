"""What is always true of sections, rosters and assignments; every row that a statement finds breaks it."""

from typing import Any

from sqlalchemy import ColumnElement, Table, Text, cast, exists, func, literal_column, or_, select

from configuration.kit.database import Statement
from configuration.kit.features.audit import Invariant
from configuration.kit.features.audit.tables import audit
from faculty_mgt.models.data.assignments import assignment, assignment_override
from faculty_mgt.models.data.offer import section, teaching
from faculty_mgt.models.data.roster import roster, roster_entry
from faculty_mgt.models.data.spaces import announcement, material, material_file

_last = func.max(roster.c.version)
_newest = (
    select(_last).where(roster.c.section_id == roster_entry.c.section_id).correlate(roster_entry).scalar_subquery()
)


def _acts_on(table: Table) -> ColumnElement[Any]:
    """How many acts on a row the record of acts tells of."""
    subject = literal_column(f"'{table.name}:'", Text).op("||")(cast(table.c.id, Text))
    return (
        select(func.count())
        .select_from(audit)
        .where(
            audit.c.subject == subject,
            audit.c.action.like(literal_column(f"'{table.name}.%'", Text)),
            audit.c.outcome == literal_column("'done'", Text),
        )
        .correlate(table)
        .scalar_subquery()
    )


INVARIANTS = (
    Invariant(
        "roster_versions_contiguous",
        "The versions of a roster are numbered from one without gaps.",
        Statement(
            select(roster.c.section_id, _last.label("last"))
            .group_by(roster.c.section_id)
            .having(or_(func.min(roster.c.version) != literal_column("1"), _last != func.count()))
        ),
    ),
    Invariant(
        "roster_entries_on_known_versions",
        "Nobody joins or leaves a roster with a version that was never set.",
        Statement(
            select(roster_entry.c.id).where(
                or_(
                    _newest.is_(None),
                    roster_entry.c.added_version > _newest,
                    roster_entry.c.removed_version > _newest,
                )
            )
        ),
    ),
    Invariant(
        "teaching_in_order",
        "Nobody ceases to teach a section before they begin.",
        Statement(select(teaching.c.id).where(teaching.c.valid_until < teaching.c.valid_from)),
    ),
    Invariant(
        "assignments_in_order",
        "An assignment opens, is due and is locked in this order.",
        Statement(
            select(assignment.c.id).where(
                or_(assignment.c.opens_at > assignment.c.due_at, assignment.c.due_at > assignment.c.locks_at)
            )
        ),
    ),
    Invariant(
        "overrides_have_reasons",
        "Everything granted to one student says why.",
        Statement(
            select(assignment_override.c.id).where(func.trim(assignment_override.c.reason) == literal_column("''"))
        ),
    ),
    Invariant(
        "material_files_whole",
        "A material of kind file has its file, and no other material has one.",
        Statement(
            select(material.c.id).where(
                (material.c.kind == literal_column("'file'", Text))
                != exists().where(material_file.c.material_id == material.c.id).correlate(material)
            )
        ),
    ),
    *(
        Invariant(
            f"{table.name}_acts",
            f"Each version of a row of {table.name} has one row in the record of acts.",
            Statement(select(table.c.id).where(table.c.version != _acts_on(table))),
        )
        for table in (section, assignment, material, announcement)
    ),
)
