"""The front door: portals by id, landing, health side by side, merged documents without the internet."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from configuration.settings import SERVICES, Settings
from tests.apps import MODES, Erp, open_erp

HTML = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(params=MODES)
async def erp(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Erp]:
    for service in SERVICES:
        (tmp_path / f"{service}.db").touch()
    async with open_erp(request.param, Settings(var=tmp_path)) as erp:
        yield erp


class TestPortals:
    @pytest.mark.parametrize(("portal_id", "service"), [(1, "student"), (2, "faculty"), (3, "library")])
    async def test_an_id_leads_to_its_portal_by_a_relative_address(
        self, erp: Erp, portal_id: int, service: str
    ) -> None:
        answer = await erp.client.get(f"/ch04/university/{portal_id}", headers={"Host": "evil.test"})

        assert (answer.status_code, answer.headers["location"]) == (307, f"/ch04/{service}/index")

    @pytest.mark.parametrize("portal_id", ["0", "4", "-1", "99999999999999999999999999"])
    async def test_any_other_integer_gets_the_book_s_message(self, erp: Erp, portal_id: str) -> None:
        answer = await erp.client.get(f"/ch04/university/{portal_id}")

        assert (answer.status_code, answer.json()) == (200, {"message": "University ERP Systems"})

    @pytest.mark.parametrize("portal_id", ["one", "1.5", "%20", "9" * 5000])
    async def test_what_is_no_integer_is_malformed(self, erp: Erp, portal_id: str) -> None:
        answer = await erp.client.get(f"/ch04/university/{portal_id}")

        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")

    async def test_the_portals_say_what_the_book_s_settings_say(self, erp: Erp) -> None:
        student = (await erp.client.get("/ch04/student/index")).json()
        faculty = (await erp.client.get("/ch04/faculty/index")).json()
        library = (await erp.client.get("/ch04/library/index")).json()

        assert (student["development_server"], student["dev_port"]) == ("devserver200", 10000)
        assert (faculty["production_server"], faculty["prod_port"]) == ("prodserver100", 9000)
        assert {"project_name", "webmaster", "created"} <= library.keys()


class TestAddresses:
    @pytest.mark.parametrize(("path", "target"), [("/", "/ch04/"), ("/ch04", "/ch04/"), ("/docs", "/ch04/docs")])
    async def test_short_ones_lead_on(self, erp: Erp, path: str, target: str) -> None:
        answer = await erp.client.get(path, headers={"Host": "evil.test"})

        assert (answer.status_code, answer.headers["location"]) == (307, target)

    async def test_a_bare_service_leads_to_its_index(self, erp: Erp) -> None:
        assert (await erp.client.get("/ch04/library")).headers["location"] == "/ch04/library/index"

    async def test_the_landing_is_a_list_for_a_client_and_a_page_for_a_browser(self, erp: Erp) -> None:
        listed, page = await erp.client.get("/ch04/"), await erp.client.get("/ch04/", headers=HTML)

        assert [portal["index"] for portal in listed.json()["portals"]] == [f"/ch04/{name}/index" for name in SERVICES]
        assert page.headers["content-type"].startswith("text/html")
        assert 'href="/ch04/library/index"' in page.text

    async def test_a_browser_that_is_lost_gets_a_page(self, erp: Erp) -> None:
        answer = await erp.client.get("/ch04/nowhere", headers=HTML)

        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert answer.headers["x-request-id"] in answer.text


class TestHealth:
    async def test_the_gateway_is_ready_without_its_services_and_shows_them_side_by_side(self, erp: Erp) -> None:
        whole = (await erp.client.get("/ch04/health")).json()
        await erp.app("faculty").state.database.close()

        degraded, own = await erp.client.get("/ch04/health"), await erp.client.get("/ch04/health/ready")

        assert whole["status"] == "ready"
        assert degraded.json()["status"] == "degraded"
        assert {name: state["status"] for name, state in degraded.json()["services"].items()} == {
            "student": "ready", "faculty": "away", "library": "ready",
        }  # fmt: skip
        assert own.status_code == 200
        assert (await erp.client.get("/ch04/library/health/ready")).status_code == 200


class TestDocuments:
    async def test_one_document_holds_every_service_without_a_clash(self, erp: Erp) -> None:
        root, prefixed = await erp.client.get("/openapi.json"), await erp.client.get("/ch04/openapi.json")

        document = root.json()
        assert document == prefixed.json()
        for service in SERVICES:
            assert f"/ch04/{service}/health/ready" in document["paths"]
        ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
        assert len(ids) == len(set(ids))
        assert document["paths"]["/ch04/library/book/request"]["post"]["summary"] == "Request a book for oneself"
        referred = set(re.findall(r"#/components/schemas/(\w+)", root.text))
        assert referred <= document["components"]["schemas"].keys()

    async def test_a_service_that_is_away_is_named_and_asked_again(self, erp: Erp) -> None:
        registry = erp.gateway.state.peers
        target = registry._targets["faculty"]
        registry.register("faculty", "http://127.0.0.1:9")

        partial = (await erp.client.get("/openapi.json")).json()
        await registry.close()
        registry.register("faculty", target)
        whole = (await erp.client.get("/openapi.json")).json()

        assert partial["x-away"] == ["faculty"]
        assert "x-away" not in whole

    @pytest.mark.parametrize("base", ["/ch04", "/ch04/library"])
    async def test_the_page_loads_nothing_from_elsewhere_and_runs_no_inline_script(self, erp: Erp, base: str) -> None:
        page = await erp.client.get(f"{base}/docs")

        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
        assert "<style" not in page.text and "style=" not in page.text
        used = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        files = [path for path in used if path.endswith((".js", ".css"))]
        assert not [path for path in used if "//" in path and not path.startswith("data:")]
        assert len(files) == 4
        for path in files:
            answer = await erp.client.get(path)
            assert (answer.status_code, len(answer.content) > 100) == (200, True)
            assert answer.headers["content-type"].startswith(("text/javascript", "text/css"))

    async def test_the_page_offers_a_document_per_service(self, erp: Erp) -> None:
        page = await erp.client.get("/ch04/docs")

        offered = re.findall(r'<option value="([^"]+)"', page.text)
        assert offered == ["/ch04/openapi.json", *(f"/ch04/{service}/openapi.json" for service in SERVICES)]
        for path in offered:
            assert (await erp.client.get(path)).json()["openapi"].startswith("3.1")
