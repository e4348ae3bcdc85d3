"""The few routes every service's pages share."""

from dataclasses import replace
from typing import cast

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.security import csrf
from configuration.kit.security.access import public
from configuration.kit.web.forms import fields_of
from configuration.kit.web.pages import Pages
from configuration.kit.web.preferences import THEMES, Theme, keep, preferences_of

router = APIRouter(include_in_schema=False)


@router.post("/preferences", dependencies=[Depends(public("sets a cookie with the visitor's own view, no record"))])
async def prefer(request: Request) -> Response:
    """Remember theme, shortcuts and language in a cookie, and go back to the page."""
    csrf.require_same_origin(request)
    pages: Pages = request.app.state.pages
    fields = await fields_of(request)
    preferences = preferences_of(request)
    if fields.get("theme") in THEMES:
        preferences = replace(preferences, theme=cast(Theme, fields["theme"]))
    if fields.get("shortcuts") in ("on", "off"):
        preferences = replace(preferences, shortcuts=fields["shortcuts"] == "on")
    if fields.get("language") in pages.site.languages:
        preferences = replace(preferences, language=fields["language"])
    response = pages.redirect(pages.safe_next(fields.get("next")))
    keep(response, preferences, path=pages.site.prefix, secure=pages.site.secure_cookies)
    return response
