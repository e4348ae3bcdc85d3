"""What to buy: titles for which readers wait too long."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.pagination import CursorDep, LimitDep, Page, decode_cursor, encode_cursor, set_next_link
from library_mgt.dependencies import DatabaseDep, LibrarianDep, Now, Zone
from library_mgt.models.response.circulation import SuggestionRead
from library_mgt.services import waiting

router = APIRouter(tags=["purchases"])
START = (0, "")


@router.get("/purchase-suggestions", name="library:purchase_suggestions", response_model=Page[SuggestionRead])
async def purchase_suggestions(
    request: Request,
    response: Response,
    db: DatabaseDep,
    _librarian: LibrarianDep,
    now: Now,
    zone: Zone,
    cursor: CursorDep,
    limit: LimitDep,
) -> dict[str, Any]:
    """Titles whose next reader would wait longer than the library wants. A page may hold less than `limit`."""
    after = decode_cursor(cursor, int, str) if cursor else START
    days = request.app.state.settings.purchase_wait_days
    found, following = await db.read(waiting.suggestions, after=after, limit=limit, days=days, now=now, zone=zone)
    cut = encode_cursor(*following) if following else None
    set_next_link(request, response, cut)
    return {"items": found, "next": cut}
