"""Somebody at a browser, with eyes, a keyboard, and a nose for what the browser complains about."""

from typing import Any, Protocol
from urllib.parse import urlsplit

from tests.people import PASSWORD

MOST_TABS = 90


class Visitor:
    """A page of a fresh browser profile."""

    def __init__(self, browser: Any, base: str, width: int, theme: str, *, scripts: bool) -> None:
        self.base = f"{base}/ch04"
        self._scripts = scripts
        self._host = urlsplit(base).netloc
        self._context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=theme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        self.page = self._context.new_page()
        self.request = self._context.request
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        # A page that answers 4xx is an answer; the browser notes its status on the console, and that is no complaint.
        answered = message.type == "error" and "the server responded with a status of 4" in message.text
        own = urlsplit(message.location["url"]).path == urlsplit(self.page.url).path
        if message.type in ("error", "warning") and not (answered and own):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Any) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in ("http", "https") and asked.netloc != self._host:
            self.complaints.append(f"{self.page.url} asked {request.url}")

    def leave(self) -> list[str]:
        """Close the browser profile; answers what was complained about."""
        self._context.close()
        return self.complaints

    def cookies(self) -> list[dict[str, Any]]:
        """The cookies of this browser profile."""
        return list(self._context.cookies())

    def hold(self, name: str, value: str) -> None:
        """Put a cookie into this browser profile."""
        self._context.add_cookies([{"name": name, "value": value, "url": self.base}])

    def open(self, path: str) -> int:
        """Go to a page; answers its status."""
        status: int = self.page.goto(self.base + path).status
        return status

    @property
    def path(self) -> str:
        """Where the visitor is, below the university's prefix."""
        return str(self.page.url).removeprefix(self.base)

    @property
    def words(self) -> str:
        """What the page says in its main part."""
        return str(self.page.inner_text("main"))

    def sign_in(self, service: str, user_name: str, then: str = "/index") -> None:
        """Sign in through the form."""
        self.open(f"/{service}/sign-in?next=/ch04/{service}{then}")
        self.page.fill("#user_name", user_name)
        self.page.fill("#password", PASSWORD)
        self.press("Enter")

    def press(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type into whatever has the focus and press Enter, as a scanner does, and wait for the answer."""
        stays = "() => !!document.activeElement.closest('form[data-queue]')"
        self.page.wait_for_load_state()
        self.page.keyboard.type(text)
        if self._scripts and self.page.evaluate(stays):
            self.page.keyboard.press("Enter")
            self.answered()
        else:
            self.press("Enter")

    def answered(self) -> None:
        """Wait until nothing that was scanned is under way."""
        self.page.wait_for_function("() => !document.querySelector('form[aria-busy]')")

    def tab_to(self, selector: str, text: str = "") -> None:
        """Move the focus with the Tab key alone; fails when it never gets there."""
        for _ in range(MOST_TABS):
            found = self.page.evaluate(
                "([selector, text]) => !!document.activeElement && document.activeElement.matches(selector)"
                " && document.activeElement.textContent.includes(text)",
                [selector, text],
            )
            if found:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} {text!r} cannot be reached with the Tab key on {self.path}")

    def focus(self) -> str:
        """The id of the element that has the focus."""
        return str(self.page.evaluate("document.activeElement.id"))


class NewVisitor(Protocol):
    """Makes a visitor."""

    def __call__(self, width: int = 1280, theme: str = "light", *, scripts: bool = True) -> Visitor:
        """A visitor with a window of this width and a system of this theme."""
        ...
