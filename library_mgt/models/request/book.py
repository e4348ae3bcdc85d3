"""The book's bodies about books."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from library_mgt.models.request.fields import GivenLine, Inbound, Line, Number, TitleText, example
from library_mgt.models.request.title import Isbn, Year


def _year(value: Any) -> Any:
    """The book took a date and time for a year; either is understood."""
    if isinstance(value, str):
        for read in (datetime.fromisoformat, date.fromisoformat):
            try:
                return read(value.strip()).year
            except ValueError:
                continue
        raise PydanticCustomError("year_type", "A year, or a date in ISO 8601, is needed")
    return value


def _edition(value: Any) -> Any:
    """The book's editions are numbers; libraries also write words."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


BookYear = Annotated[Year, BeforeValidator(_year)]
Edition = Annotated[Line, BeforeValidator(_edition), Field(description="A number or words.")]


class BookCreate(Inbound):
    """A book as the book writes it: one title with one copy."""

    model_config = example(
        book_id=1, title="Dune", author="Frank Herbert", classification="Fiction", year_published=1965
    )

    book_id: Number
    title: TitleText
    author: Annotated[GivenLine, Field(description="Several are parted by semicolons.")]
    classification: GivenLine = Field(description="One of the library's categories, such as Fiction.")
    year_published: BookYear | None = None
    edition: Edition | None = None
    publisher: Line | None = None
    isbn: Isbn | None = None
    barcode: Annotated[GivenLine, Field(max_length=40)] | None = None


class BookChange(Inbound):
    """What changes of a book; what is left out stays."""

    model_config = example(edition="2nd")

    title: TitleText | None = None
    author: GivenLine | None = None
    classification: GivenLine | None = None
    year_published: BookYear | None = None
    edition: Edition | None = None
    publisher: Line | None = None
    isbn: Isbn | None = None
