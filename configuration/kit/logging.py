"""The central log: one sink per process, one id per request through all services, nothing secret.

A line reads as in the book, whose bracket stays open: `Log: [<log_id>: <time> - <level> - <message>`.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loguru import logger
from pydantic import ValidationError

from configuration.kit.log_file import LogFile

if TYPE_CHECKING:
    from loguru import Record

LINE = "Log: [{extra[log_id]}: {extra[at]} - {level} - {message}"
NO_REQUEST = "-"
request_id: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)
"""Id of the request being served; carried into threads by `copy_context` and to peers by the header `X-Request-ID`."""
trace_parent: ContextVar[str | None] = ContextVar("trace_parent", default=None)
"""The W3C trace context of the caller, passed on unread."""
_short_ways: list[LogFile] = []
"""The open file, if a line can be written there without Loguru."""
QUIET = ("httpx", "httpcore", "asyncio", "python_multipart", "alembic")
"""Libraries whose chatter below WARNING is no use to an operator; httpx would also log query strings."""


def _with_log_id(record: "Record") -> None:
    extra = record["extra"]
    extra.setdefault("log_id", request_id.get())
    # Loguru's own way to write a time takes as long as all the rest of a line.
    extra["at"] = record["time"].isoformat(timespec="milliseconds")


class _ToLoguru(logging.Handler):
    """Takes the lines of the standard library's loggers, uvicorn's among them, into the one sink."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass one record on; its traceback goes through `failure_text` like ours."""
        try:
            level: str | int = logger.level(record.levelname).name
        except ValueError:
            level = record.levelno
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text = f"{text}\n{failure_text(record.exc_info[1])}"
        logger.opt(depth=6).log(level, "{}", text)


def _capture_standard_logging(level: str) -> None:
    root = logging.getLogger()
    root.handlers = [_ToLoguru()]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        theirs = logging.getLogger(name)
        theirs.handlers, theirs.propagate = [], True
    # Our own end line tells all that uvicorn's access line does, and leaves out the query string.
    access = logging.getLogger("uvicorn.access")
    access.handlers, access.propagate = [], False


def configure_logging(
    folder: Path,
    *,
    level: str = "INFO",
    rotation: str = "20 MB",
    retention: str = "30 days",
    as_json: bool = False,
    console: bool = False,
    shared: bool = False,
) -> Path:
    """Open `info.log` in the folder and send every line of the process there; answers its path.

    Errors are shown on the terminal as well, with `console` every line. `shared` says that several processes write the
    same file: each then follows a rotation made by another. Sinks are direct (`enqueue=False`: a queue pickles every
    record) and show no variables (`diagnose=False`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "info.log"
    logger.remove()
    logger.configure(patcher=_with_log_id)
    options: dict[str, Any] = {"format": LINE, "level": level, "enqueue": False, "diagnose": False, "backtrace": False}
    file = LogFile(path, rotation=rotation, retention=retention, watch=shared)
    logger.add(file, serialize=as_json, **options)
    logger.add(sys.stderr, **{**options, "level": level if console else "ERROR"})
    as_loguru_would = not as_json and not console and logger.level(level).no <= logger.level("INFO").no
    _short_ways[:] = [file] if as_loguru_would and file.rotates_by_size else []
    _capture_standard_logging(level)
    return path


def tell(text: str) -> None:
    """A line of the level INFO, as `logger.info` writes it, by the short way where there is one."""
    for file in _short_ways:
        if not file.closed:
            try:
                file.line(request_id.get(), "INFO", text)
            except OSError:
                break  # Loguru fails as well, and says so where the operator sees it.
            return
    logger.opt(depth=1).info("{}", text)


def _chain(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    seen: set[int] = set()
    current: BaseException | None = error
    joint = ""
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current, joint
        if current.__cause__ is not None:
            current, joint = current.__cause__, "which was caused by\n"
        elif current.__suppress_context__:
            current = None
        else:
            current, joint = current.__context__, "while handling\n"


def _message(error: BaseException) -> str:
    """What an error says of itself, less what people typed: some libraries repeat the values they choke on."""
    if isinstance(error, ValidationError):
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['type']}" for fault in faults[:20])
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    return str(primary or error)[:500]


def failure_text(error: BaseException) -> str:
    """A traceback without the values of variables and without the inputs that some errors repeat."""
    parts = []
    for link, joint in _chain(error):
        frames = "".join(traceback.format_tb(link.__traceback__))
        parts.append(f"{joint}Traceback (most recent call last):\n{frames}{type(link).__qualname__}: {_message(link)}")
    return "\n".join(parts)
