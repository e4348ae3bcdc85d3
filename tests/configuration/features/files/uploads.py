"""Uploads for tests, spelled out byte by byte."""

import gzip
import io
import zipfile
from dataclasses import dataclass

BOUNDARY = "----between"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
TYPE = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def part(content: bytes, filename: str | None, field: str = "files") -> bytes:
    """One part of a form."""
    named = "" if filename is None else f'; filename="{filename}"'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{named}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    """A whole form."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def zipped(*names: str, content: bytes = b"x") -> bytes:
    """A zip with these members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return held.getvalue()


@dataclass(frozen=True)
class Case:
    """An upload, and what is declared to become of it: a refusal's code, or the name and type it is kept under."""

    what: str
    body: bytes
    code: str | None = None
    kept: tuple[str, str] | None = None

    def __str__(self) -> str:
        return self.what


def one(what: str, content: bytes, name: str, code: str | None = None, kept: tuple[str, str] | None = None) -> Case:
    """A form with a single file."""
    return Case(what, form(part(content, name)), code, kept)


def _pdf(what: str, name: str, kept: str) -> Case:
    return one(what, PDF, name, kept=(kept, "application/pdf"))


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = ["application/pdf", "application/zip", "text/plain", "application/gzip", WORD]
LIMIT = 4096
MOST = 3
CASES = [
    one("empty", b"", "a.pdf", "FILE_EMPTY"),
    one("exactly the limit", PDF + b" " * (LIMIT - len(PDF)), "a.pdf", kept=("a.pdf", "application/pdf")),
    one("one byte over", PDF + b" " * (LIMIT - len(PDF) + 1), "a.pdf", "FILE_TOO_LARGE"),
    one("a zip bomb", zipped("zeros", content=bytes(3_000_000)), "a.zip", kept=("a.zip", "application/zip")),
    one("a gzip bomb", gzip.compress(bytes(3_000_000)), "a.gz", kept=("a.gz", "application/gzip")),
    one("a zip with traversal inside", zipped("../../etc/cron.d/x"), "a.zip", kept=("a.zip", "application/zip")),
    _pdf("a name that climbs", "../../../etc/passwd.pdf", "passwd.pdf"),
    _pdf("a name that climbs as Windows does", "..\\\\..\\\\windows\\\\x.pdf", "x.pdf"),
    _pdf("an absolute name", "/etc/shadow.pdf", "shadow.pdf"),
    _pdf("a name of dots", "..", "file"),
    _pdf("no name", "", "file"),
    _pdf("a name with a percent-encoded line break", "a%0D%0ASet-Cookie: x.pdf", "a%0D%0ASet-Cookie x.pdf"),
    _pdf("a name written backwards", "cod\u202efdp.exe\u202c.pdf", "codfdp.exe.pdf"),
    _pdf("a name with an invisible joint", "a\u200bb.pdf", "ab.pdf"),
    _pdf("a device's name with a stream", "con.pdf:hidden.pdf", "con.pdf hidden.pdf"),
    _pdf("a very long name", "x" * 400 + ".pdf", "x" * 189 + ".pdf"),
    one("a program called essay.pdf", b"MZ\x90\x00" + bytes(64), "essay.pdf", "FILE_TYPE_REFUSED"),
    one("a page called essay.pdf", b"<html><script>alert(1)</script>", "essay.pdf", "FILE_TYPE_REFUSED"),
    one("a picture called essay.pdf", PNG, "essay.pdf", "FILE_TYPE_REFUSED"),
    one("a PDF called essay.exe", PDF, "essay.exe", "FILE_TYPE_REFUSED"),
    one("a PDF called essay.html", PDF, "essay.html", "FILE_TYPE_REFUSED"),
    one("a page called essay.txt", b"\xef\xbb\xbf <!-- --><HTML>", "essay.txt", "FILE_TYPE_REFUSED"),
    one("a drawing with a script", b"<svg onload='alert(1)'/>", "a.txt", "FILE_TYPE_REFUSED"),
    one("a PDF after some rubbish", b"rubbish" + PDF + b"\xff", "a.pdf", "FILE_TYPE_REFUSED"),
    one("a PDF that is a zip too", PDF + zipped("a"), "a.pdf", kept=("a.pdf", "application/pdf")),
    one("a PDF that is a zip too, as a zip", PDF + zipped("a"), "a.zip", "FILE_TYPE_REFUSED"),
    one("a zip called a.docx", zipped("a"), "a.docx", "FILE_TYPE_REFUSED"),
    one("a document", zipped("[Content_Types].xml", "word/document.xml"), "a.docx", kept=("a.docx", WORD)),
    one("a text with NUL", b"a\x00b", "a.txt", "FILE_TYPE_REFUSED"),
    one("a text that is not UTF-8", b"a\xffb", "a.txt", "FILE_TYPE_REFUSED"),
    one("comments for ever", b"<!---->" * 500 + b"<x", "a.txt", kept=("a.txt", "text/plain")),
    Case("too many files", form(*[part(PDF, f"{n}.pdf") for n in range(MOST + 1)]), "TOO_MANY_FILES"),
    Case("a thousand empty parts", form(*[part(b"", None, "text") for _ in range(1000)]), "MALFORMED_BODY"),
    Case("a field of another name", form(part(b"x", None, "student")), "MALFORMED_BODY"),
    Case("a file of another name", form(part(PDF, "a.pdf", "document")), "MALFORMED_BODY"),
    Case("a text that is too long", form(part(b"x" * 3000, None, "text")), "MALFORMED_BODY"),
    Case("a text that is not UTF-8", form(part(b"\xff", None, "text")), "MALFORMED_BODY"),
    Case("a form cut in the middle", form(part(PDF, "a.pdf"))[:-30], "MALFORMED_BODY"),
    Case("a form without its end", part(PDF, "a.pdf"), "MALFORMED_BODY"),
    Case("no form at all", b"hello", "MALFORMED_BODY"),
    Case("headers without end", f"--{BOUNDARY}\r\nX: ".encode() + b"y" * 100_000, "MALFORMED_BODY"),
]
