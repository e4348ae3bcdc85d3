"""What clients may say about persons; the services add the book's name of the person's number."""

from typing import Annotated, Any

from pydantic import AliasChoices, Field, StringConstraints

from configuration.kit.bodies import Body, Day, Email, GivenLine, Id, LongText, Name, Reason, Refused

OWN_FIELDS = frozenset({"preferred_name", "email", "phone", "postal_address"})
"""What people change in their own record at any time."""


Phone = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=40, pattern=r"^\+?[0-9 ()./-]+( ?x[0-9]+)?$")
]
Address = Annotated[LongText, Field(min_length=3, max_length=500)]
Given = Annotated[Name, Field(min_length=1)]
Word = Annotated[GivenLine, Field(description="A code or a name.")]
Code = Annotated[GivenLine, Field(max_length=40, pattern=r"^[\w .&+-]+$")]


class NameBody(Body):
    """A name as a person bears it; the family name may be empty."""

    given_name: Given
    middle_name: Name = ""
    family_name: Name = ""


class Addition(Body):
    """A profile, stated for the first time. Without a number it is one's own. `fname` is the given name, and so on."""

    number: Id | None = None
    given_name: Given = Field(validation_alias=AliasChoices("fname", "given_name"))
    middle_name: Name = Field(default="", validation_alias=AliasChoices("mname", "middle_name"))
    family_name: Name = Field(default="", validation_alias=AliasChoices("lname", "family_name"))
    birth_date: Day | None = None
    major: Word | None = None
    department: Word | None = None
    preferred_name: NameBody | None = None
    email: Email | None = None
    phone: Phone | None = None
    postal_address: Address | None = None
    age: Annotated[Any, Refused("An age goes stale: say birth_date, and the age follows from it.")] = None


class Change(Body):
    """What changes of a profile; what is left out stays, null empties."""

    given_name: Given | None = Field(default=None, validation_alias=AliasChoices("fname", "given_name"))
    middle_name: Name | None = Field(default=None, validation_alias=AliasChoices("mname", "middle_name"))
    family_name: Name | None = Field(default=None, validation_alias=AliasChoices("lname", "family_name"))
    birth_date: Day | None = None
    major: Word | None = None
    department: Word | None = None
    preferred_name: NameBody | None = None
    email: Email | None = None
    phone: Phone | None = None
    postal_address: Address | None = None
    age: Annotated[Any, Refused("An age goes stale: say birth_date, and the age follows from it.")] = None


class Beginning(Body):
    """A new spell; the services add what theirs is made of."""

    major: Word | None = None
    department: Word | None = None
    valid_from: Day | None = Field(default=None, description="Today, unless said otherwise.")
    valid_until: Day | None = None

    def own(self) -> dict[str, Any]:
        """What the service's table has beside majors, departments and days."""
        return self.model_dump(exclude=set(Beginning.model_fields))


class Ending(Body):
    """The last day of a spell, and why."""

    valid_until: Day | None = Field(default=None, description="Today, unless said otherwise.")
    reason: Reason


class ReferenceBody(Body):
    """A new major or department."""

    code: Code
    name: GivenLine
