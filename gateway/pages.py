"""The gateway's pages beside the landing: who signs in where."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.security.access import public
from configuration.kit.web import routes
from configuration.kit.web.dependencies import PagesDep

router = APIRouter(include_in_schema=False)
router.include_router(routes.router)


@router.get("/sign-in", name="sign-in", dependencies=[Depends(public("asks which service vouches for the visitor"))])
async def sign_in(
    request: Request, pages: PagesDep, wanted: Annotated[str, Query(alias="next", max_length=2000)] = ""
) -> Response:
    """Ask student, lecturer or library staff, and lead to that service's own sign-in."""
    return pages.render(request, "sign-in.html", next=pages.safe_next(wanted, ""))
