"""Policies and calendars over HTTP: who may, versions, and a closure from its plan to its undo."""

import pytest

from library_mgt.controllers import replaying
from library_mgt.services import policies
from tests.library_mgt.controllers.conftest import Desk


class TestPolicies:
    async def test_a_row_is_added_explained_changed_and_removed(self, desk: Desk) -> None:
        body = {"group_code": "student", "values": {"loan_period": 7}}

        added = await desk.call(desk.librarian, "POST", "/policies", body)
        path = f"/policies/{added.json()['id']}"
        told = (await desk.call(desk.librarian, "GET", "/policies/resolve?group_code=student&item_type=book")).json()
        unseen = await desk.call(desk.librarian, "PATCH", path, {"values": {"loan_period": 3}})
        changed = await desk.call(
            desk.librarian, "PATCH", path, {"values": {"loan_period": 3}}, If_Match=added.headers["ETag"]
        )
        stale = await desk.call(desk.librarian, "DELETE", path, If_Match=added.headers["ETag"])
        gone = await desk.call(desk.librarian, "DELETE", path, If_Match=changed.headers["ETag"])

        assert (added.status_code, added.json()["values"]) == (201, {"loan_period": 7})
        decided = {one["name"]: (one["value"], one["policy_id"]) for one in told["values"]}
        assert (decided["loan_period"], decided["renewals"]) == ((7, 2), (2, 1))
        assert [one.status_code for one in (unseen, changed, stale, gone)] == [428, 200, 412, 204]
        assert ("policy.removed", "policy:2") in await desk.audited("done")

    async def test_the_rows_are_paged_and_the_lint_speaks(self, desk: Desk) -> None:
        for group in ("student", "faculty"):
            await desk.call(desk.librarian, "POST", "/policies", {"group_code": group, "values": {"fine_minor": 10}})

        first = (await desk.call(desk.librarian, "GET", "/policies?limit=2")).json()
        second = (await desk.call(desk.librarian, "GET", f"/policies?limit=2&cursor={first['next']}")).json()
        found = (await desk.call(desk.librarian, "GET", "/policies/lint")).json()["items"]

        assert [row["id"] for row in first["items"] + second["items"]] == [1, 2, 3]
        assert {one["code"] for one in found} == {"FINE_NEVER_TAKEN"}

    async def test_past_loans_are_replayed_under_a_proposal(self, desk: Desk) -> None:
        await desk.book(1, barcode="X1")
        lent = await desk.call(desk.assistant, "POST", "/loans", {"patron": desk.student.actor.person, "barcode": "X1"})

        told = await desk.call(desk.librarian, "POST", "/policies/replay", {"rows": [{"values": {"loan_period": 7}}]})

        assert lent.status_code == 201
        assert (told.json()["loans"], told.json()["earlier"], told.json()["whole"]) == (1, 1, True)

    async def test_a_replay_that_takes_long_says_that_it_did_not_see_all(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(replaying, "LONGEST", 0.0)
        monkeypatch.setattr(policies, "CHUNK", 1)
        for number in (1, 2):
            await desk.book(number, barcode=f"X{number}")
            loan = {"patron": desk.student.actor.person, "barcode": f"X{number}"}
            assert (await desk.call(desk.assistant, "POST", "/loans", loan)).status_code == 201

        told = (await desk.call(desk.librarian, "POST", "/policies/replay", {})).json()

        assert (told["loans"], told["whole"]) == (1, False)

    async def test_terms_are_a_librarians(self, desk: Desk) -> None:
        body = {"name": "Semesters", "last_days": ["2026-07-31"]}

        put = await desk.call(desk.librarian, "PUT", "/policies/terms/semester", body)
        listed = (await desk.call(desk.librarian, "GET", "/policies/terms")).json()["items"]

        assert put.status_code == 200
        assert {one["code"]: one["last_days"] for one in listed} == {"none": [], "semester": ["2026-07-31"]}
        assert (await desk.call(desk.assistant, "GET", "/policies/terms")).status_code == 403


class TestCalendars:
    async def test_hours_are_written_by_who_saw_them(self, desk: Desk) -> None:
        week = {"hours": [{"weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(5)]}
        [main] = (await desk.call(desk.librarian, "GET", "/calendars")).json()["items"]
        before = await desk.call(desk.librarian, "GET", "/calendars/main")

        put = await desk.call(desk.librarian, "PUT", "/calendars/main/hours", week, If_Match=before.headers["ETag"])
        stale = await desk.call(desk.librarian, "PUT", "/calendars/main/hours", week, If_Match=before.headers["ETag"])
        nonsense = await desk.call(
            desk.librarian, "PUT", "/calendars/main/hours", {"hours": week["hours"][:1] * 2}, If_Match='"1"'
        )

        assert (main["version"], before.json()["hours"]) == (0, [])
        assert (put.status_code, len(put.json()["hours"]), put.json()["hours"][0]["opens"]) == (200, 5, "09:00:00")
        assert (stale.status_code, nonsense.status_code) == (412, 422)

    async def test_a_day_may_have_hours_of_its_own(self, desk: Desk) -> None:
        body = {"opens": "10:00", "closes": "12:00", "reason": "Exams"}

        put = await desk.call(desk.librarian, "PUT", "/calendars/main/days/2027-02-01", body, If_Match='"0"')
        [day] = (await desk.call(desk.librarian, "GET", "/calendars/main/days")).json()["items"]
        cleared = await desk.call(desk.librarian, "DELETE", "/calendars/main/days/2027-02-01", If_Match='"1"')

        assert (put.status_code, day["day"], day["reason"]) == (200, "2027-02-01", "Exams")
        assert (cleared.json()["version"], cleared.headers["ETag"]) == (2, '"2"')

    async def test_a_closure_is_planned_seen_applied_and_undone(self, desk: Desk) -> None:
        row = await desk.call(desk.librarian, "GET", "/policies/1")
        await desk.call(
            desk.librarian,
            "PATCH",
            "/policies/1",
            {"values": {"closed_days": "NEXT_OPEN"}},
            If_Match=row.headers["ETag"],
        )
        await desk.book(1, barcode="X1")
        reader = {"patron": desk.student.actor.person, "barcode": "X1"}
        loan = (await desk.call(desk.assistant, "POST", "/loans", reader)).json()
        [mine] = (await desk.call(desk.student, "GET", "/loans/mine")).json()["items"]
        preview = (await desk.call(desk.librarian, "GET", f"/loans/{loan['id']}")).json()
        day = preview["due_at"][:10]

        planned = await desk.call(
            desk.librarian, "POST", "/calendars/closures", {"location": "main", "first_day": day, "reason": "Moving"}
        )
        path = f"/calendars/closures/{planned.json()['id']}"
        seen = (await desk.call(desk.librarian, "GET", f"{path}/shifts")).json()
        seen_more = (await desk.call(desk.librarian, "GET", f"{path}/shifts?cursor={seen['next']}")).json()
        applied = await desk.call(desk.librarian, "POST", f"{path}/apply", If_Match=planned.headers["ETag"])
        later = (await desk.call(desk.student, "GET", "/loans/mine")).json()["items"][0]["due_at"]
        undone = await desk.call(desk.librarian, "POST", f"{path}/undo", If_Match=applied.headers["ETag"])
        back = (await desk.call(desk.student, "GET", "/loans/mine")).json()["items"][0]["due_at"]

        assert planned.json()["state"] == "PLANNED"
        assert [one["loan_id"] for one in seen["items"] + seen_more["items"]] == [loan["id"]]
        assert (applied.json()["state"], undone.json()["state"]) == ("APPLIED", "UNDONE")
        assert mine["due_at"] == back < later == seen["items"][0]["becomes"]
        [listed] = (await desk.call(desk.librarian, "GET", "/calendars/main/closures")).json()["items"]
        assert listed["state"] == "UNDONE"
        assert await desk.broken() == []
