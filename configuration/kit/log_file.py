"""The file of the central log, and a short way into it for the two lines that each request leaves.

Loguru asks for the caller's frame, process, thread and file at each line, none of which ours shows; the short way
writes the same line for a third of that. Both ways lead through one object, so a rotation happens once and for all.
"""

import os
import re
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from loguru._file_sink import FileSink  # Loguru makes it of a path; here two share one.


class LogFile:
    """A file that is rotated and cleared away as Loguru does it, written by Loguru and by `line`."""

    def __init__(self, path: Path, *, rotation: str, retention: str, watch: bool) -> None:
        self.rotates_by_size = size_of(rotation) is not None
        """Whether `line` may be used: any other rotation needs what Loguru knows of a record."""
        self.closed = False
        self._sink: Any = FileSink(  # type: ignore[no-untyped-call]
            path, rotation=_when_full(rotation), retention=retention, watch=watch
        )
        self._lock = threading.Lock()
        self._second: tuple[int, str, str] = (-1, "", "")

    def write(self, message: str) -> None:
        """Write one line, or several that belong together."""
        with self._lock:
            self._sink.write(message)

    def line(self, log_id: str, level: str, text: str) -> None:
        """Write a line in the log's form without Loguru's help."""
        self.write(f"Log: [{log_id}: {self._now()} - {level} - {text}\n")

    def stop(self) -> None:
        """Close the file; Loguru asks for it."""
        self.closed = True
        with self._lock:
            self._sink.stop()

    def _now(self) -> str:
        """Local time with its offset; all but the milliseconds is written out once a second."""
        now = time.time()
        second, front, back = self._second
        if second != int(now):
            second = int(now)
            whole = datetime.fromtimestamp(second).astimezone().isoformat()
            front, back = whole[:19], whole[19:]
            self._second = second, front, back
        return f"{front}.{int((now - second) * 1000):03d}{back}"


def size_of(rotation: str) -> int | None:
    """The bytes of a size such as `20 MB`; nothing for any other rotation."""
    size = re.fullmatch(r"(\d+) ?([KMG])B", rotation)
    return None if size is None else int(size[1]) * 1000 ** (1 + "KMG".index(size[2]))


def _when_full(rotation: str) -> str | Callable[[Any, TextIO], bool]:
    """A size as a question to the system; any other rotation as it is.

    Loguru's own question moves the file's position, which resets its encoder and costs as much as writing the line.
    """
    limit = size_of(rotation)
    if limit is None:
        return rotation

    def full(message: str, file: TextIO) -> bool:
        return os.fstat(file.fileno()).st_size + len(message) > limit

    return full
