"""The book's reservation: only which book; who asks and when is never in a body."""

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from configuration.kit.bodies import LARGEST, Body, FromTheToken, Id, Refused, Whole

Undecided = Annotated[Any, Refused("A request starts undecided, and a librarian decides.")]
ByTheClock = Annotated[Any, Refused("When it happens comes from the library's clock.")]
Numbered = Annotated[Any, Refused("The library numbers requests.")]


class Reservation(Body):
    """A wish for a book, for oneself: by the librarians' number or by the id of its title."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"book_id": 1}]})

    book_id: Annotated[Whole, Field(ge=0, le=LARGEST)] | None = None
    title_id: Id | None = None
    pickup_location: Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9][a-z0-9_-]*$")] = "main"
    req_id: Numbered = None
    request_date: ByTheClock = None
    status: Undecided = None
    approved_by: FromTheToken = None
    approved_date: ByTheClock = None

    @model_validator(mode="after")
    def _one_book(self) -> Self:
        if (self.book_id is None) == (self.title_id is None):
            raise PydanticCustomError("one_of", "Name the book by book_id or by title_id")
        return self
