"""Paths that are the same mounted and alone."""

from typing import Any

from starlette.requests import Request


def path_for(request: Request, name: str, /, **parts: Any) -> str:
    """Full path of a named route of the service that serves this request.

    `request.url_for` resolves on the outermost router of a mounted application and may name another service's route.
    """
    path: str = request.app.url_path_for(name, **parts)
    return f"{request.scope.get('root_path', '')}{path}"


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page, rather than a client for JSON."""
    return "text/html" in request.headers.get("accept", "")
