"""A small library to test with: titles, copies, readers and a desk, on a real database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import update

from configuration.kit.database import Database, Statement, Transaction
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.models.data.catalogue import TitleRecord
from library_mgt.models.data.copies import CopyView
from library_mgt.models.data.loans import LoanView
from library_mgt.models.data.policies import policy
from library_mgt.models.data.requests import RequestView
from library_mgt.models.request.circulation import LoanCreate, Override, RequestCreate
from library_mgt.models.request.title import ContributorIn, CopyCreate, TitleCreate
from library_mgt.repository.invariants import INVARIANTS
from library_mgt.services import catalogue, circulation, copies, patrons, requests
from library_mgt.services.returns import CheckIn

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
UNIVERSITY = frozenset({"university"})


def person(reference: str, *roles: str, persons: frozenset[str] = frozenset()) -> Actor:
    """Somebody signed in."""
    issuer: Any = reference.partition(":")[0]
    return Actor(reference, issuer, f"Name of {reference}", dict.fromkeys(roles, UNIVERSITY), persons)


LIBRARIAN = person("library:1", "librarian")
ASSISTANT = person("library:2", "library_assistant")
ANN = person("student:1001", "student")
BEN = person("student:1002", "student")
CAL = person("faculty:7", "lecturer")


class Library:
    """Acts in one line each; every act is one durable write, `minute` later than the one before."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self._numbers = count(1)

    def write(self, use_case: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run a use case, a minute after the one before."""
        self.now += timedelta(minutes=1)
        done: T = self.database.write_sync(use_case, *args, **{"now": self.now, **options})
        return done

    def read(self, use_case: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run a question."""
        found: T = self.database.read_sync(use_case, *args, **options)
        return found

    def title(self, name: str = "Dune", *, by: str = "Frank Herbert", **more: Any) -> TitleRecord:
        """A catalogued title without copies."""
        new = TitleCreate(title=name, contributors=[ContributorIn(name=by)], **more)
        return self.write(catalogue.add_title, new, by=LIBRARIAN)

    def copy(self, title: TitleRecord, **more: Any) -> CopyView:
        """A copy on the shelf; its barcode is B1, B2 and so on unless given."""
        more.setdefault("barcode", f"B{next(self._numbers)}")
        return self.write(copies.add_copy, title.id, CopyCreate(**more), by=LIBRARIAN, zone=ZONE)

    def book(self, name: str = "Dune", *, copies: int = 1) -> tuple[TitleRecord, list[CopyView]]:
        """A title with copies."""
        title = self.title(name)
        return title, [self.copy(title) for _ in range(copies)]

    def reader(self, who: Actor) -> int:
        """Makes a patron of somebody, as their first own act would."""
        return self.write(patrons.own_patron, who)

    def request(self, who: Actor, title: TitleRecord, **more: Any) -> RequestView:
        """Somebody's own request."""
        return self.write(requests.request_title, RequestCreate(title_id=title.id, **more), by=who, zone=ZONE)

    def approve(self, wish: RequestView, by: Actor = LIBRARIAN) -> RequestView:
        """Let a request in."""
        return self.write(requests.approve, wish.id, by=by, zone=ZONE)

    def wait(self, who: Actor, title: TitleRecord, **more: Any) -> RequestView:
        """An approved request."""
        return self.approve(self.request(who, title, **more))

    def lend(
        self, who: Actor | str, copy: CopyView, *, by: Actor = LIBRARIAN, override: Override | None = None
    ) -> LoanView:
        """A checkout at the desk."""
        text = who if isinstance(who, str) else who.person
        wish = LoanCreate(patron=text, barcode=copy.barcode, override=override)
        return self.write(circulation.check_out, wish, by=by, zone=ZONE)

    def take_back(self, copy: CopyView, *, location: str = "main") -> CheckIn:
        """A scan at the desk."""
        return self.write(circulation.return_copy, copy.barcode, location=location, by=ASSISTANT, zone=ZONE)

    def seen(self, wish: RequestView) -> RequestView:
        """A request as it stands now."""
        return self.read(requests.request_seen, wish.id)

    def rule(self, **values: Any) -> None:
        """Change values of the rule for all."""
        statement = Statement(update(policy).values(**values))
        self.database.write_sync(lambda tx: tx.run(statement))

    def broken(self) -> list[str]:
        """The names of the truths that do not hold."""
        return [violation.name for violation in self.database.read_sync(audit.check, INVARIANTS)]


def sql(library: Library, statement: Any, **params: Any) -> Any:
    """Run a statement behind the use cases' backs."""

    def run(tx: Transaction) -> int:
        return tx.run(Statement(statement), **params)

    return library.database.write_sync(run)
