"""The page of what the library does by itself."""

from configuration.kit.features.jobs import tasks as schedule
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser
from tests.people import signed_in


class TestTasks:
    async def test_whoever_keeps_the_house_sees_them_and_runs_one(self, desk: Desk, browser: Browser) -> None:
        state = desk.erp.app("library").state
        operator = await signed_in(desk.erp.app("library"), "operator")
        await state.database.write(schedule.enter, state.tasks, now=state.clock(), zone=state.settings.zone_info)

        shown = await browser.open(desk.librarian, "/tasks")
        said = await browser.send(operator, "/tasks/forget-loans/run")
        nothing = await browser.send(operator, "/tasks/make-coffee/run")
        refused = await browser.source(desk.student, "/tasks")

        assert (
            "9 tasks" in shown
            and "Forgets whose the loans were that ended long enough ago. forget-loans" in shown
            and "has not run yet" in shown
        )
        assert "It runs now" in said
        assert "There is no task" in nothing
        assert ("task.hastened", "task:forget-loans") in await desk.audited("done")
        assert "9 tasks" not in refused

    async def test_an_operator_asks_for_them(self, desk: Desk) -> None:
        state = desk.erp.app("library").state
        operator = await signed_in(desk.erp.app("library"), "operator")
        await state.database.write(schedule.enter, state.tasks, now=state.clock(), zone=state.settings.zone_info)

        answer = (await desk.call(operator, "GET", "/jobs/tasks")).json()

        assert {one["name"] for one in answer["items"]} == {task.name for task in state.tasks}
        assert all(one["does"] and one["failures"] == 0 for one in answer["items"])
