"""Pages, rendered by a small application of the tests' own."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from configuration.kit.security.actor import UNIVERSITY, Actor
from configuration.kit.web import MenuItem, Pages, Site

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
READER = Actor("student:1001", "student", "Amara <b>Castellanos</b>", {"student": frozenset({UNIVERSITY})})
BODY = '{% extends "shell/base.html" %}{% block main %}<h1>{{ word }}</h1>{{ at|when }}{% endblock %}'


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "word.html").write_text(BODY)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "own.js").write_text("'use strict';")
    site = Site(university="Westmere", zone=ZoneInfo("Europe/Madrid"))
    menu = [
        MenuItem("Find", "/find"),
        MenuItem("Desk", "/desk", roles=frozenset({"librarian"})),
        MenuItem("Hours", "/word", signed_in=True, office=True),
    ]
    return Pages("library", site=site, folders=[tmp_path], menu=menu, clock=lambda: NOW)


@pytest.fixture
def browser(pages: Pages) -> Iterator[TestClient]:
    async def word(request: Request) -> Response:
        request.state.request_id = "req-1"
        request.state.actor = READER if "signed" in request.query_params else None
        return pages.render(request, "word.html", word=request.query_params.get("word", ""), at=NOW + timedelta(days=3))

    async def told(request: Request) -> Response:
        return pages.redirect("/word", "Done: <i>it</i>")

    async def refused(request: Request) -> Response:
        request.state.request_id = "req-2"
        status = int(request.path_params["status"])
        document = {
            "title": "No",
            "status": status,
            "detail": "Why not.",
            "code": "NO",
            "errors": [],
            "request_id": "req-2",
        }
        return pages.problem(request, document)

    routes = [
        Route("/word", word),
        Route("/told", told, methods=["POST"]),
        Route("/refused/{status}", refused, methods=["GET", "POST"]),
        Mount("/static", pages.assets),
    ]
    app = Starlette(routes=[Mount("/ch04/library", Starlette(routes=routes))])
    with TestClient(app, follow_redirects=False) as client:
        yield client


class TestShowAPage:
    def test_everything_a_person_typed_is_escaped(self, browser: TestClient) -> None:
        page = browser.get("/ch04/library/word", params={"word": "<script>alert(1)</script>", "signed": "yes"})

        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text
        assert "Amara &lt;b&gt;" in page.text

    def test_no_script_or_style_stands_in_the_page(self, browser: TestClient) -> None:
        page = browser.get("/ch04/library/word")

        assert "style=" not in page.text
        assert "<style" not in page.text
        assert "onclick" not in page.text
        assert page.text.count("<script") == page.text.count('<script src="/ch04/library/static/') == 1
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]

    def test_a_time_says_how_far_exactly_when_and_in_which_zone(self, browser: TestClient) -> None:
        page = browser.get("/ch04/library/word")

        assert "in 3 days" in page.text
        assert "Wed 4 Mar 2026, 13:00 CET" in page.text
        assert 'datetime="2026-03-04T13:00:00+01:00"' in page.text

    def test_the_menu_offers_only_what_the_person_may_do(self, browser: TestClient) -> None:
        visitor = browser.get("/ch04/library/word")
        reader = browser.get("/ch04/library/word?signed=yes")

        assert "/ch04/library/find" in visitor.text
        assert "/ch04/library/desk" not in visitor.text
        assert "/ch04/library/desk" not in reader.text

    def test_the_office_stands_apart_and_says_which_of_its_pages_is_open(self, browser: TestClient) -> None:
        visitor = browser.get("/ch04/library/word")
        reader = browser.get("/ch04/library/word?signed=yes")

        assert "<summary>Office" not in visitor.text
        assert "<summary>Office: Hours</summary>" in reader.text

    def test_a_signed_in_persons_page_is_stored_nowhere(self, browser: TestClient) -> None:
        visitor = browser.get("/ch04/library/word")
        reader = browser.get("/ch04/library/word?signed=yes")

        assert visitor.headers["cache-control"] == "private, no-cache"
        assert reader.headers["cache-control"] == "no-store"

    def test_the_footer_names_the_request(self, browser: TestClient) -> None:
        page = browser.get("/ch04/library/word")

        assert "<code>req-1</code>" in page.text

    def test_signing_in_leads_back_here(self, browser: TestClient) -> None:
        page = browser.get("/ch04/library/word?word=a")

        assert 'href="/ch04/sign-in?next=/ch04/library/word%3Fword%3Da"' in page.text


class TestCarryAMessageOverARedirect:
    def test_the_next_page_says_it_once_and_escaped(self, browser: TestClient) -> None:
        sent = browser.post("/ch04/library/told")

        first = browser.get(sent.headers["location"])
        second = browser.get(sent.headers["location"])

        assert sent.status_code == 303
        assert "Done: &lt;i&gt;it&lt;/i&gt;" in first.text
        assert "Done:" not in second.text

    @pytest.mark.parametrize("junk", ["x", "W10=", "eyJhIjoxfQ==", "WyJldmlsIiwieCJd", "\x7f", "W" * 5000])
    def test_a_cookie_that_does_not_read_is_passed_over(self, browser: TestClient, junk: str) -> None:
        browser.cookies.set("erp_flash", junk)

        page = browser.get("/ch04/library/word")

        assert page.status_code == 200
        assert 'class="notice' not in page.text


class TestChooseHowPagesLook:
    @pytest.mark.parametrize("theme", ["light", "dark", "system"])
    def test_the_cookie_decides_without_a_script(self, browser: TestClient, theme: str) -> None:
        browser.cookies.set("erp_view", f"theme={theme}&keys=off")

        page = browser.get("/ch04/library/word")

        assert f'data-bs-theme="{theme}"' in page.text
        assert 'data-shortcuts="off"' in page.text

    def test_junk_in_the_cookie_means_the_system_decides(self, browser: TestClient) -> None:
        browser.cookies.set("erp_view", "theme=%22%3E%3Cscript%3E&lang=" + "x" * 500)

        page = browser.get("/ch04/library/word")

        assert 'data-bs-theme="system"' in page.text

    def test_leaving_it_to_the_system_repeats_every_dark_rule(self, pages: Pages) -> None:
        css = bytes(pages.assets.answer(_get("/static/x/erp.css")).body).decode()

        assert css.count("[data-bs-theme=dark]") == css.count("[data-bs-theme=system]") > 5


class TestSpeakAnotherLanguage:
    def test_a_catalogue_translates_words_dates_and_numbers(self, tmp_path: Path) -> None:
        _translate(tmp_path / "locales", "de", {"Catalogue": "Katalog", "Sign in": "Anmelden"})
        site = Site(languages=("en", "de"), zone=ZoneInfo("Europe/Berlin"))
        pages = Pages("library", site=site, locales=tmp_path / "locales", clock=lambda: NOW)
        wanted = {"accept-language": "fr;q=0.9, de-AT", "host": "t"}

        page = pages.render(_get("/ch04/library/x", wanted), "shell/home.html", title="", lead="", doors=[])
        html = bytes(page.body).decode()
        said = pages.absolute(_get("/ch04/library/x", wanted), NOW)

        assert '<html lang="de"' in html
        assert "Anmelden" in html
        assert said == "So. 1 März 2026, 13:00 CET"


class TestRefuseInABrowser:
    def test_who_must_sign_in_is_taken_there_and_back(self, browser: TestClient) -> None:
        answer = browser.get("/ch04/library/refused/401?a=1")

        assert answer.status_code == 303
        assert answer.headers["location"] == "/ch04/sign-in?next=/ch04/library/refused/401%3Fa%3D1"

    def test_a_form_sent_signed_out_is_not_repeated_blindly(self, browser: TestClient) -> None:
        answer = browser.post("/ch04/library/refused/401")

        assert answer.status_code == 401
        assert "next=/ch04/library/refused" not in answer.text

    @pytest.mark.parametrize("status", [403, 404, 409, 413, 422, 429, 500, 503])
    def test_the_page_says_what_why_what_to_do_and_which_request(self, browser: TestClient, status: int) -> None:
        page = browser.get(f"/ch04/library/refused/{status}")

        assert page.status_code == status
        assert "Why not." in page.text
        assert "What you can do" in page.text
        assert "<code>req-2</code>" in page.text


class TestServeStaticFiles:
    def test_a_file_under_its_hash_is_kept_for_ever(self, browser: TestClient, pages: Pages) -> None:
        answer = browser.get(pages.static("own.js"))

        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"

    def test_under_another_hash_it_is_served_but_not_kept(self, browser: TestClient) -> None:
        answer = browser.get("/ch04/library/static/000000000000/erp.css")

        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-cache"

    @pytest.mark.parametrize("name", ["nope.css", "../pages.py", "%2e%2e/pages.py", "theme-1-ground.css", ""])
    def test_only_named_files_are_served(self, browser: TestClient, pages: Pages, name: str) -> None:
        answer = browser.get(f"/ch04/library/static/{pages.assets.digest}/{name}")

        assert answer.status_code == 404

    def test_a_style_sheet_names_no_other_host(self, pages: Pages) -> None:
        css = bytes(pages.assets.answer(_get("/static/x/erp.css")).body).decode()

        assert "@import" not in css
        assert "url(http" not in css
        assert "sourceMappingURL" not in css


def _get(path: str, headers: Mapping[str, str] = MappingProxyType({})) -> Request:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request(
        {"type": "http", "method": "GET", "path": path, "headers": raw, "query_string": b"", "root_path": ""}
    )


def _translate(locales: Path, language: str, words: Mapping[str, str]) -> None:
    catalogue = Catalog(locale=language)
    for said, translated in words.items():
        catalogue.add(said, translated)
    folder = locales / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as compiled:
        write_mo(compiled, catalogue)
