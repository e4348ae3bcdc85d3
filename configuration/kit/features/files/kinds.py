"""What a file is, said by its content; and the name it may be shown under.

Nothing is unpacked or interpreted: a bomb stays a small file, and of a file that is two things at once the beginning
counts, and how its name ends.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

UNKNOWN: Final = "application/octet-stream"
TEXT: Final = "text/plain"
EDGE = 64 * 1024
"""Bytes of the beginning and of the end that are looked at."""

_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENT = "application/vnd.oasis.opendocument"
_OLE = "application/x-ole-storage"
_BEGINNINGS: Sequence[tuple[int, bytes, str]] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"%!PS", "application/postscript"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_ZIPPED = (
    (b"word/document.xml", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet"),
    (b"ppt/presentation.xml", f"{_OFFICE}.presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", f"{_DOCUMENT}.text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", f"{_DOCUMENT}.spreadsheet"),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", f"{_DOCUMENT}.presentation"),
    (b"mimetypeapplication/epub+zip", "application/epub+zip"),
)
# Comments before the first tag are taken without going back: a file of nothing but comments would cost for ever.
_MARKUP = re.compile(
    rb"(?>\s*<!--.*?-->)*+\s*<(!doctype html|html|head|body|script|iframe|svg|\?xml)\b", re.IGNORECASE | re.DOTALL
)
_ENDINGS = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "wav": "audio/wav", "zip": "application/zip", "gz": "application/gzip",
    "tgz": "application/gzip", "bz2": "application/x-bzip2", "xz": "application/x-xz", "tar": "application/x-tar",
    "7z": "application/x-7z-compressed", "rar": "application/vnd.rar", "rtf": "application/rtf",
    "ps": "application/postscript", "mp4": "video/mp4", "mp3": "audio/mpeg", "ogg": "audio/ogg", "webm": "video/webm",
    "docx": f"{_OFFICE}.wordprocessingml.document", "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation", "odt": f"{_DOCUMENT}.text", "ods": f"{_DOCUMENT}.spreadsheet",
    "odp": f"{_DOCUMENT}.presentation", "epub": "application/epub+zip", "doc": "application/msword",
    "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint", "txt": TEXT, "csv": "text/csv",
    "md": "text/markdown", "py": "text/x-python", "java": "text/x-java", "c": "text/x-c", "h": "text/x-c",
    "cpp": "text/x-c", "tex": "text/x-tex", "json": "application/json", "sql": "application/sql", "html": "text/html",
    "htm": "text/html", "svg": "image/svg+xml", "xml": "application/xml", "ipynb": "application/x-ipynb+json",
}  # fmt: skip
_NAMED_ONLY = {
    TEXT: frozenset({
        TEXT, "text/csv", "text/markdown", "text/x-python", "text/x-java", "text/x-c", "text/x-tex",
        "application/json", "application/sql", "application/x-ipynb+json",
    }),
    _OLE: frozenset({"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"}),
}  # fmt: skip
"""Contents that look alike: which of these a file is, is said by the ending of its name."""
_LONGEST_NAME = 200


def media_type(head: bytes, tail: bytes, *, text: bool) -> str:
    """The type of a file, from both ends of it; `text` says whether all of it is UTF-8."""
    for offset, mark, kind in _BEGINNINGS:
        if head.startswith(mark, offset):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((kind for mark, kind in _ZIPPED if mark in head or mark in tail), "application/zip")
    if not text:
        return UNKNOWN
    found = _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")[:4096])
    if found is None:
        return TEXT
    if b"<svg" in head.lower():
        return "image/svg+xml"
    return "application/xml" if found[1].lower() == b"?xml" else "text/html"


def is_taken(kind: str, name: str, types: Sequence[str]) -> bool:
    """Whether a file suits one of the media types: by its content, and by the ending of its name if that has one."""
    if not types:
        return True
    ending = _ending(name)
    claimed = _ENDINGS.get(ending)
    if ending and claimed is None:
        # An ending that nobody knows says nothing, which will do for a text only.
        return kind == TEXT and TEXT in types
    alike = _NAMED_ONLY.get(kind, frozenset({kind}))
    meant = alike & {claimed} if claimed else alike & {kind}
    return any(_matches(each, wanted) for each in meant for wanted in types)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name.lstrip(".") else ""


def _matches(kind: str, wanted: str) -> bool:
    return kind == wanted or (wanted.endswith("/*") and kind.startswith(wanted[:-1]))


def shown_name(given: str | None) -> str:
    """The last part of a name as it was sent, without what could not stand in a file name or would hide its ending."""
    text = unicodedata.normalize("NFC", (given or "").encode("utf-8", "replace").decode("utf-8"))
    last = re.split(r"[/\\]", text)[-1]
    plain = "".join(" " if character in '<>:"|?*\t' else character for character in last if not _hidden(character))
    plain = re.sub(r"\s+", " ", plain).strip(" .")
    if len(plain) > _LONGEST_NAME:
        stem, dot, ending = plain.rpartition(".")
        plain = f"{stem[: _LONGEST_NAME - 11]}{dot}{ending[:10]}" if stem else plain[:_LONGEST_NAME]
    return plain or "file"


def _hidden(character: str) -> bool:
    return character != "\t" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
