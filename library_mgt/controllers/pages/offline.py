"""The desk without network: a page that a browser keeps, and that writes the offline journal.

It holds nothing but a scan box, so it is open to everybody; sending what was written needs a sign-in at the desk. A
small service worker keeps this one page and its parts, and touches no other page.
"""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from configuration.kit.security.access import public
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.pages import HEADERS

WORKER = (Path(__file__).parents[2] / "static" / "offline-worker.js").read_text(encoding="utf-8")
OPEN = Depends(public("A scan box without a record: it has to open while nobody can sign in."))
router = APIRouter(include_in_schema=False, dependencies=[OPEN])


@router.get("/offline", name="pages:offline")
async def offline(request: Request, pages: PagesDep) -> Response:
    """The page that works without network once it was opened."""
    worker = f"{pages.url('/offline-worker.js')}?v={pages.assets.digest}"
    return pages.render(request, "offline.html", worker=worker)


@router.get("/offline-worker.js", name="pages:offline:worker")
async def worker(v: Annotated[str, Query(max_length=20)] = "") -> Response:  # noqa: ARG001 - the worker reads it
    """The worker. Its place decides which pages it may serve; `v` names the parts that belong together."""
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(
        WORKER,
        media_type="text/javascript; charset=utf-8",
        headers=headers | {"Content-Security-Policy": HEADERS["Content-Security-Policy"]},
    )


@router.get("/offline.webmanifest", name="pages:offline:manifest")
async def manifest(pages: PagesDep) -> Response:
    """What a browser needs to install the page."""
    return JSONResponse(
        {
            "id": pages.url("/offline"),
            "name": f"{pages.site.university}: desk without network",
            "short_name": "Library desk",
            "start_url": pages.url("/offline"),
            "scope": pages.url("/offline"),
            "display": "standalone",
            "background_color": "#f8f5ee",
            "theme_color": "#3d413c",
            "icons": [{"src": pages.static("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        media_type="application/manifest+json",
        headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"},
    )
