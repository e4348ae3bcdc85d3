"""The API's documents of one application: its OpenAPI and a page to read it by, without anything from outside.

Swagger UI comes from the installed package `fastapi-offline`; the page's own script is a file, so the content security
policy needs no exception.
"""

from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from configuration.kit.errors import NotFound
from configuration.kit.security.access import public

PUBLIC = Depends(public("The documents describe the API and hold no records."))
PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
START = """
const select = document.getElementById("service");
// What is tried out here is a program's call: it carries a token (Authorize) or nothing, never the visitor's session.
function asProgram(request) {
  return {...request, credentials: "omit"};
}
function show(url) {
  SwaggerUIBundle({url, dom_id: "#api", deepLinking: true, persistAuthorization: false, validatorUrl: null,
                   docExpansion: "none", requestInterceptor: asProgram,
                   presets: [SwaggerUIBundle.presets.apis], layout: "BaseLayout"});
}
select.addEventListener("change", () => show(select.value));
show(select.value);
"""
STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #fffdf8; font-family: system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
nav { padding: .75rem 1.25rem; background: #3d413c; color: #faf5e9; display: flex; flex-wrap: wrap; gap: .5rem 1rem;
      align-items: center; }
nav a { color: inherit; padding: .25rem 0; }
nav :focus-visible { outline: 3px solid #faf5e9; outline-offset: 2px; }
select { font: inherit; max-width: 100%; min-height: 2rem; padding: .25rem .5rem; color: #1c2324; background: #fffdf8;
         border: 1px solid #857d6d; border-radius: 5px; }
.swagger-ui .info .title { font-family: "Iowan Old Style", Palatino, Georgia, "Liberation Serif", serif; }
.swagger-ui .scheme-container { background: none; box-shadow: none; }
"""
OWN = {
    "start.js": (START, "text/javascript; charset=utf-8"),
    "page.css": (STYLE, "text/css; charset=utf-8"),
}
THEIRS = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
}

router = APIRouter(include_in_schema=False, dependencies=[PUBLIC])


class NoSuchFile(NotFound):
    """The documents have no file of that name."""


@cache
def _swagger(name: str) -> bytes:
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise NoSuchFile("The package with Swagger UI is not installed.")
    return (Path(spec.origin).parent / "static" / name).read_bytes()


def docs_page(title: str, base: str, documents: dict[str, str], home: str) -> HTMLResponse:
    """A page with a drop-down of OpenAPI documents; `base` is the path of its files."""
    options = "".join(f'<option value="{escape(url)}">{escape(label)}</option>' for label, url in documents.items())
    first = escape(next(iter(documents.values())))
    return HTMLResponse(
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="{PICTURE}">
<link rel="stylesheet" href="{base}/swagger-ui.css"><link rel="stylesheet" href="{base}/page.css">
</head>
<body>
<nav><a href="{escape(home)}">Back</a><label for="service">API of</label><select id="service">{options}</select></nav>
<main id="api"></main>
<noscript><p>This page needs a script; <a href="{first}">the document</a> does not.</p></noscript>
<script src="{base}/swagger-ui-bundle.js"></script>
<script src="{base}/start.js"></script>
</body>
</html>""",
        headers={"Cache-Control": "no-cache"},
    )


@router.get("/openapi.json", name="docs:openapi")
async def openapi(request: Request) -> JSONResponse:
    """The OpenAPI document."""
    document: dict[str, Any] = request.app.openapi()
    return JSONResponse(document, headers={"Cache-Control": "no-cache"})


@router.get("/docs", name="docs:page")
async def page(request: Request) -> HTMLResponse:
    """The document as a page."""
    prefix = request.app.state.settings.prefix
    title = str(request.app.title)
    return docs_page(title, f"{prefix}/docs", {title: f"{prefix}/openapi.json"}, f"{prefix}/index")


@router.get("/docs/{name}", name="docs:file")
async def file(name: str) -> Response:
    """A script or a style sheet of the page."""
    headers = {"Cache-Control": "public, max-age=86400"}
    if name in OWN:
        text, kind = OWN[name]
        return Response(text, headers={**headers, "Content-Type": kind})
    if name not in THEIRS:
        raise NoSuchFile()
    return Response(_swagger(name), headers={**headers, "Content-Type": THEIRS[name]})
