"""The book's answers about sign-up, without the password."""

from datetime import datetime

from pydantic import BaseModel, Field


class SignUpAnswer(BaseModel):
    """A submitted application."""

    sign_id: int
    faculty_id: int | None
    username: str
    state: str
    submitted_at: datetime
    receipt: str = Field(description="Shown once: with it one asks after the application, or withdraws it.")


class ApprovalAnswer(BaseModel):
    """A decided application, and the account it became."""

    sign_id: int
    user_id: int | None
    faculty_id: int | None
    username: str
    state: str
    reason: str | None
