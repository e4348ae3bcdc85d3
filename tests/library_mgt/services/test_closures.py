"""Closing days: what would move, what moves, and what moves back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from configuration.kit.errors import Refusal, VersionMismatch
from configuration.kit.features import jobs
from configuration.kit.features.jobs.tasks import listed
from library_mgt.errors import DayHasHours, IllegalTransition, NoDayOpen
from library_mgt.models.data.calendars import ClosureView
from library_mgt.models.data.loans import loan as loans
from library_mgt.models.request.calendar import ClosureCreate, DayPut, WeekdayHours, WeekPut
from library_mgt.services import calendars, circulation, closures, requests
from library_mgt.services.closures import Mark
from tests.library_mgt.world import ANN, BEN, CAL, LIBRARIAN, ZONE, Library, sql

DUE_DAY = date(2026, 3, 30)
NEXT_DAY = datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)


def closed(library: Library, first: date = DUE_DAY, last: date | None = None) -> ClosureView:
    wish = ClosureCreate(location="main", first_day=first, last_day=last or first, reason="Stocktaking")
    return library.write(closures.plan, wish, by=LIBRARIAN, zone=ZONE)


def apply(library: Library, planned: ClosureView) -> ClosureView:
    done = library.write(closures.apply, planned.id, version=planned.version, by=LIBRARIAN)
    run(library, closures.move_some, planned.id, zone=ZONE)
    return done


def undo(library: Library, applied: ClosureView) -> ClosureView:
    done = library.write(closures.undo, applied.id, version=applied.version, by=LIBRARIAN)
    run(library, closures.restore_some, applied.id)
    return done


def run(library: Library, step: Callable[..., Mark | None], closure_id: int, **options: Any) -> None:
    mark = library.write(step, closure_id, by=LIBRARIAN, **options)
    while mark is not None:
        mark = library.write(step, closure_id, mark, by=LIBRARIAN, **options)


def moved(library: Library, closure: ClosureView) -> list[tuple[int | None, int | None, datetime]]:
    mark: Mark | None = None
    found = []
    while True:
        page, mark = library.read(closures.shifts, closure.id, mark, limit=1, now=library.now, zone=ZONE)
        found += [(one.loan_id, one.request_id, one.becomes) for one in page]
        if mark is None:
            return found


class TestPlanApplyUndo:
    def test_due_dates_and_ready_until_move_and_move_back(self, library: Library) -> None:
        library.rule(closed_days="NEXT_OPEN", pickup_days=28)
        _, [copy] = library.book()
        other, [shelved] = library.book("Emma")
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        wish = library.wait(BEN, other)
        library.take_back(shelved)
        ready = library.seen(wish).ready_until

        planned = closed(library)
        told = moved(library, planned)
        assert library.read(circulation.loans_of, ANN)[0].due_at == loan.due_at
        applied = apply(library, planned)
        after = library.read(circulation.loans_of, ANN)[0]

        assert told == moved(library, applied) == [(loan.id, None, NEXT_DAY), (None, wish.id, NEXT_DAY)]
        assert (after.due_at, after.original_due_at, after.version) == (NEXT_DAY, loan.due_at, 2)
        assert library.seen(wish).ready_until == NEXT_DAY
        assert library.broken() == []
        undone = undo(library, applied)
        assert (undone.state, library.read(circulation.loans_of, ANN)[0].due_at) == ("UNDONE", loan.due_at)
        assert library.seen(wish).ready_until == ready
        assert library.read(calendars.days_listed, "main") == []
        assert library.broken() == []

    def test_what_was_changed_since_is_kept_by_an_undo(self, library: Library) -> None:
        library.rule(closed_days="NEXT_OPEN")
        _, [copy, twin] = library.book(copies=2)
        for reader, one in ((ANN, copy), (BEN, twin)):
            library.reader(reader)
            library.lend(reader, one)
        applied = apply(library, closed(library))
        library.take_back(twin)
        again = library.lend(BEN, twin)

        undo(library, applied)

        page, _ = library.read(closures.shifts, applied.id, now=library.now, zone=ZONE)
        assert [one.undone for one in page] == ["restored", "kept"]
        assert again.due_at == NEXT_DAY
        assert library.read(circulation.loans_of, BEN)[0].due_at == NEXT_DAY
        assert library.broken() == []

    def test_a_day_that_has_come_is_not_given_back(self, library: Library) -> None:
        library.rule(closed_days="NEXT_OPEN")
        _, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)
        applied = apply(library, closed(library))
        library.now = datetime(2026, 3, 31, 9, tzinfo=UTC)

        undo(library, applied)

        assert library.read(circulation.loans_of, ANN)[0].due_at == NEXT_DAY

    def test_a_promise_is_never_made_shorter_and_kept_days_are_left_alone(self, library: Library) -> None:
        _, [copy, twin, third] = library.book(copies=3)
        for reader, one, rule in ((ANN, copy, "PREVIOUS_OPEN"), (BEN, twin, "KEEP"), (CAL, third, "NEXT_SAME_WEEKDAY")):
            library.rule(closed_days=rule)
            library.reader(reader)
            library.lend(reader, one)

        planned = closed(library)

        later = datetime(2026, 4, 6, 21, 59, 59, tzinfo=UTC)
        assert moved(library, planned) == [(1, None, NEXT_DAY), (3, None, later)]

    def test_applying_again_goes_on_and_moves_nothing_twice(self, library: Library) -> None:
        library.rule(closed_days="NEXT_OPEN")
        _, copies = library.book(copies=1)
        library.reader(ANN)
        loan = library.lend(ANN, copies[0])
        planned = closed(library)
        library.write(closures.apply, planned.id, version=1, by=LIBRARIAN)
        assert library.read(circulation.loans_of, ANN)[0].due_at == loan.due_at

        again = apply(library, planned)
        run(library, closures.move_some, again.id, zone=ZONE)

        assert len(moved(library, again)) == 1
        assert library.broken() == []

    def test_more_than_a_chunk_moves(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(closures, "CHUNK", 2)
        library.rule(closed_days="NEXT_OPEN")
        for number in range(5):
            _, [copy] = library.book(f"Book {number}")
            library.reader(ANN)
            library.lend(ANN, copy)

        applied = apply(library, closed(library))

        assert {one.due_at for one in library.read(circulation.loans_of, ANN)} == {NEXT_DAY}
        undo(library, applied)
        assert NEXT_DAY not in {one.due_at for one in library.read(circulation.loans_of, ANN)}
        assert library.broken() == []

    def test_an_undone_closure_is_over_and_an_unseen_one_is_not_applied(self, library: Library) -> None:
        planned = closed(library)

        with pytest.raises(VersionMismatch):
            library.write(closures.apply, planned.id, version=9, by=LIBRARIAN)
        undone = undo(library, planned)
        with pytest.raises(IllegalTransition):
            library.write(closures.apply, planned.id, version=undone.version, by=LIBRARIAN)

    def test_days_with_hours_of_their_own_and_days_gone_by_are_refused(self, library: Library) -> None:
        opening = DayPut(opens=time(10), closes=time(12), reason="Exams")
        library.write(calendars.set_day, "main", DUE_DAY, opening, version=0, by=LIBRARIAN)

        with pytest.raises(DayHasHours):
            closed(library)
        with pytest.raises(Refusal) as passed:
            closed(library, date(2026, 3, 1))

        assert passed.value.code == "DATE_PASSED"

    def test_a_library_is_not_closed_for_ever(self, library: Library) -> None:
        apply(library, closed(library, date(2026, 4, 1), date(2027, 4, 1)))

        with pytest.raises(NoDayOpen):
            closed(library, date(2026, 3, 31))


class TestHours:
    def test_an_unconfigured_location_is_open_all_day_and_stays_so_with_its_first_exception(
        self, library: Library
    ) -> None:
        before = library.read(calendars.calendar_record, "main")
        opening = DayPut(opens=time(10), closes=time(12), reason="Exams")

        after = library.write(calendars.set_day, "main", DUE_DAY, opening, version=0, by=LIBRARIAN)

        assert (before.version, before.hours) == (0, ())
        assert (after.version, len(after.hours)) == (1, 7)
        [day] = library.read(calendars.days_listed, "main")
        assert (day.day, day.opens, day.reason) == (DUE_DAY, time(10), "Exams")
        cleared = library.write(calendars.clear_day, "main", DUE_DAY, version=1, by=LIBRARIAN)
        assert (cleared.version, library.read(calendars.days_listed, "main")) == (2, [])

    def test_a_day_of_a_closure_is_opened_by_undoing_it(self, library: Library) -> None:
        apply(library, closed(library))

        with pytest.raises(DayHasHours):
            library.write(calendars.clear_day, "main", DUE_DAY, version=1, by=LIBRARIAN)

    def test_a_change_of_what_was_not_seen_is_refused(self, library: Library) -> None:
        week = WeekPut(hours=[WeekdayHours(weekday=0, opens=time(9), closes=time(18))])
        library.write(calendars.set_week, "main", week, version=0, by=LIBRARIAN)

        with pytest.raises(VersionMismatch):
            library.write(calendars.set_week, "main", week, version=0, by=LIBRARIAN)


def test_a_loan_renewed_meanwhile_keeps_its_new_date(library: Library) -> None:
    library.rule(closed_days="NEXT_OPEN")
    _, [copy] = library.book()
    library.reader(ANN)
    loan = library.lend(ANN, copy)
    planned = closed(library)
    renewed = loan.due_at + timedelta(days=28)
    sql(library, update(loans).where(loans.c.id == loan.id).values(due_at=renewed))

    apply(library, planned)

    assert library.read(circulation.loans_of, ANN)[0].due_at == renewed


def clock_strikes(library: Library) -> jobs.TaskRow:
    """What the library's clock does about closures every hour."""
    task = jobs.Task("finish-closures", "", jobs.Every(timedelta(hours=1)), closures.finishing(by=LIBRARIAN, zone=ZONE))
    jobs.run_now(library.database, [task], task.name, clock=lambda: library.now, zone=ZONE)
    [row] = [row for row in library.read(listed) if row.name == task.name]
    return row


class TestFinishing:
    def test_the_clock_moves_what_nobody_moved_and_what_was_lent_meanwhile(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(closures, "CHUNK", 2)
        library.rule(closed_days="NEXT_OPEN")
        library.reader(ANN)
        lent = [library.lend(ANN, library.book(f"Book {number}")[1][0]) for number in range(5)]
        planned = closed(library)
        applied = library.write(closures.apply, planned.id, version=planned.version, by=LIBRARIAN)

        assert clock_strikes(library).last_state == "done"

        assert {one.due_at for one in library.read(circulation.loans_of, ANN)} == {NEXT_DAY}
        assert len(moved(library, applied)) == 5
        written_late = update(loans).where(loans.c.id == lent[0].id).values(due_at=lent[0].due_at)
        sql(library, written_late)
        clock_strikes(library)
        assert {one.due_at for one in library.read(circulation.loans_of, ANN)} == {NEXT_DAY}
        assert len(moved(library, applied)) == 6

    def test_a_copy_on_the_hold_shelf_is_kept_longer_once_however_often_the_clock_strikes(
        self, library: Library
    ) -> None:
        title, copies = library.book(copies=2)
        early = library.wait(ANN, title)
        library.write(requests.shelve, early.id, copies[0].barcode, by=LIBRARIAN, zone=ZONE)
        before = library.seen(early).ready_until
        applied = apply(library, closed(library, library.now.date() + timedelta(days=3)))
        late = library.wait(BEN, title)
        library.write(requests.shelve, late.id, copies[1].barcode, by=LIBRARIAN, zone=ZONE)
        kept = [library.seen(one).ready_until for one in (early, late)]

        for _ in range(3):
            clock_strikes(library)
            library.now += timedelta(hours=1)

        assert [library.seen(one).ready_until for one in (early, late)] == kept
        assert before is not None and kept[0] is not None and kept[0] > before
        assert len(moved(library, applied)) == 1

    def test_the_clock_moves_back_what_an_undone_closure_still_holds_and_leaves_the_others(
        self, library: Library
    ) -> None:
        library.rule(closed_days="NEXT_OPEN")
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        planned = closed(library)
        assert clock_strikes(library).last_counts == {}
        assert library.read(circulation.loans_of, ANN)[0].due_at == loan.due_at
        applied = apply(library, planned)
        library.write(closures.undo, applied.id, version=applied.version, by=LIBRARIAN)
        assert library.read(circulation.loans_of, ANN)[0].due_at == NEXT_DAY

        clock_strikes(library)

        assert library.read(circulation.loans_of, ANN)[0].due_at == loan.due_at
        assert library.broken() == []
