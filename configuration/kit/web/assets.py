"""Style sheets, scripts and images of a service, held in memory and served under a hash of their content.

Bootstrap's CSS comes from the installed `bootstrap-wrapper` package; nothing of it is copied into this repository.
"""

import gzip
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bootstrap_wrapper import get_bootstrap_css_dir  # type: ignore[import-untyped]  # it ships no types
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
OWN = Path(__file__).parent / "static"
STYLE_SHEET = "erp.css"
FOREVER = "public, max-age=31536000, immutable"
DARK = "[data-bs-theme=dark]"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes over the wire, plain and compressed."""

    media_type: str
    plain: bytes
    packed: bytes


def follow_system_theme(css: str) -> str:
    """Repeat Bootstrap's dark rules for people who leave the theme to their system.

    Bootstrap's compiled CSS knows `data-bs-theme=dark` alone; with `data-bs-theme=system` the same rules hold while
    the system prefers dark, so no script has to choose.
    """
    ends = (piece for piece in css.split("}") if DARK in piece)
    # Within a media query a piece begins with the query's own bracket; the rule is what follows the last but one.
    rules = "".join("{".join(end.split("{")[-2:]) + "}" for end in ends)
    return "@media (prefers-color-scheme:dark){" + rules.replace(DARK, "[data-bs-theme=system]") + "}"


@lru_cache(maxsize=1)
def _style_sheet() -> bytes:
    bootstrap = (get_bootstrap_css_dir() / "bootstrap.min.css").read_text(encoding="utf-8")
    bootstrap = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", bootstrap)
    ours = "".join(path.read_text(encoding="utf-8") for path in sorted(OWN.glob("theme-*.css")))
    return "\n".join([bootstrap, follow_system_theme(bootstrap), ours]).encode()


@lru_cache(maxsize=64)
def _packed(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


class Assets:
    """An ASGI application that serves `<digest>/<name>`; mount it at a service's `/static`."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        files: dict[str, bytes] = {STYLE_SHEET: _style_sheet()}
        for folder in (OWN, *folders):
            for path in sorted(folder.glob("*")):
                if path.suffix in TYPES and not path.name.startswith("theme-"):
                    files[path.name] = path.read_bytes()
        self._files = {name: Asset(TYPES[Path(name).suffix], plain, _packed(plain)) for name, plain in files.items()}
        whole = b"".join(name.encode() + b"\0" + plain for name, plain in sorted(files.items()))
        self.digest = hashlib.sha256(whole).hexdigest()[:12]

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def path_of(self, name: str) -> str:
        """Path below the mount; an unknown name is a mistake of ours and raises."""
        if name not in self._files:
            raise LookupError(f"no static file {name!r}")
        return f"{self.digest}/{name}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        await self.answer(request)(scope, receive, send)

    def answer(self, request: Request) -> Response:
        """The file, cached for ever under the present digest and not at all under another one."""
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Only GET and HEAD.", 405, {"Allow": "GET, HEAD"})
        digest, _, name = request.url.path.rsplit("/static/", 1)[-1].partition("/")
        asset = self._files.get(name)
        if asset is None:
            return PlainTextResponse("There is no such file.", 404, {"X-Content-Type-Options": "nosniff"})
        headers = {
            "Cache-Control": FOREVER if digest == self.digest else "no-cache",
            "X-Content-Type-Options": "nosniff",
            "Content-Type": asset.media_type,
            "Vary": "Accept-Encoding",
        }
        body = asset.plain
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = asset.packed
        headers["Content-Length"] = str(len(body))
        return Response(b"" if request.method == "HEAD" else body, headers=headers)
