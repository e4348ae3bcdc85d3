"""Bodies about titles."""

from typing import Annotated, Literal

from pydantic import Field

from library_mgt.domain.money import MOST
from library_mgt.models.request.fields import (
    Code,
    GivenLine,
    Id,
    Inbound,
    Line,
    Number,
    SubtitleText,
    TitleText,
    Whole,
    example,
)

Price = Annotated[Whole, Field(ge=0, le=MOST, description="In the smallest unit of the currency.")]
Year = Annotated[Whole, Field(ge=-4000, le=2200, description="Negative before our era.")]
Isbn = Annotated[
    GivenLine, Field(max_length=100, description="As printed; kept raw, and normalised when it is proved.")
]
ExternalId = Annotated[GivenLine, Field(max_length=200)]


class ContributorIn(Inbound):
    """Somebody with a part in the title."""

    name: GivenLine
    role: GivenLine = "author"


class TitleCreate(Inbound):
    """A new title."""

    model_config = example(
        title="Dune",
        contributors=[{"name": "Frank Herbert"}],
        isbns=["0441172717"],
        year=1965,
        classifications=["Fiction"],
    )

    title: TitleText
    subtitle: SubtitleText | None = None
    number: Number | None = Field(default=None, description="The librarians' own number, the book's book_id.")
    external_id: ExternalId | None = None
    contributors: list[ContributorIn] = Field(default_factory=list, max_length=100)
    isbns: list[Isbn] = Field(default_factory=list, max_length=20)
    publisher: Line | None = None
    year: Year | None = None
    edition: Line | None = None
    language: Annotated[Line, Field(max_length=35)] | None = None
    classifications: list[GivenLine] = Field(
        default_factory=list,
        max_length=20,
        description="Categories such as Fiction, or scheme:value such as ddc:823.92",
    )
    subjects: list[GivenLine] = Field(default_factory=list, max_length=100)
    material_type: Code = "book"


class TitleChange(Inbound):
    """What changes of a title; what is left out stays, null empties."""

    model_config = example(publisher="Chilton Books")

    title: TitleText | None = None
    subtitle: SubtitleText | None = None
    number: Number | None = None
    external_id: ExternalId | None = None
    contributors: list[ContributorIn] | None = Field(default=None, max_length=100)
    isbns: list[Isbn] | None = Field(default=None, max_length=20)
    publisher: Line | None = None
    year: Year | None = None
    edition: Line | None = None
    language: Annotated[Line, Field(max_length=35)] | None = None
    classifications: list[GivenLine] | None = Field(default=None, max_length=20)
    subjects: list[GivenLine] | None = Field(default=None, max_length=100)
    material_type: Code | None = None


class CopyCreate(Inbound):
    """A new copy; without a barcode the library makes one."""

    model_config = example(call_number="823 HER", location="main", item_type="book")

    barcode: Annotated[GivenLine, Field(max_length=40)] | None = None
    part: Annotated[Line, Field(max_length=100)] = Field(
        default="", description="Volume, issue or disc; empty: the whole."
    )
    call_number: Annotated[Line, Field(max_length=100)] | None = None
    location: Code = "main"
    item_type: Code = "book"
    status: Literal["IN_SERVICE", "IN_REPAIR", "ON_ORDER", "REFERENCE_ONLY"] = "IN_SERVICE"
    price_minor: Price | None = None
    external_id: ExternalId | None = None


class CopyChange(Inbound):
    """What changes of a copy; what is left out stays. A new barcode leaves the old one as an alias."""

    model_config = example(call_number="823.914 HER")

    barcode: Annotated[GivenLine, Field(max_length=40)] | None = None
    part: Annotated[Line, Field(max_length=100)] | None = None
    call_number: Annotated[Line, Field(max_length=100)] | None = None
    location: Code | None = None
    item_type: Code | None = None
    status: Literal["IN_SERVICE", "IN_REPAIR", "MISSING", "LOST", "WITHDRAWN", "ON_ORDER", "REFERENCE_ONLY"] | None = (
        None
    )
    price_minor: Price | None = None
    external_id: ExternalId | None = None


class TitleId(Inbound):
    """Names a title: by its id, by the librarians' number, or by an import's identity."""

    title_id: Id | None = None
    book_id: Number | None = None
    external_id: ExternalId | None = None
