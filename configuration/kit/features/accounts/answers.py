"""What services answer about accounts. No model here has a field for a password or its hash."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from configuration.kit.features.accounts.domain import State


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Tokens(_Read):
    """The answer of RFC 6749, section 5.1."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 the word of the RFC, not a secret
    expires_in: int = Field(description="Seconds.")
    refresh_token: str


class Swapped(_Read):
    """A token for the asking service alone."""

    access_token: str
    expires_in: int = Field(description="Seconds.")


class AccountRead(_Read):
    """An account, as staff see it."""

    id: int
    person: str = Field(description="Person reference, such as `student:1001`.")
    person_no: int
    user_name: str
    display_name: str
    email: str | None
    external_id: str | None
    state: State
    state_at: datetime
    state_reason: str | None
    created_at: datetime


class LinkRead(_Read):
    """Another hat of the same human."""

    person: str
    name: str
    linked_at: datetime


class Me(_Read):
    """The signed-in person's own account."""

    id: int
    person: str
    persons: list[str] = Field(description="All person references of this human that are known here.")
    user_name: str
    display_name: str
    email: str | None
    roles: dict[str, list[str]] = Field(description="Roles with the scopes they hold for.")
    links: list[LinkRead]


class GrantRead(_Read):
    """A role granted to an account."""

    id: int
    account_id: int
    role: str
    scope: str
    valid_from: datetime
    valid_until: datetime | None
    granted_by: str
    granted_at: datetime
    reason: str


class SessionRead(_Read):
    """Where somebody is signed in."""

    id: int
    kind: Literal["api", "browser"]
    agent: str
    started_at: datetime
    expires_at: datetime
    current: bool


class SessionsEnded(_Read):
    """How many sessions were ended."""

    ended: int


class ApplicationRead(_Read):
    """An application, as staff see it."""

    id: int
    person_no: int | None
    user_name: str
    given_name: str
    middle_name: str
    family_name: str
    email: str | None
    details: dict[str, Any]
    state: str
    submitted_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    account_id: int | None


class ApplicationDetail(ApplicationRead):
    """An application, with the person on record whose number it names."""

    on_record: str | None = Field(description="Name of the person on record with this number; null when there is none.")


class ApplicationStatus(_Read):
    """An application, as its applicant sees it."""

    id: int
    user_name: str
    state: str
    submitted_at: datetime
    decided_at: datetime | None
    reason: str | None


class Verdict(_Read):
    """What became of one application of a selection."""

    id: int
    outcome: Literal["decided", "refused"]
    state: str | None = None
    code: str | None = None
    detail: str | None = None


class Verdicts(_Read):
    """A verdict for each application of a selection."""

    items: list[Verdict]


class Said(_Read):
    """A sentence for the person."""

    message: str


class CodeRead(_Read):
    """An account, and the one-time code to print for its owner; null when it was mailed."""

    account: AccountRead
    code: str | None
    expires_at: datetime


class LinkStatement(_Read):
    """Our signed word, to be handed to the other service within ten minutes."""

    statement: str
    audience: str


class Linked(_Read):
    """The links of the account now, and our own word for the other service."""

    links: list[LinkRead]
    answer: str = Field(description="Hand this to the other service, so that it keeps the link too.")


class Jwks(BaseModel):
    """Public keys, the retired ones too."""

    keys: list[dict[str, Any]]
