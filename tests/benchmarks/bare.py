"""The yardstick: a bare FastAPI application with one trivial call and one POST into a dictionary.

No identity, no log, no database, nothing kept: what the framework alone costs on the machine of the run.
"""

import asyncio
import time

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI(openapi_url=None)
books: dict[int, "Book"] = {}


class Book(BaseModel):
    """A book as in the book."""

    title: str
    author: str
    isbn: str
    year: int


class BookRead(Book):
    """A book with its number."""

    id: int


@app.get("/index")
async def index() -> dict[str, str]:
    """The trivial call."""
    return {"project_name": "Bare", "webmaster": "nobody", "created": "2021-11-10"}


@app.post("/book", status_code=201)
async def add(book: Book) -> BookRead:
    """Add a book."""
    number = len(books) + 1
    books[number] = book
    return BookRead(id=number, **book.model_dump())


slow = FastAPI(openapi_url=None)
"""The same with a planted burden, for the harness's own test."""


@slow.get("/index")
async def slow_index() -> dict[str, str]:
    """The trivial call."""
    return await index()


@slow.post("/book", status_code=201)
async def slow_add(book: Book) -> BookRead:
    """Add a book after some useless work."""
    sum(number * number for number in range(20_000))
    return await add(book)


sleepy = FastAPI(openapi_url=None)
"""The same with two kinds of waiting planted: every call sleeps, or the whole server stands still now and then."""


@sleepy.get("/index")
async def sleepy_index() -> dict[str, str]:
    """The trivial call."""
    return await index()


@sleepy.post("/book", status_code=201)
async def sleepy_add(book: Book) -> BookRead:
    """Add a book after 60 ms of sleep."""
    await asyncio.sleep(0.06)
    return await add(book)


@sleepy.post("/stall", status_code=204)
async def stall() -> None:
    """Keep everybody waiting for half a second, as a long pause of a collector or a lock does."""
    time.sleep(0.5)  # noqa: ASYNC251  that nothing else is served meanwhile is the point
