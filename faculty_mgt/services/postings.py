"""What materials and announcements have in common: posted in a space by those who teach it, seen from a time on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from configuration.kit.database import Transaction
from configuration.kit.database.rows import Pages, Rows
from configuration.kit.errors import Blocker, NotFound, VersionMismatch
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from faculty_mgt.errors import SpaceNotFound, TeachingRefused
from faculty_mgt.services.teaching import require_editor, teaches


class Posting(Protocol):
    """What every posting has."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def version(self) -> int:
        """Raised by each change."""

    @property
    def space_id(self) -> int:
        """Where it stands."""


P = TypeVar("P", bound=Posting)


@dataclass(frozen=True)
class Board(Generic[P]):
    """One kind of posting: what it is called, its rows, from when its students see it, what its absence is."""

    name: str
    rows: Rows[P]
    pages: Pages[P]
    changeable: Sequence[str]
    since: Callable[[P], datetime]
    missing: type[NotFound]

    def add(self, tx: Transaction, space_id: int, values: Mapping[str, Any], *, by: Actor, now: datetime) -> P:
        """Post something in a space that one teaches."""
        require_editor(tx, space_id, by, now)
        made = self.rows.add(
            tx, **values, space_id=space_id, version=1, created_at=now, created_by=by.person, changed_at=now
        )
        audit.record(tx, f"{self.name}.added", f"{self.name}:{made}", by=by, now=now, facts={"space": space_id})
        return self._found(tx, made)

    def change(
        self, tx: Transaction, posting_id: int, given: Mapping[str, Any], *, version: int, by: Actor, now: datetime
    ) -> P:
        """Change what is given; `version` is the one that was seen."""
        row = self._to_arrange(tx, posting_id, version, by, now)
        if emptied := sorted(name for name, value in given.items() if value is None):
            faults = [Blocker("REQUIRED", f"{name} cannot be emptied.", f"/{name}") for name in emptied]
            raise TeachingRefused(" ".join(fault.detail for fault in faults), blockers=faults)
        values = {**{name: getattr(row, name) for name in self.changeable}, **given, "changed_at": now}
        self.rows.change(tx, posting_id, values)
        subject = f"{self.name}:{posting_id}"
        audit.record(tx, f"{self.name}.changed", subject, by=by, now=now, facts={"fields": sorted(given)})
        return self._found(tx, posting_id)

    def remove(self, tx: Transaction, posting_id: int, *, version: int, by: Actor, now: datetime) -> None:
        """Take something down."""
        row = self._to_arrange(tx, posting_id, version, by, now)
        self.rows.remove(tx, posting_id)
        facts = {"space": row.space_id}
        audit.record(tx, f"{self.name}.removed", f"{self.name}:{posting_id}", by=by, now=now, facts=facts)

    def seen(self, tx: Transaction, posting_id: int, by: Actor, *, now: datetime) -> P:
        """One posting as somebody of its space sees it; what is to be seen later is not there for students."""
        row = self._found(tx, posting_id)
        if not self._teaches(tx, row, by, now) and self.since(row) > now:
            raise self.missing()
        return row

    def of_space(
        self, tx: Transaction, space_id: int, by: Actor, *, now: datetime, after: int | Sequence[int], limit: int
    ) -> list[P]:
        """What stands in a space one belongs to."""
        until = None if teaches(tx, space_id, by, now) else now
        return self.pages.page(tx, after=after, limit=limit, space_id=space_id, until=until)

    def _to_arrange(self, tx: Transaction, posting_id: int, version: int, by: Actor, now: datetime) -> P:
        row = self.rows.locked(tx, posting_id)
        if row is None or not self._teaches(tx, row, by, now):
            raise self.missing()
        require_editor(tx, row.space_id, by, now)
        if row.version != version:
            raise VersionMismatch(f"The {self.name} is at version {row.version} now; look at it again.")
        return row

    def _teaches(self, tx: Transaction, row: P, by: Actor, now: datetime) -> bool:
        try:
            return teaches(tx, row.space_id, by, now)
        except SpaceNotFound:
            raise self.missing() from None

    def _found(self, tx: Transaction, posting_id: int) -> P:
        row = self.rows.find(tx, posting_id)
        if row is None:
            raise self.missing()
        return row
