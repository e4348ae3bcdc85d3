"""The book's sign-up."""

from pydantic import AliasChoices, Field

from configuration.kit.bodies import Id
from configuration.kit.features.accounts.requests import SignUp


class SignUpRequest(SignUp):
    """An application for an account. `faculty_id` is the number the dean's office gave, for those who have one."""

    person_no: Id | None = Field(default=None, validation_alias=AliasChoices("faculty_id", "person_no"))
