"""The pages of one service: templates, shared shell, static files, error pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from babel.support import NullTranslations, Translations
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from configuration.kit.clock import utc_now
from configuration.kit.security.actor import Actor
from configuration.kit.security.sessions import read_cookie
from configuration.kit.web import flash as flashes
from configuration.kit.web.assets import Assets
from configuration.kit.web.flash import Flash, Kind
from configuration.kit.web.formats import Formats
from configuration.kit.web.preferences import language_of, preferences_of
from configuration.kit.web.site import MenuItem, Place, Site, marked
from configuration.kit.web.urls import safe_next, with_next

HERE = Path(__file__).parent
LOCALES = HERE / "locales"
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept, Cookie",
}
GATEWAY = Place("gateway", marked("University"), "", "", "/")
ROLE_NAMES = {
    "student": marked("student"),
    "registrar": marked("registrar"),
    "lecturer": marked("lecturer"),
    "dean": marked("dean"),
    "librarian": marked("librarian"),
    "library_assistant": marked("library assistant"),
    "operator": marked("operator"),
    "auditor": marked("auditor"),
}
FormToken = Callable[[Request], str]


def no_form_token(request: Request) -> str:
    """The token of a visitor without a session: none, since there is nothing to forge."""
    return str(getattr(request.state, "form_token", "") or "")


def _translations(locales: Path, language: str) -> NullTranslations:
    return Translations.load(locales, [language]) if locales.exists() else NullTranslations()


class Pages:
    """Renders a service's templates inside the shared shell.

    `folders` are package folders that may hold `templates/` and `static/`; a service's own templates win over the
    kit's. `service` is a place's name, or `gateway`.
    """

    def __init__(
        self,
        service: str,
        *,
        site: Site | None = None,
        folders: Sequence[Path] = (),
        menu: Sequence[MenuItem] = (),
        form_token: FormToken = no_form_token,
        locales: Path = LOCALES,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.service = service
        self.site = site or Site()
        self.root = self.site.root_of(service)
        self.menu = tuple(menu)
        self.assets = Assets([folder / "static" for folder in folders])
        self._form_token = form_token
        self._clock = clock
        self._folders = [*(folder / "templates" for folder in folders), HERE / "templates"]
        self._translations = {language: _translations(locales, language) for language in self.site.languages}
        self._formats = {
            language: Formats(language, self.site.zone, clock, self._translations[language])
            for language in self.site.languages
        }
        self._environments = {language: self._environment(language) for language in self.site.languages}

    def _environment(self, language: str) -> Environment:
        environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in self._folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_translations(self._translations[language], newstyle=True)  # type: ignore[attr-defined]
        environment.filters.update(self._formats[language].filters())
        environment.globals.update(
            site=self.site,
            here=next((place for place in self.site.places if place.name == self.service), GATEWAY),
            static=self.static,
            url=self.url,
            language=language,
            form_key=lambda: uuid4().hex,
            with_next=with_next,
            role_names=ROLE_NAMES,
        )
        return environment

    def url(self, path: str = "") -> str:
        """Full path of a page of this service: the same mounted and alone."""
        return self.root + path

    def static(self, name: str) -> str:
        """Full path of a static file, with the hash of its content."""
        return f"{self.root}/static/{self.assets.path_of(name)}"

    def gettext(self, request: Request) -> Callable[[str], str]:
        """What translates a message into the visitor's language."""
        translations: NullTranslations = self._translations[language_of(request, self.site.languages)]
        return translations.ugettext

    def ngettext(self, request: Request) -> Callable[[str, str, int], str]:
        """What translates a message with a number in it: singular, plural and the number."""
        translations: NullTranslations = self._translations[language_of(request, self.site.languages)]
        return translations.ungettext

    def speech(self, request: Request | None = None) -> Formats:
        """The visitor's language; where no visitor asks, the first one offered."""
        return self._formats[language_of(request, self.site.languages) if request else self.site.languages[0]]

    def absolute(self, request: Request, instant: datetime) -> str:
        """An instant in words: day, time and zone, in the visitor's language."""
        return self._formats[language_of(request, self.site.languages)].absolute(instant)

    def deadline(self, request: Request, instant: datetime) -> str:
        """Until when, in words: the day alone where it lasts until the end of that day."""
        return self._formats[language_of(request, self.site.languages)].deadline(instant)

    def unasked(self) -> tuple[Callable[[str], str], Callable[[datetime], str]]:
        """What translates, and what spells a deadline, where no visitor asks: in the first language offered."""
        first = self.site.languages[0]
        return self._translations[first].ugettext, self._formats[first].deadline

    def safe_next(self, target: str | None, fallback: str | None = None) -> str:
        """`target` if it is one of the university's pages, else `fallback`, else the service's home."""
        home = self.site.prefix + "/" if self.service == "gateway" else self.url("/index")
        return safe_next(target, self.site.prefix, home if fallback is None else fallback)

    def render(
        self,
        request: Request,
        name: str,
        status: int = 200,
        *,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """A page. Pages of a signed-in person are never stored by browser or proxy."""
        actor: Actor | None = getattr(request.state, "actor", None)
        language = language_of(request, self.site.languages)
        message = flashes.take(request)
        html = (
            self._environments[language]
            .get_template(name)
            .render(
                {
                    "actor": actor,
                    "known_at": cookie.issuer if (cookie := read_cookie(request)) else "",
                    "request_id": getattr(request.state, "request_id", ""),
                    "form_token": self._form_token(request) if actor else "",
                    "menu": [item for item in self.menu if item.visible_to(actor)],
                    "current": self._current(request),
                    "come_back": self._asked_for(request),
                    "flash": message,
                    "now": self._clock(),
                    "preferences": preferences_of(request),
                    **context,
                }
            )
        )
        cache = "no-store" if actor or message else "private, no-cache"
        response = HTMLResponse(html, status, {**HEADERS, "Cache-Control": cache, **(headers or {})})
        if flashes.COOKIE in request.cookies:
            response.delete_cookie(flashes.COOKIE, path=self.site.prefix)
        return response

    def redirect(
        self, path: str, message: str | None = None, kind: Kind = "success", about: str = ""
    ) -> RedirectResponse:
        """Answer a form: on to `path` (of this service, or full) with a message for the page there.

        `about` refers to whatever the message leaves for that page to name.
        """
        target = path if path.startswith(self.site.prefix) else self.url(path)
        response = RedirectResponse(target, 303, {"Cache-Control": "no-store"})
        if message:
            secure = self.site.secure_cookies
            flashes.put(response, Flash(kind, message, about), path=self.site.prefix, secure=secure)
        return response

    def problem(
        self, request: Request, problem: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Response:
        """The page for a problem document; a visitor who must sign in first is taken there and back."""
        status = int(problem.get("status", 500))
        if status == 401 and request.method in ("GET", "HEAD"):
            sign_in = with_next(f"{self.site.prefix}/sign-in", self._asked_for(request))
            return RedirectResponse(sign_in, 303, {"Cache-Control": "no-store"})
        return self.render(request, "shell/problem.html", status, headers=headers, problem=problem)

    def _asked_for(self, request: Request) -> str:
        """Full path and query of a page asked for; a form's address is none to come back to."""
        if request.method not in ("GET", "HEAD"):
            return ""
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")

    def _current(self, request: Request) -> str:
        """Path of the page asked for, below the service's root."""
        path = request.url.path
        return path.removeprefix(self.root)
