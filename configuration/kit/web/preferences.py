"""What a visitor prefers, kept in one readable cookie: theme, shortcuts, language."""

from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import parse_qsl, urlencode

from babel.core import negotiate_locale
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "erp_view"
Theme = Literal["system", "light", "dark"]
THEMES: tuple[Theme, ...] = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Preferences:
    """How pages look and whether single keys act as shortcuts."""

    theme: Theme = "system"
    shortcuts: bool = True
    language: str = ""

    def as_cookie(self) -> str:
        """The cookie's value; `preferences_of` reads it back."""
        return urlencode({"theme": self.theme, "keys": "on" if self.shortcuts else "off", "lang": self.language})


def preferences_of(request: Request) -> Preferences:
    """The visitor's preferences; whatever does not read counts as not said."""
    said = dict(parse_qsl(request.cookies.get(COOKIE, "")[:200]))
    theme = cast(Theme, said["theme"]) if said.get("theme") in THEMES else "system"
    return Preferences(theme, said.get("keys") != "off", said.get("lang", "")[:12])


def keep(response: Response, preferences: Preferences, *, path: str, secure: bool) -> None:
    """Remember the preferences for a year."""
    response.set_cookie(
        COOKIE, preferences.as_cookie(), max_age=31_536_000, path=path, httponly=True, samesite="lax", secure=secure
    )


def language_of(request: Request, offered: tuple[str, ...]) -> str:
    """The language chosen, else the best of what the browser accepts, else the first offered."""
    if len(offered) == 1:
        return offered[0]
    wanted = [preferences_of(request).language]
    wanted += [part.partition(";")[0].strip() for part in request.headers.get("accept-language", "")[:200].split(",")]
    return negotiate_locale([w for w in wanted if w], offered, sep="-") or offered[0]
