"""Pages by key: a cursor names the last row of a page, so that deep pages cost what the first one costs.

A cursor is opaque to clients: URL-safe text of the key's values. It grants nothing; its values are only compared with.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Database
from configuration.kit.errors import Blocker, Refusal

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_LONGEST = 600

T = TypeVar("T")
M = TypeVar("M")


class BadCursor(Refusal):
    """The cursor was not made by this list."""

    status = 422
    code = "CURSOR_INVALID"
    title = "Not a cursor of this list"


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the page after it, or null at the end."""

    items: list[T]
    next: str | None = Field(default=None, description="Cursor of the next page; null at the end.")


def encode_cursor(*values: int | str | None) -> str:
    """A cursor from the sort key of a page's last row."""
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii").rstrip("=")


def decode_cursor(cursor: str, *types: type[Any]) -> tuple[Any, ...]:
    """The key's values, one for each of the types (`int` or `str`); `BadCursor` for anything else."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True).decode("utf-8"))
    except (ValueError, binascii.Error, RecursionError):
        raise _bad() from None
    if not isinstance(values, list) or [type(value) for value in values] != list(types):
        raise _bad()
    if any(isinstance(value, int) and not -(2**63) <= value < 2**63 for value in values):
        raise _bad()
    return tuple(values)


def cut(rows: Sequence[T], limit: int, key: Callable[[T], tuple[int | str | None, ...]]) -> tuple[list[T], str | None]:
    """The page and the next cursor, from rows asked for with `limit + 1`."""
    page = list(rows[:limit])
    return page, encode_cursor(*key(page[-1])) if len(rows) > limit else None


def set_next_link(request: Request, response: Response, cursor: str | None) -> None:
    """`Link: <...>; rel="next"` with a relative address that keeps the other parameters."""
    if cursor is None:
        return
    query = request.url.include_query_params(cursor=cursor).query
    response.headers["Link"] = f'<{request.scope["path"]}?{query}>; rel="next"'


def _bad() -> BadCursor:
    detail = "The cursor does not belong to this list; start again from the first page."
    return BadCursor(detail, blockers=[Blocker(BadCursor.code, detail, pointer="/query/cursor")])


async def _cursor(
    cursor: Annotated[
        str | None, Query(max_length=_LONGEST, description="`next` of the page before; leave it out for the first.")
    ] = None,
) -> str | None:
    return cursor


async def _limit(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most items on the page.")] = DEFAULT_LIMIT,
) -> int:
    return limit


CursorDep = Annotated[str | None, Depends(_cursor)]
LimitDep = Annotated[int, Depends(_limit)]


async def _after(cursor: CursorDep) -> int:
    return int(decode_cursor(cursor, int)[0]) if cursor else 0


After = Annotated[int, Depends(_after)]
"""The id after which a page begins, for lists in the order of their ids."""


def _by_id(row: Any) -> tuple[int, ...]:
    return (row.id,)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list by whole numbers: where it begins, how long it is, and the answer that says what follows."""

    request: Request
    response: Response
    cursor: str | None
    limit: int

    def after(self, places: int = 1) -> tuple[int, ...]:
        """The key after which the page begins."""
        return decode_cursor(self.cursor, *[int] * places) if self.cursor else (0,) * places

    async def of(
        self,
        db: Database,
        use_case: Callable[..., Sequence[T]],
        *args: Any,
        key: Callable[[T], tuple[int, ...]] = _by_id,
        places: int = 1,
        **options: Any,
    ) -> dict[str, Any]:
        """The page that `use_case(tx, *args, after=..., limit=...)` answers; its rows are in the order of `key`."""
        after = self.after(places)
        start = after if places > 1 else after[0]
        return self.shown(await db.read(use_case, *args, after=start, limit=self.limit + 1, **options), key)

    def passed_on(self, page: Page[M]) -> Page[M]:
        """A page that another service answered; ours goes on where theirs does."""
        set_next_link(self.request, self.response, page.next)
        return page

    def shown(self, rows: Sequence[T], key: Callable[[T], tuple[int, ...]] = _by_id) -> dict[str, Any]:
        """The page and the cursor of the next, from rows asked for with `limit + 1`."""
        items, following = cut(rows, self.limit, key)
        set_next_link(self.request, self.response, following)
        return {"items": items, "next": following}


async def _listing(request: Request, response: Response, cursor: CursorDep, limit: LimitDep) -> Listing:
    return Listing(request, response, cursor, limit)


ListingDep = Annotated[Listing, Depends(_listing)]
