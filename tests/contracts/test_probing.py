"""The prober itself: planted faults are found."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.responses import JSONResponse

from tests.benchmarks.servers import free_port
from tests.contracts.probing import Prober


def planted() -> FastAPI:
    """An application with one sound operation and three that break their word."""
    app = FastAPI()

    @app.get("/sound/{number}")
    async def sound(number: int) -> dict[str, int]:
        return {"number": number}

    @app.get("/crash/{number}")
    async def crash(number: int) -> dict[str, int]:
        return {"number": 1 // (number - 7)}

    @app.get("/undeclared")
    async def undeclared() -> JSONResponse:
        return JSONResponse({}, status_code=418)

    @app.get("/shape", response_model=dict[str, int])
    async def shape() -> JSONResponse:
        return JSONResponse({"number": "seven"})

    return app


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(planted(), port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


class TestProbing:
    def test_planted_faults_are_found_and_sound_operations_are_not_blamed(self, address: str) -> None:
        prober = Prober(planted().openapi(), known={"number": [7]}, examples=6)

        findings = prober.probe(address)

        assert findings.faults.keys() >= {
            ("GET /crash/{number}", "ServerError (500)"),
            ("GET /undeclared", "UndefinedStatusCode (418)"),
            ("GET /shape", "JsonSchemaError (200)"),
        }
        assert {kind for label, kind in findings.faults if "sound" in label} <= {"NotAProblem (422)"}
        assert "GET /sound/{number}" in findings.reached

    def test_a_refusal_in_plain_json_breaks_the_conventions(self, address: str) -> None:
        prober = Prober(planted().openapi(), examples=2)

        findings = prober.probe(address)

        assert ("GET /sound/{number}", "NotAProblem (422)") in findings.faults
