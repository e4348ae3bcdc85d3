"""Policies as a librarian keeps them: rows, versions, what is refused, and what past loans would have become."""

from datetime import UTC, date, datetime, timedelta

import pytest

from configuration.kit.errors import Refusal, VersionMismatch
from library_mgt.errors import DefaultPolicy, PolicyExists
from library_mgt.models.request.policy import (
    PolicyChange,
    PolicyCreate,
    PolicyScope,
    PolicyValues,
    ReplayCreate,
    TermsPut,
)
from library_mgt.services import policies
from tests.library_mgt.world import ANN, LIBRARIAN, ZONE, Library

STUDENTS = PolicyCreate(group_code="student", values=PolicyValues(loan_period=7, fine_minor=50, fine_cap_minor=500))


class TestRows:
    def test_a_row_lends_differently_until_it_is_changed_and_removed(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)

        added = library.write(policies.add_policy, STUDENTS, by=LIBRARIAN)
        first = library.lend(ANN, copy)
        library.take_back(copy)
        change = PolicyChange(values=PolicyValues(loan_period=3, fine_minor=None))
        changed = library.write(policies.change_policy, added.id, change, version=1, by=LIBRARIAN)
        second = library.lend(ANN, copy)
        library.take_back(copy)
        library.write(policies.remove_policy, added.id, version=2, by=LIBRARIAN)
        third = library.lend(ANN, copy)

        assert [(one.due_at - library.now).days for one in (first, second, third)] == [7, 3, 28]
        assert (changed.version, changed.values) == (2, {"loan_period": 3, "fine_cap_minor": 500})
        assert [row.id for row in library.read(policies.policies_listed)] == [1]
        assert library.broken() == []

    def test_there_is_one_row_for_each_place_group_and_type(self, library: Library) -> None:
        library.write(policies.add_policy, STUDENTS, by=LIBRARIAN)

        with pytest.raises(PolicyExists):
            library.write(policies.add_policy, STUDENTS, by=LIBRARIAN)

    def test_everything_unknown_is_told_at_once(self, library: Library) -> None:
        wish = PolicyCreate(location="moon", item_type="stone", values=PolicyValues(term_schedule="lunar"))

        with pytest.raises(Refusal) as refused:
            library.write(policies.add_policy, wish, by=LIBRARIAN)

        pointers = [blocker.pointer for blocker in refused.value.blockers]
        assert pointers == ["/location", "/item_type", "/values/term_schedule"]

    def test_the_row_for_all_keeps_every_value_and_stays(self, library: Library) -> None:
        emptied = PolicyChange(values=PolicyValues(loan_period=None, renewals=None))

        with pytest.raises(DefaultPolicy) as refused:
            library.write(policies.change_policy, 1, emptied, version=1, by=LIBRARIAN)
        with pytest.raises(DefaultPolicy):
            library.write(policies.remove_policy, 1, version=1, by=LIBRARIAN)

        assert [blocker.pointer for blocker in refused.value.blockers] == ["/values/loan_period", "/values/renewals"]

    def test_a_change_of_what_was_not_seen_is_refused(self, library: Library) -> None:
        change = PolicyChange(values=PolicyValues(loan_period=3))
        library.write(policies.change_policy, 1, change, version=1, by=LIBRARIAN)

        with pytest.raises(VersionMismatch):
            library.write(policies.change_policy, 1, change, version=1, by=LIBRARIAN)

    def test_each_value_is_answered_with_the_row_that_gave_it(self, library: Library) -> None:
        row = library.write(policies.add_policy, STUDENTS, by=LIBRARIAN)

        told = library.read(policies.resolve, PolicyScope(location="main", group_code="student", item_type="book"))

        by_name = {one.name: (one.value, one.policy_id) for one in told.values}
        assert (by_name["loan_period"], by_name["renewals"]) == ((7, row.id), (2, 1))

    def test_findings_are_those_of_the_rows_in_force(self, library: Library) -> None:
        library.rule(fine_minor=50)

        found = library.read(policies.findings, now=library.now, zone=ZONE)

        assert [one.code for one in found] == ["FINE_NEVER_TAKEN"]


class TestTerms:
    def test_a_schedule_ends_loans_and_is_changed_only_by_who_saw_it(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        terms = TermsPut(name="Spring", last_days=[date(2026, 3, 11)])
        library.write(policies.put_terms, "spring", terms, version=None, by=LIBRARIAN)
        row = PolicyCreate(group_code="student", values=PolicyValues(term_schedule="spring"))
        library.write(policies.add_policy, row, by=LIBRARIAN)

        loan = library.lend(ANN, copy)

        assert loan.due_at == datetime(2026, 3, 11, 22, 59, 59, tzinfo=UTC)
        with pytest.raises(VersionMismatch):
            library.write(policies.put_terms, "spring", terms, version=None, by=LIBRARIAN)
        again = library.write(policies.put_terms, "spring", terms, version=1, by=LIBRARIAN)
        assert (again.version, again.last_days) == (2, (date(2026, 3, 11),))

    def test_none_ends_nothing(self, library: Library) -> None:
        with pytest.raises(DefaultPolicy):
            terms = TermsPut(name="None", last_days=[date(2026, 3, 11)])
            library.write(policies.put_terms, "none", terms, version=1, by=LIBRARIAN)


class TestReplay:
    def test_loans_are_told_what_they_would_have_become_and_nothing_changes(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.now += timedelta(days=30)
        library.take_back(copy)
        proposal = ReplayCreate(rows=[STUDENTS], since=date(2026, 3, 2), until=date(2026, 3, 2))

        told, following = library.read(policies.replayed, proposal, now=library.now, zone=ZONE)

        [example] = told.examples
        assert (told.loans, told.earlier, following) == (1, 1, None)
        assert (example.loan_id, example.would_be_due_at) == (
            loan.id,
            datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC),
        )
        assert (told.fine_minor, told.would_be_fine_minor) == (0, 500)
        assert [row.id for row in library.read(policies.policies_listed)] == [1]

    def test_a_row_can_be_tried_away(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        row = library.write(policies.add_policy, STUDENTS, by=LIBRARIAN)
        library.lend(ANN, copy)

        told, _ = library.read(policies.replayed, ReplayCreate(without=[row.id, 1]), now=library.now, zone=ZONE)

        assert (told.loans, told.later) == (1, 1)
