"""Rules and hours through forms, as a librarian keeps them."""

from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser


class TestPolicies:
    async def test_a_row_is_tried_on_past_loans_then_saved_and_decides(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1, barcode="X1")
        reader = {"patron": desk.student.actor.person, "barcode": "X1"}
        assert (await desk.call(desk.assistant, "POST", "/loans", reader)).status_code == 201
        fields = {"group_code": "student", "loan_period": "7", "requests_allowed": "no"}

        tried = await browser.send(desk.librarian, "/policy/new", **fields, **{"try": "yes"})
        nothing = await browser.open(desk.librarian, "/policy")
        saved = await browser.send(desk.librarian, "/policy/new", **fields)
        decided = await browser.open(desk.librarian, "/policy?group_code=student&item_type=book")

        assert "1 loan was looked at. Nothing was changed." in tried
        assert "1 due earlier" in tried
        assert "Loan period: 7 instead of 28 this row 1" in tried and "Book 1 " in tried
        assert "Students Loan period" not in nothing
        assert "Students Loan period: 7 · Requests are allowed: no" in saved
        assert "Loan period 7 days Students" in decided
        assert "Renewals 2 For all" in decided

    async def test_an_emptied_field_falls_through_and_a_row_can_be_removed(self, desk: Desk, browser: Browser) -> None:
        await browser.send(desk.librarian, "/policy/new", item_type="disc", loan_period="7", renewals="0")

        changed = await browser.send(desk.librarian, "/policy/2", version="1", renewals="0")
        stale = await browser.send(desk.librarian, "/policy/2", version="1", renewals="1")
        removed = await browser.send(desk.librarian, "/policy/2/remove", version="2")

        assert "Disc Renewals: 0" in changed
        assert "look at it again" in stale
        assert "The row is removed; what it set falls through." in removed

    async def test_faults_stand_beside_their_fields_and_findings_are_told(self, desk: Desk, browser: Browser) -> None:
        said = await browser.source(desk.librarian, "/policy/new", loan_period="a week", pickup_days="9999")
        taken = await browser.send(desk.librarian, "/policy/new", loan_period="7")
        await browser.send(desk.librarian, "/policy/new", group_code="guest", fine_minor="10")
        found = await browser.open(desk.librarian, "/policy")

        assert 'href="#loan_period"' in said and 'href="#pickup_days"' in said
        assert "There is a policy for this location, group and type already" in taken
        assert "so it is never taken. Guests For all Fine, Most a fine may come to" in found

    async def test_only_librarians_see_them(self, desk: Desk, browser: Browser) -> None:
        for path in ("/policy", "/calendar/main"):
            answer = await desk.call(desk.assistant, "GET", path)
            assert answer.status_code == 403


class TestCalendar:
    async def test_weekly_hours_and_a_day_are_saved(self, desk: Desk, browser: Browser) -> None:
        week = {f"{name}_{day}": at for day in range(5) for name, at in (("opens", "09:00"), ("closes", "18:00"))}

        unset = await browser.open(desk.librarian, "/calendar")
        saved = await browser.send(desk.librarian, "/calendar/main/hours", version="0", **week)
        day = {"day": "2031-02-01", "opens": "10:00", "closes": "12:00", "reason": "Exams"}
        differing = await browser.send(desk.librarian, "/calendar/main/days", version="1", **day)
        cleared = await browser.send(desk.librarian, "/calendar/main/days/2031-02-01/clear", version="2")
        half = await browser.source(
            desk.librarian, "/calendar/main/hours", version="3", opens_0="09:00", closes_6="12:00"
        )
        wrong = await browser.send(desk.librarian, "/calendar/main/days", version="3", day="soon", opens="12:00")

        assert "No hours are given yet: it counts as always open." in unset
        assert "The weekly hours are saved." in saved
        assert "10:00\u201312:00 Exams" in differing
        assert "The day is as its weekday is." in cleared
        assert 'href="#closes_0">Give both times, or neither where it is closed.' in half
        assert 'href="#opens_6">Give both times, or neither where it is closed.' in half
        assert "Choose a day." in wrong

    async def test_a_closure_is_shown_applied_and_undone(self, desk: Desk, browser: Browser) -> None:
        row = await desk.call(desk.librarian, "GET", "/policies/1")
        change = {"values": {"closed_days": "NEXT_OPEN"}}
        await desk.call(desk.librarian, "PATCH", "/policies/1", change, If_Match=row.headers["ETag"])
        await desk.book(1, barcode="X1")
        reader = {"patron": desk.student.actor.person, "barcode": "X1"}
        due = (await desk.call(desk.assistant, "POST", "/loans", reader)).json()["due_at"][:10]

        planned = await browser.send(desk.librarian, "/calendar/main/closures", first_day=due, why="Moving")
        applied = await browser.send(desk.librarian, "/calendar/closures/1/apply", version="1")
        undone = await browser.send(desk.librarian, "/calendar/closures/1/undo", version="2")
        refused = await browser.send(desk.librarian, "/calendar/main/closures", first_day="2020-01-01", why="Late")

        assert "planned: nothing is closed yet" in planned and "Book 1 X1 due date" in planned
        assert "The days are closed, and what lay on them is moved." in applied and "What was moved Title" in applied
        assert "moved back" in undone
        assert "A closure begins today or later." in refused
        assert await desk.broken() == []
