"""A form with files, taken in while it arrives: each file goes to the store piece by piece, and never lies in memory.

The access rule and whatever the caller looked up have spoken before the first byte is read. A limit that is passed
ends the reading at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request

from configuration.kit.features.files.kinds import is_taken
from configuration.kit.features.files.model import (
    FileEmpty,
    FileTooLarge,
    FileTypeRefused,
    Limits,
    TooManyFiles,
    Upload,
    UploadUnreadable,
    refused,
)
from configuration.kit.features.files.store import PIECE, Arriving, FileStore

FILES = "files"
"""The name of the form's parts that are files."""
_SPARE_PARTS = 16
"""How many parts too many still get the refusal that fits them."""
_UNREADABLE = "The form cannot be read; send multipart/form-data."


@asynccontextmanager
async def receiving(request: Request, store: FileStore, limits: Limits) -> AsyncIterator[Upload]:
    """The form of a request. Its files are in the store; their rows are for the caller to write.

    Raises the refusals of `model`; then, or when the client goes away, nothing of the upload is left.
    """
    taking = _Taking(store, limits)
    try:
        held = getattr(request, "_form", None)
        if held is not None:
            await _take_parsed(held, taking)
        else:
            await _take_stream(request, taking)
        yield await asyncio.to_thread(taking.keep)
    except ClientDisconnect:
        raise UploadUnreadable("The upload was cut off.") from None
    finally:
        for arriving in taking.files:
            arriving.close()


class _Taking:
    """What has been taken so far, and the part that is being taken."""

    def __init__(self, store: FileStore, limits: Limits) -> None:
        self.store, self.limits = store, limits
        self.files: list[Arriving] = []
        self.fields: dict[str, str] = {}
        self.waiting = bytearray()

    def begin_file(self, field: str, name: str) -> None:
        """A file begins."""
        if field != FILES:
            raise refused(UploadUnreadable, f"Files are sent as {FILES!r}.")
        if len(self.files) == self.limits.files:
            raise refused(TooManyFiles, f"At most {self.limits.files} files are taken.", most=self.limits.files)
        self.files.append(self.store.begin(name))

    async def add(self, piece: bytes) -> None:
        """Bytes of the file that is arriving; written in large pieces, off the event loop."""
        arriving = self.files[-1]
        if arriving.size + len(self.waiting) + len(piece) > self.limits.file_bytes:
            detail = f"{arriving.name} is larger than {self.limits.file_bytes} bytes."
            raise refused(FileTooLarge, detail, most=self.limits.file_bytes)
        self.waiting += piece
        if len(self.waiting) >= PIECE:
            await self._flush()

    async def _flush(self) -> None:
        piece, self.waiting = bytes(self.waiting), bytearray()
        if piece:
            await asyncio.to_thread(self.files[-1].write, piece)

    async def end_file(self) -> None:
        """The file is whole; refuse what is not taken here."""
        await self._flush()
        arriving = self.files[-1]
        if not arriving.size:
            raise refused(FileEmpty, f"{arriving.name} is empty.")
        await asyncio.to_thread(arriving.finish)
        kind = arriving.arrived.media_type
        if not is_taken(kind, arriving.name, self.limits.types):
            detail = f"{arriving.name} is {kind}; taken are {', '.join(self.limits.types)}."
            raise refused(FileTypeRefused, detail, found=kind)

    def set_field(self, name: str, value: bytes) -> None:
        """A text of the form."""
        if name not in self.limits.fields or name in self.fields:
            raise refused(UploadUnreadable, "The form has a field that is not known here, or twice.", "")
        try:
            self.fields[name] = value.decode("utf-8")
        except UnicodeDecodeError:
            raise refused(UploadUnreadable, "Texts are sent as UTF-8.", f"/{name}") from None

    def keep(self) -> Upload:
        """Move every file to its name."""
        return Upload(self.fields, [self.store.keep(arriving) for arriving in self.files])


async def _take_stream(request: Request, taking: _Taking) -> None:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise UploadUnreadable(_UNREADABLE)
    parts = _Parts(taking.limits)
    try:
        parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]
        async for chunk in request.stream():
            parser.write(chunk)
            await parts.hand_over(taking)
    except FormParserError:
        raise UploadUnreadable(_UNREADABLE) from None
    if not parts.ended:
        raise UploadUnreadable("The form ends in the middle.")


async def _take_parsed(form: FormData, taking: _Taking) -> None:
    """A form that the access rule had to read already, for the form token of a browser's session."""
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if not value.filename and not value.size:
                continue  # A browser's file field that was left empty.
            taking.begin_file(name, value.filename or "")
            while piece := await value.read(PIECE):
                await taking.add(piece)
            await taking.end_file()
        elif name in taking.limits.fields:
            taking.set_field(name, value.encode("utf-8", "surrogatepass"))


class _Parts:
    """Turns the parser's callbacks, which cannot wait, into a list of what happened since it was last handed over."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.ended = False
        self._events: list[tuple[str, Any]] = []
        self._parts = 0
        self._header = b""
        self._value = b""
        self._disposition = b""
        self._field: str | None = None
        self._text = bytearray()
        self._is_file = False

    def callbacks(self) -> dict[str, Any]:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    async def hand_over(self, taking: _Taking) -> None:
        """Tell what happened, in order."""
        events, self._events = self._events, []
        for kind, value in events:
            if kind == "file":
                await asyncio.to_thread(taking.begin_file, *value)
            elif kind == "data":
                await taking.add(value)
            elif kind == "end":
                await taking.end_file()
            else:
                taking.set_field(*value)

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > self.limits.files + len(self.limits.fields) + _SPARE_PARTS:
            raise UploadUnreadable("The form has too many parts.")
        self._header = self._value = self._disposition = b""
        self._text = bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise UploadUnreadable("A part of the form has no name.")
        self._field = options[b"name"].decode("utf-8", "replace")
        self._is_file = b"filename" in options
        if self._is_file:
            name = options[b"filename"].decode("utf-8", "replace")
            self._events.append(("file", (self._field, name)))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._events.append(("data", data[start:end]))
            return
        if len(self._text) + end - start > self.limits.field_bytes:
            raise refused(UploadUnreadable, "A text of the form is too long.", f"/{self._field}"[:100])
        self._text += data[start:end]

    def _end(self) -> None:
        self._events.append(("end", None) if self._is_file else ("text", (self._field, bytes(self._text))))

    def _finish(self) -> None:
        self.ended = True
