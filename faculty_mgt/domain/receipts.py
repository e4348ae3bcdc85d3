"""What the receipt of a submission states, and how what somebody holds is compared with it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

KIND = "submission"


class HandedIn(Protocol):
    """A file that was handed in."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def sha256(self) -> str:
        """The digest of its content."""

    @property
    def size(self) -> int:
        """Its bytes."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What was handed in, by whom, for what, and when it had arrived to its last byte."""

    assignment_id: int
    title: str
    student_number: int
    attempt: int
    received_at: datetime
    due_at: datetime
    seconds_late: int
    text: str
    files: Sequence[HandedIn]
    attested_at: datetime | None = None
    on_behalf_by: str | None = None


def statement(said: Stated) -> dict[str, Any]:
    """The words of a receipt. Of the work itself only digests stand there, so it may be shown to anybody."""
    work = {
        "kind": KIND,
        "assignment": said.assignment_id,
        "title": said.title,
        "student": f"student:{said.student_number}",
        "attempt": said.attempt,
        "received_at": said.received_at.isoformat(),
        "due_at": said.due_at.isoformat(),
        "seconds_late": said.seconds_late,
        "text_sha256": text_digest(said.text) if said.text else None,
        "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in said.files],
    }
    if said.attested_at is not None:
        work |= {"attested_at": said.attested_at.isoformat(), "on_behalf_by": said.on_behalf_by}
    return work


def text_digest(text: str) -> str:
    """The digest of a text that was handed in."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def stated_files(states: Mapping[str, Any]) -> dict[str, str]:
    """The digests of a receipt's files and of its text, each with what it was called."""
    files = states.get("files") or []
    named = {str(file["sha256"]): str(file["name"]) for file in files}
    return named | ({str(states["text_sha256"]): "the text"} if states.get("text_sha256") else {})
