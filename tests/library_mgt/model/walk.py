"""One walk through the library: every act is done twice, in the oracle and over a real database, and compared."""

from collections import Counter, deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import insert, update

from configuration.kit.database import Statement, Transaction
from configuration.kit.security.actor import Actor
from library_mgt.models.data.policies import policy
from library_mgt.models.data.reference import location
from library_mgt.models.request.fees import TillOpening
from library_mgt.models.request.patrons import PatronCreate
from library_mgt.models.request.title import CopyCreate, TitleCreate
from library_mgt.services import catalogue, copies, patrons, tills
from tests.library_mgt.model import rules_of_money, rules_of_stock
from tests.library_mgt.model.chance import Act, possible
from tests.library_mgt.model.comparison import counts, differences, truths
from tests.library_mgt.model.occasions import Occasions
from tests.library_mgt.model.oracle import Closure, Copy, Loan, Oracle, Reader, Refused, Request, Title
from tests.library_mgt.model.rule_book import ZONE, Rule, RuleBook
from tests.library_mgt.model.stage import Lent, Stage, staged
from tests.library_mgt.world import ANN, ASSISTANT, BEN, CAL, LIBRARIAN, person

T = TypeVar("T")
GUEST = person("library:90001")
READERS = (ANN, BEN, CAL, LIBRARIAN, GUEST)
GROUPS = dict(zip((one.person for one in READERS), ("student", "student", "faculty", "staff", "guest"), strict=True))
STAFF = (LIBRARIAN, ASSISTANT)
LOCATIONS = ("main", "branch")
LOOK_EVERY = 6
"""Steps after which all truths are asked, and not only what changed."""

STARTS = (
    datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    datetime(2026, 3, 27, 22, 40, tzinfo=UTC),  # the clocks go forward on the 29th; here it is almost midnight
    datetime(2026, 10, 23, 21, 50, tzinfo=UTC),  # and back on the 25th
    datetime(2026, 12, 30, 23, 5, tzinfo=UTC),
    datetime(2028, 2, 27, 12, 0, tzinfo=UTC),
)


@dataclass
class Log:
    """What all walks together did, by use case."""

    done_of: Counter[str] = field(default_factory=Counter)
    refused_of: Counter[str] = field(default_factory=Counter)

    def count(self, name: str, *, refused: bool) -> None:
        """One more."""
        (self.refused_of if refused else self.done_of)[name] += 1

    @property
    def done(self) -> int:
        """Acts that were not refused."""
        return self.done_of.total()

    @property
    def acts(self) -> int:
        """Acts tried."""
        return self.done + self.refused_of.total()


class Walk(Occasions):
    """A library with a few readers and titles, small enough for everybody to be in each other's way."""

    def __init__(self, lent: Lent, folder: Path, log: "Log") -> None:
        super().__init__()
        self._stack = ExitStack()
        self.stage: Stage = self._stack.enter_context(staged(lent, folder))
        self.oracle = Oracle(STARTS[0], RuleBook(Rule()))
        self._log = log
        self._fate: str | None = None
        self._sound = True
        self._taken = 0
        self._lately: deque[Act] = deque(maxlen=3)
        self._barcodes = count(1)
        self._titles = count(1)
        self._prices = cycle((None, 300, 2500))

    @initialize(
        start=st.sampled_from(STARTS),
        values=st.builds(
            Rule,
            loan_period=st.sampled_from([28, 28, 2]),
            closed_days=st.sampled_from(["KEEP", "NEXT_OPEN", "PREVIOUS_OPEN"]),
            max_loans=st.sampled_from([2, 3, 1]),
            max_requests=st.sampled_from([3, 3, 1]),
            auto_approve=st.sampled_from([False, False, True]),
            pickup_days=st.sampled_from([1, 7]),
            renewals=st.sampled_from([1, 2]),
            renewal_period=st.sampled_from([14, 40]),
            renewal_from=st.sampled_from(["due", "now"]),
            block_overdue=st.sampled_from([2, 2, 1]),
            recall_allowed=st.sampled_from([True, True, False]),
            recall_guarantee_days=st.sampled_from([7, 0]),
            recall_interval_days=st.sampled_from([3, 1]),
            fine_minor=st.sampled_from([50, 50, 7, 0]),
            fine_unit=st.sampled_from(["day", "day", "hour"]),
            fine_grace_days=st.sampled_from([0, 0, 2]),
            fine_cap_minor=st.sampled_from([1000, 1000, 120]),
            fine_closed_days=st.sampled_from([True, False]),
            lost_fee_minor=st.sampled_from([500, 0]),
            block_debt_minor=st.sampled_from([2000, 500, 0]),
        ),
        wholes=st.sampled_from([1, 1, 2, 3]),
        parts=st.integers(1, 2),
    )
    def opens(self, start: datetime, values: Rule, wholes: int, parts: int) -> None:
        """Two titles, one of them in parts, and five readers."""
        self.oracle = Oracle(start, RuleBook(values))
        self.stage.write(_furnish, values)
        for actor in READERS:
            self.introduce(actor)
        shelves = [[""] * wholes, [str(number + 1) for number in range(parts)] * 2]
        for shelf in shelves:
            title = self.catalogued()
            for part in shelf:
                self.add(Copy(self.new_barcode(), title, part, price=next(self._prices)))
        self.both(
            lambda: rules_of_money.open_till(self.oracle, 0), tills.open_with, "main", TillOpening(), by=ASSISTANT
        )

    def introduce(self, actor: Actor) -> None:
        """Make a reader of somebody; the guest's membership ends one day."""
        now = self.oracle.now
        reader = Reader(actor, actor.issuer == "library", now, GROUPS[actor.person])
        if actor is GUEST:
            reader.until = self.oracle.today + timedelta(days=20)
            new = PatronCreate(number="90001", display_name="A Guest", until=reader.until)
            made = self.stage.write(patrons.add_local_patron, new, by=LIBRARIAN, now=now, zone=ZONE)
            reader.id = made.patron.id
        else:
            reader.id = self.stage.write(patrons.own_patron, actor, now=now)
        self.oracle.readers.append(reader)

    def catalogued(self) -> Title:
        """A title more."""
        title = Title(f"Title {next(self._titles)}")
        record = self.stage.write(catalogue.add_title, TitleCreate(title=title.name), by=LIBRARIAN, now=self.oracle.now)
        title.id = record.title.id
        self.oracle.titles.append(title)
        return title

    def add(self, copy: Copy) -> None:
        """A copy more."""
        new = CopyCreate(
            barcode=copy.barcode,
            part=copy.part,
            location=copy.location,
            item_type=copy.kind,
            status=copy.status,
            price_minor=copy.price,
        )
        self.both(
            lambda: rules_of_stock.add_copy(self.oracle, copy),
            copies.add_copy, copy.title.id, new, by=LIBRARIAN, zone=ZONE,
        )  # fmt: skip

    def both(self, by_rule: Callable[[], T], use_case: Callable[..., Any], *args: Any, **options: Any) -> T | None:
        """Do it in both worlds, a minute after the act before; answers what the oracle made, `None` when refused.

        A unit that is doomed happens in neither.
        """
        self.oracle.now += timedelta(minutes=1)
        options["now"] = self.oracle.now
        fate, self._fate = self._fate, None
        if fate is not None:
            self.stage.fail(fate, use_case, *args, **options)
            self._compare(f"{use_case.__name__} {fate}")
            return None
        made: T | None
        made, expected = _verdict(by_rule)
        answer, told = _verdict(lambda: self.stage.write(use_case, *args, **options))
        note(f"{self.oracle.now:%d %b %H:%M} {use_case.__name__} {args} by {options.get('by')}: {told or made}")
        self._log.count(use_case.__name__, refused=bool(told))
        assert told == expected, f"{use_case.__name__}: the library says {told}, the rules say {expected}"
        if isinstance(made, Copy | Request | Loan | Closure):
            made.id = made.id or answer.id
        self._compare(use_case.__name__)
        return made

    @rule(data=st.data())
    def goes_on(self, data: st.DataObject) -> None:
        """Somebody does something."""
        chosen: Act = data.draw(st.sampled_from(possible(self, but=self._lately)), label="act")
        self._lately.append(chosen)
        drawn = data.draw(st.fixed_dictionaries(dict(chosen.drawn)), label="with")
        self._sound = False
        chosen.method(self, **drawn)
        self._sound = True

    def doom(self, fate: str) -> None:
        """Let the next unit fail."""
        self._fate = fate

    def new_barcode(self) -> str:
        """One that no copy ever had."""
        return f"B{next(self._barcodes)}"

    def _compare(self, after: str) -> None:
        self._taken += 1
        assert not (found := differences(self.oracle, self.stage)), f"after {after}: {found}"

    @invariant()
    def truths_hold(self) -> None:
        """Now and then: the truths as SQL, and what people are told in figures."""
        if self._taken % LOOK_EVERY == 0:
            self.look_round()

    def look_round(self) -> None:
        """Ask for everything."""
        assert not (found := truths(self.stage)), found
        assert not (found := counts(self.oracle, self.stage)), found

    def teardown(self) -> None:
        """The last look, unless something is wrong already."""
        try:
            if self._sound:
                self.look_round()
        finally:
            self._stack.close()


def _verdict(act: Callable[[], Any]) -> tuple[Any, frozenset[Any]]:
    try:
        return act(), frozenset()
    except Refused as refused:
        return None, refused.reasons


def _furnish(tx: Transaction, rule: Rule) -> None:
    """The rule in force, and a second place to fetch things."""
    tx.run(Statement(update(policy).values(**vars(rule))))
    branch = {"code": "branch", "name": "Branch", "zone": None, "pickup": True}
    tx.run(Statement(insert(location).values(**branch)))


def some_day(oracle: Oracle, days: int) -> date:
    """A day before or after today."""
    return oracle.today + timedelta(days=days)
