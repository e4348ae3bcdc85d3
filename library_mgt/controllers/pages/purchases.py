"""What to buy, for librarians."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.pagination import CursorDep, decode_cursor, encode_cursor
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.urls import next_link
from library_mgt.controllers.purchases import START
from library_mgt.dependencies import DatabaseDep, LibrarianDep, Now, Zone
from library_mgt.services import waiting

PAGE = 50
router = APIRouter(include_in_schema=False)


@router.get("/purchases", name="pages:purchases")
async def purchases(
    request: Request, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep, now: Now, zone: Zone, cursor: CursorDep
) -> Response:
    """Titles for which readers wait too long, and how many copies would mend that."""
    after = decode_cursor(cursor, int, str) if cursor else START
    days = request.app.state.settings.purchase_wait_days
    found, following = await db.read(waiting.suggestions, after=after, limit=PAGE, days=days, now=now, zone=zone)
    next_url = next_link(request, encode_cursor(*following) if following else None)
    return pages.render(request, "purchases.html", found=found, days=days, next_url=next_url)
