"""What clients may say about accounts."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, AwareDatetime, Field

from configuration.kit.bodies import (
    Body,
    Email,
    FromTheToken,
    Id,
    Line,
    Name,
    Password,
    Reason,
    Refused,
    Secret,
    UserName,
)
from configuration.kit.features.accounts.model import Applying, Registration
from configuration.kit.security.actor import UNIVERSITY, Service
from configuration.kit.security.tokens import SCOPE


class SignUp(Body):
    """An application for an account; the services add the book's name of the person number."""

    user_name: UserName = Field(validation_alias=AliasChoices("username", "user_name"))
    password: Password
    given_name: Name = Field(default="", validation_alias=AliasChoices("given_name", "fname"))
    middle_name: Name = Field(default="", validation_alias=AliasChoices("middle_name", "mname"))
    family_name: Name = Field(default="", validation_alias=AliasChoices("family_name", "lname"))
    email: Email | None = None
    person_no: Id | None = None
    sign_id: Annotated[Any, Refused("The number of an application is given by the service.")] = None
    user_id: FromTheToken = None
    status: Annotated[Any, Refused("The state of an application is decided, not set.")] = None
    approved_by: FromTheToken = None
    approved_date: Annotated[Any, Refused("When something is decided is said by the clock.")] = None

    def applying(self, password_hash: str) -> Applying:
        """The application, with the hash in the place of the password."""
        return Applying(
            user_name=self.user_name,
            password_hash=password_hash,
            person_no=self.person_no,
            given_name=self.given_name,
            middle_name=self.middle_name,
            family_name=self.family_name,
            email=self.email,
        )


class SignUpReceipt(Body):
    """What the applicant kept."""

    application_id: Id
    receipt: Secret


class ApprovalBody(Body):
    """The book's approval of one application."""

    sign_id: Id = Field(validation_alias=AliasChoices("sign_id", "application_id"))
    reason: Reason | None = None
    attach: bool = Field(default=False, description="The number is that of a person on record: the account is theirs.")
    approved_by: FromTheToken = None
    user_id: FromTheToken = None


class DecisionBody(Body):
    """A decision about one application."""

    decision: Literal["approve", "reject"]
    reason: Reason | None = None
    attach: bool = False


class DecisionsBody(DecisionBody):
    """The same decision about several applications."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=200)]


class SignInForm(Body):
    """The password form of OAuth2. `scope` and the client's own credentials are accepted and mean nothing here."""

    grant_type: Literal["password"] = "password"
    username: Line
    password: Password
    scope: Line = ""
    client_id: Line | None = None
    client_secret: Secret | None = None


class RefreshForm(Body):
    """The refresh form of OAuth2."""

    grant_type: Literal["refresh_token"] = "refresh_token"
    refresh_token: Secret
    scope: Line = ""
    client_id: Line | None = None
    client_secret: Secret | None = None


class PasswordChange(Body):
    """A new password for the actor's own account."""

    old_password: Password
    new_password: Password = Field(validation_alias=AliasChoices("new_password", "newpass"))
    user_id: FromTheToken = None


class PasswordForgotten(Body):
    """Whose password is forgotten."""

    user_name: Line = Field(validation_alias=AliasChoices("user_name", "username"))


class CodeBody(Body):
    """A one-time code, and the password to set with it."""

    user_name: Line = Field(validation_alias=AliasChoices("user_name", "username"))
    code: Secret
    password: Password = Field(validation_alias=AliasChoices("password", "new_password"))


class Invitation(Body):
    """A person who is to have an account. Without `person_no` the next number is given out."""

    user_name: UserName
    roles: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=8)]
    person_no: Id | None = None
    given_name: Name = ""
    middle_name: Name = ""
    family_name: Name = ""
    email: Email | None = None
    external_id: Annotated[Line, Field(min_length=1)] | None = None
    attach: bool = False
    by_mail: bool = Field(default=False, description="Send the code by e-mail instead of answering it for printing.")

    def registration(self) -> Registration:
        """The person and the account."""
        return Registration(
            user_name=self.user_name,
            roles=self.roles,
            person_no=self.person_no,
            given_name=self.given_name,
            middle_name=self.middle_name,
            family_name=self.family_name,
            email=self.email,
            external_id=self.external_id,
            attach=self.attach,
        )


class Why(Body):
    """The reason of an act of staff."""

    reason: Reason


class GrantBody(Body):
    """A role for somebody else."""

    role: Annotated[str, Field(min_length=1, max_length=40)]
    scope: Annotated[str, Field(max_length=80, pattern=f"^({SCOPE.pattern})$")] = UNIVERSITY
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    reason: Reason

    def dates(self) -> dict[str, datetime | None]:
        """From and until."""
        return {"valid_from": self.valid_from, "valid_until": self.valid_until}


class LinkOffer(Body):
    """For which service a statement is wanted."""

    audience: Service


class LinkBody(Body):
    """Another service's word that the same human is signed in there."""

    statement: Annotated[str, Field(min_length=1, max_length=4096)]


class SwapBody(Body):
    """The secret of a browser's session, as another service found it in the cookie."""

    secret: Secret
