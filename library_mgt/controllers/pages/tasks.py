"""What the library does by itself: when it runs next, and what became of the last run."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.errors import Refusal
from configuration.kit.features import jobs
from configuration.kit.security.access import roles
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import PagesDep
from library_mgt.controllers.pages.doing import DoingDep
from library_mgt.dependencies import DatabaseDep

KEEPERS = frozenset({"librarian", "operator"})
KeeperDep = Annotated[Actor, Depends(roles(*sorted(KEEPERS), everywhere=True))]
router = APIRouter(include_in_schema=False)


@router.get("/tasks", name="pages:tasks")
async def tasks(request: Request, db: DatabaseDep, pages: PagesDep, _actor: KeeperDep) -> Response:
    """All tasks, by name."""
    return pages.render(request, "tasks.html", tasks=await db.read(jobs.tasks_shown, request.app.state.tasks))


@router.post("/tasks/{name}/run", name="pages:tasks:run")
async def run(name: Annotated[str, Path(max_length=60)], keeper: KeeperDep, doing: DoingDep) -> Response:
    """Let a task be due now."""
    try:
        await doing.db.write(jobs.hasten, name, by=keeper, now=doing.now)
    except Refusal as refusal:
        return doing.back("/tasks", refusal.detail, "danger")
    doing.request.app.state.clockwork.wake()
    return doing.back("/tasks", doing.say("It runs now; look again in a moment."), "info")
