"""The yardstick: a bare FastAPI application with one trivial call and one POST into a dictionary.

No identity, no log, no database, nothing kept: what the framework alone costs on the machine of the run.
"""

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
