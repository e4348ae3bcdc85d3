"""What a reader was told, and whether their history is kept, over HTTP."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import CursorDep, LimitDep, Page, cut, decode_cursor, set_next_link
from configuration.kit.web import Pages
from library_mgt.dependencies import DatabaseDep, KeyDep, Now, ReaderDep
from library_mgt.domain.notices import words
from library_mgt.models.data.notices import NoticeView
from library_mgt.models.request.circulation import HistoryChoice
from library_mgt.models.response.notices import HistoryRead, NoticeRead
from library_mgt.services import forgetting, notices

router = APIRouter(tags=["notices"])


@router.get("/notices/mine", name="library:my_notices", response_model=Page[NoticeRead])
async def my_notices(
    request: Request, response: Response, db: DatabaseDep, reader: ReaderDep, cursor: CursorDep, limit: LimitDep
) -> dict[str, Any]:
    """What one was told, the latest first."""
    before = decode_cursor(cursor, int)[0] if cursor else notices.LAST
    found, following = cut(
        await db.read(notices.notices_of, reader, before=before, limit=limit + 1), limit, lambda one: (one.id,)
    )
    set_next_link(request, response, following)
    pages: Pages = request.app.state.pages
    return {"items": spelled(found, *pages.unasked()), "next": following}


@router.get("/history/mine", name="library:my_history", response_model=HistoryRead)
async def my_history(request: Request, db: DatabaseDep, reader: ReaderDep) -> forgetting.History:
    """Whether one's loans and requests are remembered after they have ended."""
    return await db.read(forgetting.own_history, reader, days=_days(request))


@router.put("/history/mine", name="library:choose_history", response_model=HistoryRead)
async def choose_history(
    choice: HistoryChoice, request: Request, db: DatabaseDep, reader: ReaderDep, now: Now, key: KeyDep
) -> Answer:
    """Have them remembered, or forgotten by rule; what has been forgotten stays so."""
    return await act(
        db,
        key,
        forgetting.choose_history,
        kept=choice.kept,
        days=_days(request),
        about="patron:own",
        by=reader,
        now=now,
        answer=HistoryRead,
        status=200,
    )


def spelled(
    found: Sequence[NoticeView], say: Callable[[str], str], until: Callable[[datetime], str]
) -> list[dict[str, Any]]:
    """Notices with their words."""
    told = [(one, *words(one, say, until)) for one in found]
    return [
        {
            "subject": subject,
            "lines": list(lines),
            **{name: getattr(one, name) for name in ("id", "kind", "loan_id", "request_id", "made_at", "sent_at")},
        }
        for one, subject, lines in told
    ]


def _days(request: Request) -> int:
    days: int = request.app.state.settings.forget_after_days
    return days
