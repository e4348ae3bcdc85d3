"""The rules of titles, copies and readers: what is there, in which state, and who may borrow at all."""

from datetime import date

from configuration.kit.security.actor import Actor
from tests.library_mgt.model.oracle import Copy, Oracle, Reader, Refused, Title


def add_copy(oracle: Oracle, copy: Copy) -> Copy:
    """A copy more on the shelf; somebody may wait for it."""
    oracle.copies.append(copy)
    oracle.allocate(copy.title, copy.part)
    return copy


def change_copy(oracle: Oracle, copy: Copy, *, status: str, part: str) -> Copy:
    """Another status or part: not while it is out. Whom it was set aside for waits again in the old place."""
    if (status, part) != (copy.status, copy.part):
        if oracle.live(copy=copy):
            raise Refused("COPY_ALREADY_ON_LOAN")
        if kept_for := oracle.set_aside(copy):
            oracle.requeue(kept_for)
    before, copy.status, copy.part = copy.part, status, part
    oracle.allocate(copy.title, before)
    oracle.allocate(copy.title, part)
    return copy


def delete_title(oracle: Oracle, title: Title) -> None:
    """Not while anything hangs on it. What has ended outlives it."""
    found = []
    if any(one.title is title for one in oracle.live()):
        found.append("ON_LOAN")
    if any(one.title is title for one in oracle.open()):
        found.append("REQUESTED")
    if found:
        raise Refused("HAS_DEPENDENTS", *found)
    gone = [one for one in oracle.copies if one.title is title]
    for loan in oracle.loans:
        if loan.title is title:
            loan.title = loan.copy = None
    for wish in oracle.requests:
        wish.title = None if wish.title is title else wish.title
        wish.wished = None if wish.wished in gone else wish.wished
    oracle.copies = [one for one in oracle.copies if one not in gone]
    oracle.titles.remove(title)


def block(reader: Reader, *, blocked: bool, by: Actor) -> None:
    """By hand, never oneself."""
    if reader.actor is by:
        raise Refused("OWN_BLOCK")
    reader.blocked = blocked


def home_says(oracle: Oracle, reader: Reader, *, active: bool, until: date | None) -> None:
    """What the home service says of a reader now."""
    reader.active, reader.until, reader.as_of = active, until, oracle.now
