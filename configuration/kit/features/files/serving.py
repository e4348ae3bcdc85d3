"""A stored file as an answer: to be saved, never to be shown inside the university's own pages."""

from base64 import b64encode
from urllib.parse import quote

from starlette.responses import FileResponse

from configuration.kit.features.files.kinds import TEXT, UNKNOWN
from configuration.kit.features.files.store import FileStore

_ACTIVE = frozenset({"text/html", "image/svg+xml", "application/xml"})


def attachment(store: FileStore, sha256: str, *, name: str, media_type: str) -> FileResponse:
    """The bytes with the name they came under. What a browser could run is sent as mere bytes."""
    kind = UNKNOWN if media_type in _ACTIVE else f"{TEXT}; charset=utf-8" if media_type == TEXT else media_type
    plain = "".join(character if character.isascii() and character not in '"\\' else "_" for character in name)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "Repr-Digest": f"sha-256=:{_base64(sha256)}:",
    }
    return FileResponse(store.reading(sha256), media_type=kind, headers=headers)


def _base64(sha256: str) -> str:
    return b64encode(bytes.fromhex(sha256)).decode("ascii")
