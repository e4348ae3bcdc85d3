"""Whether a service lives and whether it can serve: its own database alone counts, never its peers."""

from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.requests import Request

from configuration.kit.dependencies import DatabaseDep
from configuration.kit.errors import Unavailable
from configuration.kit.security.access import public

PUBLIC = Depends(public("A load balancer asks without an identity and learns nothing but up or down."))


class Health(BaseModel):
    """What a load balancer wants to know."""

    status: Literal["live", "ready"]
    service: str


class NotReady(Unavailable):
    """The service's own database does not answer."""

    code = "NOT_READY"
    title = "Not ready"


router = APIRouter(prefix="/health", tags=["health"], dependencies=[PUBLIC])


@router.get("/live", name="health:live", response_model=Health)
async def live(request: Request) -> Health:
    """Say that the process runs."""
    return Health(status="live", service=request.app.state.settings.service)


@router.get("/ready", name="health:ready", response_model=Health)
async def ready(request: Request, db: DatabaseDep) -> Health:
    """Say that the service's own database answers."""
    try:
        await db.ping()
    except Unavailable:
        raise NotReady("The service's database does not answer.") from None
    return Health(status="ready", service=request.app.state.settings.service)
