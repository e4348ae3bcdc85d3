"""A small year: nothing is broken after it, the same seed lives it again, and its figures are the database's."""

from collections import Counter
from datetime import datetime, time
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, text

from configuration.kit.database import Statement, Transaction
from configuration.kit.features import audit
from configuration.kit.features.audit.tables import audit as acts
from library_mgt.commands.year.page import page
from library_mgt.commands.year.pictures import pictures
from library_mgt.models.data.calendars import closure, closure_shift
from library_mgt.models.data.fees import fee_allocation, fee_line
from library_mgt.models.data.loans import circulation_event
from library_mgt.models.data.policies import policy
from library_mgt.models.data.requests import request
from library_mgt.repository.invariants import INVARIANTS
from tests.library_mgt.year.conftest import FIRST, Lived, LiveYear

SVG = "{http://www.w3.org/2000/svg}"
ZONE = ZoneInfo("Europe/Berlin")


def broken(lived: Lived) -> list[str]:
    return [violation.name for violation in lived.database.read_sync(audit.check, INVARIANTS)]


def by_week(rows: list[Any], weeks: int) -> list[Counter[str]]:
    """Kinds of what happened, by the week of its day in the library's zone."""
    counts: list[Counter[str]] = [Counter() for _ in range(weeks)]
    for row in rows:
        counts[(row.at.astimezone(ZONE).date() - FIRST).days // 7][row.kind] += 1
    return counts


@pytest.mark.slow
class TestASmallYear:
    @pytest.fixture
    def lived(self, live_year: LiveYear) -> Lived:
        return live_year(weeks=8)

    def test_it_is_whole_and_its_figures_are_those_of_the_database(self, lived: Lived) -> None:
        year = lived.figures
        while lived.database.write_sync(audit.seal, datetime.combine(lived.figures.last, time.max, ZONE)):
            pass

        assert broken(lived) == []
        assert lived.database.read_sync(audit.verify) == []
        self.and_much_has_happened(lived)

        events = by_week(lived.rows(select(circulation_event.c.at, circulation_event.c.kind)), len(year.weeks))
        assert [Counter(week.events) for week in year.weeks] == events
        refused = lived.rows(select(acts.c.facts).where(acts.c.outcome == "refused"))
        assert sum(year.refused.values()) == sum(len(row.facts["codes"][1:]) or 1 for row in refused)
        ledger = lived.rows(select(fee_line.c.kind, fee_line.c.amount_minor))
        assert year.weeks[-1].balance_minor == sum(row.amount_minor for row in ledger)
        for kind, amount in year.fees.items():
            assert amount == sum(row.amount_minor for row in ledger if row.kind == kind)
        states = Counter(row.state for row in lived.rows(select(request.c.state)))
        assert year.requests == states
        assert year.weeks[-1].requests == {state: states[state] for state in year.weeks[-1].requests}

        self.and_the_pictures_say_so(lived, events)
        self.and_a_line_that_is_gone_is_missed(lived)

    def and_much_has_happened(self, lived: Lived) -> None:
        year = lived.figures
        for kind in ("CHECKED_OUT", "RETURNED", "RENEWED", "REQUESTED", "READY", "RECALLED", "DUE_DATE_MOVED"):
            assert year.total(kind) > 0, kind
        assert year.fees["OVERDUE"] > 0 > year.fees["PAYMENT"]
        assert year.refused
        assert len(year.waits.told) > 5
        states = Counter(row.state for row in lived.rows(select(closure.c.state)))
        assert states["APPLIED"] >= 2
        assert states["UNDONE"] == 1
        assert lived.rows(select(closure_shift.c.id))
        groups = {row.group_code for row in lived.rows(select(policy.c.group_code))}
        assert groups == {None, "faculty", "student"}

    def and_the_pictures_say_so(self, lived: Lived, events: list[Counter[str]]) -> None:
        drawn = pictures(lived.figures)
        parsed = {name: ET.fromstring(picture) for name, picture in drawn.items()}
        said = [title.text for title in parsed["loans"].iter(f"{SVG}title")]

        assert set(drawn) == {"loans", "standing", "queues", "waiting", "foretold", "fines", "refusals"}
        for week, counts in enumerate(events):
            out, back, longer = (counts[kind] for kind in ("CHECKED_OUT", "RETURNED", "RENEWED"))
            values = f"loans {out}, returns {back}, renewals {longer}"
            assert sum(str(title).endswith(f": {values}") for title in said) >= 1, week
        dots = list(parsed["foretold"].iter(f"{SVG}circle"))
        assert 0 < len(dots) <= len(lived.figures.waits.told)
        shown = page(lived.figures, drawn, look="erp serve")
        assert all(picture in shown for picture in drawn.values())

    def and_a_line_that_is_gone_is_missed(self, lived: Lived) -> None:
        """The planted fault: somebody takes a payment out of the ledger behind everybody's back."""
        gone = lived.rows(select(fee_line.c.id).where(fee_line.c.kind == "PAYMENT"))[0].id

        def take(tx: Transaction) -> None:
            if tx.dialect == "postgresql":
                for table in ("fee_line", "fee_allocation"):
                    tx.run(Statement(text(f"ALTER TABLE {table} DISABLE TRIGGER USER")))
            else:
                for trigger in ("fee_line_no_delete", "fee_allocation_no_delete"):
                    tx.run(Statement(text(f"DROP TRIGGER {trigger}")))
            tx.run(Statement(delete(fee_allocation).where(fee_allocation.c.line_id == gone)))
            tx.run(Statement(delete(fee_line).where(fee_line.c.id == gone)))

        lived.database.write_sync(take)

        assert {"receipts_without_gaps", "till_counts_are_true"} <= set(broken(lived))


def test_the_same_seed_lives_the_same_year_and_another_does_not(live_year: LiveYear) -> None:
    first, again, other = (live_year(weeks=1, seed=seed).figures.as_json() for seed in (7, 7, 8))

    assert first == again
    assert first["events"]["CHECKED_OUT"] > 5
    assert first["weeks"] != other["weeks"]
