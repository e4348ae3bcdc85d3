"""Where the bytes lie: a folder of files named by their SHA-256, written whole or not at all.

    incoming/<random>   a file that is arriving, locked by the process that writes it
    ab/abcdef...        a file that has arrived: its name is the digest of its content

A file is moved to its name before its row is written, so a row always finds its bytes; a move without a row, after a
refusal or a crash, leaves bytes that nobody refers to, which the sweep takes away once they are old.
"""

import codecs
import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from configuration.kit.features.files.kinds import EDGE, media_type, shown_name
from configuration.kit.features.files.model import Arrived, FileMissing, NoRoom

PIECE = 256 * 1024
INCOMING = "incoming"


class FileStore:
    """The files of one service, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.incoming = folder / INCOMING

    def prepare(self) -> None:
        """Make the folders, for the owner's eyes only."""
        self.incoming.mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, sha256: str) -> Path:
        """Where the content with this digest lies."""
        return self.folder / sha256[:2] / sha256

    def begin(self, name: str | None) -> "Arriving":
        """Make room for a file that is about to arrive."""
        with _room():
            self.prepare()
            return Arriving(self.incoming / secrets.token_hex(16), shown_name(name))

    def keep(self, arriving: "Arriving") -> Arrived:
        """Move a file that has arrived whole to its name, durably. What lies there already is the same bytes."""
        arrived = arriving.arrived
        target = self.path(arrived.sha256)
        with _room():
            if not target.parent.is_dir():
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                sync_folder(self.folder)
            arriving.path.replace(target)
            sync_folder(target.parent)
        return arrived

    def reading(self, sha256: str) -> Path:
        """The path of a content that is there. Raises `FileMissing`."""
        path = self.path(sha256)
        if not path.is_file():
            raise FileMissing("The file is not where it should be; the house has been told.")
        return path

    def digest(self, sha256: str) -> str | None:
        """What the content really hashes to; `None` where there is none."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def contents(self) -> Iterator[Path]:
        """Every content in the store."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path for path in folder.iterdir() if path.name.startswith(folder.name))


class Arriving:
    """A file being written. It is locked, so that a sweep can tell it from one whose writer has died."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.size = 0
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._file: BinaryIO = os.fdopen(descriptor, "wb", buffering=0)
        self._hash = hashlib.sha256()
        self._head, self._tail = b"", b""
        self._text = _Texts()
        self._finished: Arrived | None = None

    def write(self, piece: bytes) -> None:
        """Add bytes."""
        with _room():
            self._file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)
        if len(self._head) < EDGE:
            self._head += piece[: EDGE - len(self._head)]
        self._tail = (self._tail + piece[-EDGE:])[-EDGE:]
        self._text.look(piece)

    def finish(self) -> None:
        """Bring what was written to the disk."""
        with _room():
            os.fsync(self._file.fileno())
        kind = media_type(self._head, self._tail, text=self._text.ended())
        self._finished = Arrived(self.name, self._hash.hexdigest(), self.size, kind)

    @property
    def arrived(self) -> Arrived:
        """What has arrived."""
        if self._finished is None:
            raise RuntimeError("the file has not arrived whole")
        return self._finished

    def close(self) -> None:
        """Let go, and leave nothing behind that was not kept."""
        self.path.unlink(missing_ok=True)
        self._file.close()


class _Texts:
    """Watches bytes go by, and says whether all of them are UTF-8 text."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = True

    def look(self, piece: bytes) -> None:
        if self._text:
            try:
                self._decoder.decode(piece)
            except UnicodeDecodeError:
                self._text = False
            else:
                self._text = b"\x00" not in piece

    def ended(self) -> bool:
        with suppress(UnicodeDecodeError):
            self._decoder.decode(b"", final=True)
            return self._text
        return False


@contextmanager
def _room() -> Iterator[None]:
    """A full disk is nobody's fault who sends a file."""
    try:
        yield
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom("The disk for files is full; try again later.", headers={"Retry-After": "60"}) from fault
        raise


def sync_folder(folder: Path) -> None:
    """Make what was renamed in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
