"""Jobs over HTTP, for whoever keeps the house running: how far each is, and nothing of the records in it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.dependencies import DatabaseDep
from configuration.kit.features.jobs import tasks, use_cases
from configuration.kit.pagination import CursorDep, LimitDep, Page, cut, decode_cursor, set_next_link
from configuration.kit.security.access import roles
from configuration.kit.security.actor import Actor

OperatorDep = Annotated[Actor, Depends(roles("operator"))]
router = APIRouter(prefix="/jobs", tags=["jobs"])


class JobRead(BaseModel):
    """How a job is. What it is about is for those who gave it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: str
    state: Literal["queued", "running", "waiting", "done", "failed", "cancelled"]
    step: str
    position: int = Field(description="Records finished in this step.")
    total: int | None
    attempt: int = Field(description="How often it was taken up since it last moved on.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    leased_until: datetime | None = Field(description="When another worker takes it over, if this one falls silent.")


@router.get("", name="jobs:list", response_model=Page[JobRead])
async def recent_jobs(
    request: Request, response: Response, db: DatabaseDep, _operator: OperatorDep, cursor: CursorDep, limit: LimitDep
) -> Page[JobRead]:
    """The jobs of this service, the latest first."""
    before = int(decode_cursor(cursor, int)[0]) if cursor else None
    jobs = await db.read(use_cases.page, owner=None, kind=None, before=before, limit=limit + 1)
    found, following = cut(jobs, limit, lambda job: (job.id,))
    set_next_link(request, response, following)
    return Page(items=[JobRead.model_validate(job) for job in found], next=following)


class TaskRead(BaseModel):
    """How a task stands that comes back by itself, and what became of its last run."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    does: str = Field(description="What it does, in a sentence.")
    next_at: datetime
    begun_at: datetime | None = Field(description="Since when it is under way; null while it rests.")
    failures: int = Field(description="How often in a row it failed.")
    last_began_at: datetime | None
    last_ended_at: datetime | None
    last_state: Literal["done", "failed", "cancelled"] | None
    last_problem: str | None
    last_counts: dict[str, int] | None


@router.get("/tasks", name="jobs:tasks", response_model=Page[TaskRead])
async def tasks_listed(request: Request, db: DatabaseDep, _operator: OperatorDep) -> dict[str, Any]:
    """The tasks of this service, all on one page."""
    found = await db.read(tasks.shown, request.app.state.tasks)
    return {"items": found, "next": None}


@router.get("/{job_id}", name="jobs:job", response_model=JobRead)
async def find_job(
    db: DatabaseDep, _operator: OperatorDep, job_id: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> JobRead:
    """How one job is."""
    return JobRead.model_validate(await db.read(use_cases.get, job_id))
