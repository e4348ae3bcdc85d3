"""Pages by key."""

import contextlib
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from hypothesis import given
from hypothesis import strategies as st

from configuration.kit.errors import Refusal
from configuration.kit.pagination import (
    BadCursor,
    CursorDep,
    LimitDep,
    Page,
    cut,
    decode_cursor,
    encode_cursor,
    set_next_link,
)


class TestCursor:
    """Opaque to clients, checked by us."""

    @given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(-(2**63), 2**63 - 1))
    def test_what_goes_in_comes_out(self, name: str, number: int) -> None:
        assert decode_cursor(encode_cursor(name, number), str, int) == (name, number)

    @pytest.mark.parametrize(
        "cursor",
        ["", "a", "!!!!", "é", "bnVsbA", "MTIz", encode_cursor(1), encode_cursor("a", "b"), encode_cursor("a", 1, 2)],
    )
    def test_a_cursor_of_another_list_or_of_none_is_refused(self, cursor: str) -> None:
        with pytest.raises(BadCursor):
            decode_cursor(cursor, str, int)

    def test_a_number_that_no_database_holds_is_refused(self) -> None:
        with pytest.raises(BadCursor):
            decode_cursor(encode_cursor(2**70), int)

    def test_a_truth_value_is_no_number(self) -> None:
        with pytest.raises(BadCursor):
            decode_cursor(encode_cursor(True), int)

    @given(st.text(max_size=60))
    def test_nothing_but_a_refusal_comes_of_any_text(self, cursor: str) -> None:
        with contextlib.suppress(BadCursor):
            [value] = decode_cursor(cursor, int)
            assert isinstance(value, int)


class TestCut:
    """One row more than asked for tells that there is another page."""

    def test_more_rows_than_the_limit_give_a_cursor_from_the_last_row_shown(self) -> None:
        page, following = cut([1, 2, 3], 2, lambda row: (row,))

        assert (page, following) == ([1, 2], encode_cursor(2))

    @pytest.mark.parametrize("rows", [[], [1], [1, 2]])
    def test_no_more_rows_give_none(self, rows: list[int]) -> None:
        assert cut(rows, 2, lambda row: (row,)) == (rows, None)


class TestLists:
    """As a client sees them."""

    @pytest.fixture
    def client(self) -> httpx.AsyncClient:
        """A list of seven numbers."""
        app = FastAPI()

        @app.get("/numbers")
        async def numbers(
            request: Request, response: Response, cursor: CursorDep, limit: LimitDep, odd: bool = False
        ) -> Page[int]:
            after = decode_cursor(cursor, int)[0] if cursor is not None else 0
            rows = [number for number in range(1, 8) if number > after and (number % 2 or not odd)]
            items, following = cut(rows[: limit + 1], limit, lambda row: (row,))
            set_next_link(request, response, following)
            return Page(items=items, next=following)

        async def refused(_: Request, refusal: Exception) -> JSONResponse:
            assert isinstance(refusal, Refusal)
            return JSONResponse({"code": refusal.code}, refusal.status)

        app.add_exception_handler(Refusal, refused)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://list")

    async def test_following_the_links_meets_every_row_once_and_keeps_the_filter(
        self, client: httpx.AsyncClient
    ) -> None:
        seen: list[int] = []
        address: str | None = "/numbers?limit=2&odd=true"

        while address:
            answer = await client.get(address)
            seen += answer.json()["items"]
            address = answer.links.get("next", {}).get("url")

        assert seen == [1, 3, 5, 7]

    async def test_without_a_limit_there_are_fifty(self, client: httpx.AsyncClient) -> None:
        schema: Any = (await client.get("/openapi.json")).json()
        [limit] = [p for p in schema["paths"]["/numbers"]["get"]["parameters"] if p["name"] == "limit"]

        assert (limit["schema"]["default"], limit["schema"]["maximum"]) == (50, 200)

    @pytest.mark.parametrize(
        ("query", "code"), [("limit=0", None), ("limit=201", None), ("cursor=x", "CURSOR_INVALID")]
    )
    async def test_what_is_out_of_bounds_is_refused(
        self, client: httpx.AsyncClient, query: str, code: str | None
    ) -> None:
        answer = await client.get(f"/numbers?{query}")

        assert answer.status_code == 422
        assert answer.json().get("code") == code
