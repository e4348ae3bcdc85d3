"""The slip for a reader, to print at the desk."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.web.dependencies import PagesDep
from library_mgt.dependencies import DatabaseDep, DeskDep, Now
from library_mgt.services import receipts

router = APIRouter(include_in_schema=False)


@router.get("/desk/receipt", name="pages:receipt")
async def receipt(
    request: Request,
    db: DatabaseDep,
    pages: PagesDep,
    _actor: DeskDep,
    now: Now,
    *,
    patron: Annotated[str, Query(min_length=1, max_length=100)],
) -> Response:
    """What was lent to the reader and taken back in this visit."""
    return pages.render(request, "receipt.html", slip=await db.read(receipts.slip, patron, now=now))
