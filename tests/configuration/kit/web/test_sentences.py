"""What a form's faults say to a person."""

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from configuration.kit.web.forms import FieldError, read


def refuse(_: str) -> str:
    raise PydanticCustomError("one_of", "Braces such as {this} are a person's own")


class Form(BaseModel):
    """A field of each kind that forms have."""

    name: Annotated[str, Field(min_length=1, max_length=5)] = "Ann"
    reason: Annotated[str, Field(min_length=3)] = "because"
    days: Annotated[int, Field(ge=1, le=30)] = 1
    until: date = date(2026, 3, 31)
    kind: Literal["A", "B"] = "A"
    own: Annotated[str, AfterValidator(refuse), Field(validate_default=False)] = "own"


def fault(**values: Any) -> FieldError:
    """The one fault of a form."""
    [found] = read(Form, values)[1]
    return found


class TestSayWhatIsWrong:
    @pytest.mark.parametrize(
        ("values", "text"),
        [
            ({"name": ""}, "This is needed."),
            ({"name": "Anneliese"}, "At most 5 characters fit."),
            ({"reason": "no"}, "At least 3 characters are needed."),
            ({"days": "x"}, "A whole number is needed."),
            ({"days": 0}, "At least 1 is needed."),
            ({"days": 31}, "At most 30 is possible."),
            ({"until": "tomorrow"}, "A day is needed, such as 2026-03-31."),
            ({"kind": "C"}, "Choose one of what is offered."),
            ({"own": "x"}, "Braces such as {this} are a person's own."),
        ],
    )
    def test_in_the_words_of_a_person(self, values: dict[str, Any], text: str) -> None:
        found = fault(**values)

        assert (found.text, found.field) == (text, next(iter(values)))

    def test_in_the_visitors_language_with_the_number_in_its_place(self) -> None:
        german = {"At most {max_length} characters fit.": "Höchstens {max_length} Zeichen passen."}
        moved = FieldError(fault(name="Anneliese").text, "another field")

        assert moved.text.said(german.__getitem__) == "Höchstens 5 Zeichen passen."  # type: ignore[attr-defined]
