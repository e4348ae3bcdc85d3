"""What the staff decides of a reader: blocks, and the group whose rules hold. Never of oneself."""

from datetime import date, datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.errors import Blocked, BlockNotFound
from library_mgt.models.data.reference import Reference
from library_mgt.repository import blocks, references
from library_mgt.services.patrons import PatronRecord, group_known, locked, not_own, patron_record


def block_patron(
    tx: Transaction,
    patron_id: int,
    *,
    blocked: bool,
    reason: str,
    until: date | None = None,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> PatronRecord:
    """Block a reader, who is told the reason, until a day if it ends by itself; or lift every block."""
    _others(tx, patron_id, by)
    today = local_day(now, zone)
    if blocked and until is not None and until < today:
        detail = "The day has passed; a block ends on a day that is still to come."
        raise Blocked(detail, blockers=[Blocker("DATE_PASSED", detail, "/until")])
    if blocked:
        blocks.add(tx, patron_id, reason, until=until, by=by.person, now=now)
    else:
        for one in blocks.holding(tx, patron_id, today=today):
            blocks.lift(tx, patron_id, one.id, reason, by=by.person, now=now)
    action = "patron.blocked" if blocked else "patron.unblocked"
    audit.record(tx, action, f"patron:{patron_id}", by=by, now=now)
    return patron_record(tx, patron_id, now=now, zone=zone)


def lift_block(
    tx: Transaction, patron_id: int, block_id: int, reason: str, *, by: Actor, now: datetime, zone: tzinfo
) -> PatronRecord:
    """Lift one block of a reader."""
    _others(tx, patron_id, by)
    if not blocks.lift(tx, patron_id, block_id, reason, by=by.person, now=now):
        raise BlockNotFound()
    audit.record(tx, "patron.unblocked", f"patron:{patron_id}", by=by, now=now, facts={"block_id": block_id})
    return patron_record(tx, patron_id, now=now, zone=zone)


def change_group(
    tx: Transaction, patron_id: int, group: str | None, reason: str, *, by: Actor, now: datetime, zone: tzinfo
) -> PatronRecord:
    """Put a reader into a group, whatever the home service says; `None` lets it say the group again."""
    _others(tx, patron_id, by)
    if group is None:
        blocks.leave_group_to_home(tx, patron_id)
    else:
        group_known(tx, group)
        blocks.choose_group(tx, patron_id, group, reason, by=by.person, now=now)
    audit.record(tx, "patron.group_changed", f"patron:{patron_id}", by=by, now=now, facts={"group": group})
    return patron_record(tx, patron_id, now=now, zone=zone)


def groups(tx: Transaction) -> list[Reference]:
    """The groups of readers."""
    return references.listed(tx, "patron_group")


def keep_group(tx: Transaction, code: str, name: str, *, by: Actor, now: datetime) -> Reference:
    """Set a group of readers up, or give it another name."""
    references.keep_group(tx, code, name)
    audit.record(tx, "patron_group.kept", f"patron_group:{code}", by=by, now=now)
    return Reference(code, name)


def _others(tx: Transaction, patron_id: int, by: Actor) -> None:
    """Lock the reader, who is somebody else."""
    locked(tx, patron_id)
    not_own(tx, patron_id, by)
