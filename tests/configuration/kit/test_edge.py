"""The outermost middleware: ids, log lines, headers, and the last word on failures."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from loguru import logger
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from configuration.app_factory import LARGEST_BODY, bare_application
from configuration.kit.edge import RequestEdge
from configuration.kit.logging import configure_logging, request_id
from configuration.kit.peers import PeerRegistry

LINE = re.compile(r"Log: \[(?P<id>[^:]+): (?P<time>\S+) - (?P<level>[A-Z]+) - (?P<message>.*)$")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    yield configure_logging(tmp_path / "logs")
    logger.remove()


def client_of(app: ASGIApp, **edge: Any) -> httpx.AsyncClient:
    outer = RequestEdge(app, service="test", **edge)
    return httpx.AsyncClient(transport=httpx.ASGITransport(outer), base_url="http://erp.test")


def lines(log: Path) -> list[dict[str, str]]:
    found = (LINE.match(line) for line in log.read_text().splitlines())
    return [match.groupdict() for match in found if match]


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("fine")(scope, receive, send)


class TestRequestId:
    async def test_one_is_made_returned_and_known_inside(self) -> None:
        seen = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            seen.extend([Request(scope).state.request_id, request_id.get()])
            await plain(scope, receive, send)

        async with client_of(app) as client:
            answer = await client.get("/")

        assert [answer.headers["x-request-id"]] * 2 == seen
        assert re.fullmatch("[0-9a-f]{32}", seen[0])
        assert request_id.get() == "-"

    async def test_a_well_formed_one_is_accepted(self) -> None:
        async with client_of(plain) as client:
            answer = await client.get("/", headers={"X-Request-ID": "desk-7.2026"})

        assert answer.headers["x-request-id"] == "desk-7.2026"

    @pytest.mark.parametrize("given", ["", "a b", "a" * 101, "x\\ny", "<script>", "-rf"])
    async def test_a_malformed_one_is_replaced(self, given: str) -> None:
        async with client_of(plain) as client:
            answer = await client.get("/", headers={"X-Request-ID": given})

        assert answer.headers["x-request-id"] != given

    async def test_concurrent_requests_do_not_share_one(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await asyncio.sleep(0.01)
            await PlainTextResponse(request_id.get())(scope, receive, send)

        async with client_of(app) as client:
            answers = await asyncio.gather(*(client.get("/", headers={"X-Request-ID": f"r{n}"}) for n in range(20)))

        assert [answer.text for answer in answers] == [f"r{n}" for n in range(20)]

    async def test_a_call_to_a_peer_in_this_process_keeps_it_and_logs_its_hop(self, log: Path) -> None:
        peers = PeerRegistry()
        peers.register("faculty", RequestEdge(plain, service="faculty", hop=True))

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            answer = await peers.call("faculty", "GET", "/ch04/faculty/index")
            await PlainTextResponse(answer.headers["x-request-id"])(scope, receive, send)

        async with client_of(app) as client, peers:
            answer = await client.get("/ch04/student/index")

        assert answer.text == answer.headers["x-request-id"]
        assert {line["id"] for line in lines(log)} == {answer.text}
        assert [line["message"].split(" after")[0] for line in lines(log)] == [
            "test GET /ch04/student/index started",
            "faculty hop GET /ch04/faculty/index started",
            "faculty hop GET /ch04/faculty/index ended 200",
            "test GET /ch04/student/index ended 200",
        ]


class TestLog:
    async def test_start_and_end_stand_in_the_book_s_form_with_status_and_duration(self, log: Path) -> None:
        async with client_of(plain) as client:
            answer = await client.get("/ch04/library/titles?q=secret-reader")

        first, second = log.read_text().splitlines()
        own = answer.headers["x-request-id"]
        assert re.fullmatch(rf"Log: \[{own}: \S+ - INFO - test GET /ch04/library/titles started", first)
        assert re.fullmatch(rf"Log: \[{own}: \S+ - INFO - test GET /ch04/library/titles ended 200 after \S+ ms", second)

    async def test_nothing_secret_is_written(self, log: Path) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await Request(scope, receive).body()
            raise RuntimeError("broken")

        async with client_of(app) as client:
            await client.post(
                "/login?user=hunter2", json={"password": "hunter2"}, headers={"Authorization": "Bearer hunter2"}
            )

        assert "broken" in log.read_text()
        assert "hunter2" not in log.read_text()

    async def test_a_failure_is_said_to_be_one_with_its_traceback_and_answered_without_internals(
        self, log: Path
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            raise RuntimeError("the shelf fell over")

        async with client_of(app) as client:
            answer = await client.get("/")

        assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        assert "shelf" not in answer.text
        text = log.read_text()
        assert "ERROR - test GET / failed 500 after" in text
        assert "Traceback (most recent call last)" in text
        assert "RuntimeError: the shelf fell over" in text

    async def test_a_failure_does_not_repeat_what_people_typed(self, log: Path) -> None:
        typed = {"password": "hunter2"}

        class Account(BaseModel):
            password: int

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            Account.model_validate(typed)

        async with client_of(app) as client:
            await client.get("/")

        assert "ValidationError: password: int_parsing" in log.read_text()
        assert "hunter2" not in log.read_text()

    async def test_a_path_cannot_forge_a_line(self, log: Path) -> None:
        async with client_of(plain) as client:
            await client.get("/a%0ALog: [x: y - ERROR - all records deleted]")

        assert len(log.read_text().splitlines()) == 2

    async def test_a_server_error_that_was_answered_is_logged_as_one(self, log: Path) -> None:
        async with client_of(PlainTextResponse("away", 503)) as client:
            await client.get("/")

        assert lines(log)[-1]["level"] == "ERROR"


class TestAnswers:
    async def test_every_answer_has_the_security_headers(self) -> None:
        async with client_of(plain, hsts=True) as client:
            headers = (await client.get("/")).headers

        assert headers["content-security-policy"].startswith("default-src 'self'; img-src 'self' data:")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "max-age" in headers["strict-transport-security"]

    async def test_what_the_application_says_itself_stands(self) -> None:
        async with client_of(PlainTextResponse("x", headers={"Cache-Control": "max-age=9"})) as client:
            headers = (await client.get("/")).headers

        assert headers.get_list("cache-control") == ["max-age=9"]

    async def test_a_failure_in_the_middle_of_an_answer_ends_the_connection(self) -> None:
        async def half() -> Any:
            yield b"half of"
            raise RuntimeError("gone")

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await StreamingResponse(half())(scope, receive, send)

        async with client_of(app) as client:
            with pytest.raises(RuntimeError, match="gone"):
                await client.get("/")

    async def test_more_requests_than_it_can_do_are_told_to_come_again(self) -> None:
        release = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await release.wait()
            await plain(scope, receive, send)

        async with client_of(app, most=2) as client:
            waiting = [asyncio.create_task(client.get("/")) for _ in range(2)]
            await asyncio.sleep(0.01)
            refused = await client.get("/")
            release.set()
            served = await asyncio.gather(*waiting)
            later = [await client.get("/") for _ in range(3)]

        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert refused.json()["code"] == "OVERLOADED"
        assert [answer.status_code for answer in (*served, *later)] == [200] * 5


class TestBodies:
    @pytest.fixture
    def app(self) -> FastAPI:
        app = bare_application(title="t", max_body_size=LARGEST_BODY)

        @app.post("/read")
        async def read(request: Request) -> int:
            return len(await request.body())

        @app.post("/ignore")
        async def ignore() -> int:
            return 0

        return app

    @pytest.mark.parametrize("path", ["/read", "/ignore"])
    async def test_too_large_a_body_is_refused_as_a_problem(self, app: FastAPI, path: str) -> None:
        async with client_of(app) as client:
            answer = await client.post(path, content=b"x" * (LARGEST_BODY + 1))

        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert answer.json()["code"] == "TOO_LARGE"

    async def test_a_body_without_a_length_is_counted_as_it_comes(self, app: FastAPI) -> None:
        sent = 0

        async def endless() -> Any:
            nonlocal sent
            while sent < 4 * LARGEST_BODY:
                sent += 65536
                yield b"x" * 65536

        async with client_of(app) as client:
            answer = await client.post("/read", content=endless())

        assert answer.status_code == 413
        assert sent <= LARGEST_BODY + 2 * 65536

    async def test_the_largest_body_goes_through(self, app: FastAPI) -> None:
        async with client_of(app) as client:
            answer = await client.post("/read", content=b"x" * LARGEST_BODY)

        assert answer.json() == LARGEST_BODY
