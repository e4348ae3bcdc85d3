"""Workbins: one for a student and a lecturer who teaches them, however often it is asked for."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from faculty_mgt.domain.hats import number_as
from faculty_mgt.errors import WorkbinNotFound
from faculty_mgt.models.data.workbins import BinnedWork, Workbin
from faculty_mgt.repository import workbins


def make(tx: Transaction, *, student: int | None, lecturer: int | None, by: Actor, now: datetime) -> Workbin:
    """The workbin of two persons of whom one asks; the other is named. Made once, answered as often as asked."""
    own_student, own_lecturer = number_as(by, "student"), number_as(by, "faculty")
    whose = (own_student or student, own_lecturer or lecturer)
    if None in whose or (own_student is None) == (own_lecturer is None) or _another(by, student, lecturer):
        raise WorkbinNotFound("A workbin is made by a student or a lecturer, with the other's number.")
    pair = (whose[0] or 0, whose[1] or 0)
    present = workbins.of_pair(tx, *pair)
    if present is not None:
        return present
    lecturer_id = workbins.meet(tx, *pair, now=now)
    if lecturer_id is None:
        raise WorkbinNotFound("These two have no course together.")
    new = workbins.add(tx, pair[0], lecturer_id, by=by.person, now=now)
    found = workbins.of_pair(tx, *pair)
    assert found is not None
    if new:
        audit.record(tx, "workbin.made", f"workbin:{found.id}", by=by, now=now)
    return found


def _another(by: Actor, student: int | None, lecturer: int | None) -> bool:
    """Whether the body names somebody else where the person who acts belongs."""
    own_student, own_lecturer = number_as(by, "student"), number_as(by, "faculty")
    return (own_student is not None and student not in (None, own_student)) or (
        own_lecturer is not None and lecturer not in (None, own_lecturer)
    )


def mine(tx: Transaction, by: Actor, *, after: int, limit: int) -> list[Workbin]:
    """One's own workbins."""
    student, lecturer = number_as(by, "student"), number_as(by, "faculty")
    if student is None and lecturer is None:
        return []
    return workbins.page(tx, student=student, lecturer=lecturer, after=after, limit=limit)


def work(
    tx: Transaction, by: Actor, *, bin_id: int | None, now: datetime, after: tuple[int, int], limit: int
) -> list[BinnedWork]:
    """What lies in one's own workbins, or in one of them."""
    student, lecturer = number_as(by, "student"), number_as(by, "faculty")
    if student is None and lecturer is None:
        return []
    if bin_id is not None:
        own_bin(tx, bin_id, by)
    return workbins.work(tx, student=student, lecturer=lecturer, bin_id=bin_id, now=now, after=after, limit=limit)


def own_bin(tx: Transaction, bin_id: int, by: Actor) -> Workbin:
    """A workbin of one's own; another's is not there."""
    found = workbins.find(tx, bin_id)
    student, lecturer = number_as(by, "student"), number_as(by, "faculty")
    if found is None or not (found.student_number == student or found.lecturer_number == lecturer):
        raise WorkbinNotFound()
    return found
