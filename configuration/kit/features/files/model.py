"""What a file is to those who send, keep and fetch it, and how it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from configuration.kit.errors import Blocker, NotFound, Refusal, Unavailable

LARGEST_FILE = 25 * 1024 * 1024
"""Bytes of one file, unless whoever asks for it says otherwise."""


class FileTooLarge(Refusal):
    """A file has more bytes than are taken."""

    status = 413
    code = "FILE_TOO_LARGE"
    title = "The file is too large"


class TooManyFiles(Refusal):
    """More files came than are taken."""

    code = "TOO_MANY_FILES"
    title = "Too many files"


class FileEmpty(Refusal):
    """A file without a byte: nearly always one that was sent by mistake."""

    code = "FILE_EMPTY"
    title = "The file is empty"


class FileTypeRefused(Refusal):
    """What the file holds, or how its name ends, is not of a type that is taken here."""

    code = "FILE_TYPE_REFUSED"
    title = "Files of this type are not taken here"


class UploadUnreadable(Refusal):
    """The body is not a form with files, or not a whole one."""

    code = "MALFORMED_BODY"
    title = "The upload cannot be read"


class FileNotFound(NotFound):
    """No such file, or another person's."""

    code = "FILE_NOT_FOUND"
    title = "There is no such file"


class FileMissing(Unavailable):
    """The row of a file is there and its bytes are not: the house has to look for them."""

    code = "FILE_MISSING"
    title = "The file cannot be found at the moment"


class NoRoom(Unavailable):
    """The disk took no more."""

    code = "NO_ROOM"
    title = "There is no room for files at the moment"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an upload may bring. `types` are media types; none means any."""

    files: int = 1
    file_bytes: int = LARGEST_FILE
    types: Sequence[str] = ()
    fields: Sequence[str] = ()
    field_bytes: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that has arrived whole and lies in the store; its row is still to be written."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as its row says it. Bytes that came twice are one file."""

    id: int
    sha256: str
    size: int
    media_type: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """A form that has arrived: its texts and its files, in order."""

    fields: dict[str, str]
    files: list[Arrived]


def refused(kind: type[Refusal], detail: str, pointer: str = "/files", **facts: object) -> Refusal:
    """A refusal that says which part of the form is to blame."""
    return kind(detail, blockers=[Blocker(kind.code, detail, pointer, facts=facts)])
