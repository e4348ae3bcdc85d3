"""The real processes: started as the README says, logged in one place, stopped without losing anybody."""

import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from configuration.settings import ROOT, SERVICES
from tests.apps import environment_of, free_port, serve

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def var(tmp_path: Path, sqlite_templates: Callable[[str], Path]) -> Path:
    for service in SERVICES:
        shutil.copy(sqlite_templates(f"{service}_mgt"), tmp_path / f"{service}.db")
    return tmp_path


class TestStarting:
    @pytest.mark.parametrize("module", ["", "library_mgt", "faculty_mgt", "student_mgt"])
    def test_the_whole_or_one_service_answers_under_the_same_path(self, var: Path, module: str) -> None:
        service = module.removesuffix("_mgt") or "library"

        with serve(var, module=module) as server:
            answer = httpx.get(f"{server.url}/ch04/{service}/index")
            other = httpx.get(f"{server.url}/ch04/nowhere")
            status = server.stop()

        assert answer.status_code == 200
        assert (other.status_code, other.headers["content-type"]) == (404, "application/problem+json")
        assert "server" not in answer.headers
        assert status in (0, -signal.SIGTERM)

    def test_uvicorn_starts_a_service_as_in_the_book(self, var: Path) -> None:
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "main:library_app", "--port", str(port)]

        process = subprocess.Popen(
            command, cwd=ROOT, env=environment_of(var), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            transport = httpx.HTTPTransport(retries=8)
            with httpx.Client(transport=transport, timeout=10) as client:
                answer = client.get(f"http://127.0.0.1:{port}/ch04/library/health/ready")
        finally:
            process.terminate()
            process.wait(10)

        assert answer.json() == {"status": "ready", "service": "library"}
        assert "access" not in (var / "logs" / "info.log").read_text()

    def test_wrong_settings_are_told_in_one_message_and_nothing_starts(self, var: Path) -> None:
        environment = environment_of(var, prot=1, zone="Nowhere/Land")

        done = subprocess.run(
            [sys.executable, "-m", "library_mgt"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
        )

        assert done.returncode != 0
        assert "The settings have 2 faults:" in done.stderr
        assert "did you mean ERP_PORT?" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize("missing", [True, False], ids=["absent", "old"])
    def test_a_database_that_is_not_migrated_is_not_served(self, var: Path, missing: bool) -> None:
        (var / "library.db").unlink()
        if not missing:
            (var / "library.db").touch()

        done = subprocess.run(
            [sys.executable, "-m", "library_mgt"],
            cwd=ROOT,
            env=environment_of(var),
            capture_output=True,
            text=True,
            timeout=30,
        )

        assert done.returncode != 0
        assert "The database of the library service" in done.stderr
        assert "erp migrate" in done.stderr


class TestLog:
    def test_uvicorn_s_lines_and_ours_stand_in_one_file(self, var: Path) -> None:
        with serve(var) as server:
            httpx.get(f"{server.url}/ch04/library/index?q=hunter2", headers={"X-Request-ID": "r42"})
            server.stop()

        text = server.log.read_text()
        assert "Log: [-: " in text and "Uvicorn running on" in text
        assert "Log: [r42: " in text and "gateway GET /ch04/library/index ended 422" in text
        assert "Finished server process" in text
        assert "hunter2" not in text
        assert all(line.startswith("Log: [") for line in text.splitlines())


class TestStopping:
    async def test_requests_under_way_are_finished(self, var: Path) -> None:
        with serve(var) as server:
            async with httpx.AsyncClient(base_url=server.url) as client:
                slow = asyncio.create_task(client.post("/ch04/preferences", content=_slowly(), headers=FORM))
                await asyncio.sleep(0.3)
                server.process.send_signal(signal.SIGTERM)
                answer = await slow
            status = server.process.wait(20)

        assert answer.status_code == 303
        assert status in (0, -signal.SIGTERM)


async def _slowly() -> AsyncIterator[bytes]:
    for _ in range(5):
        yield b"theme=dark&"
        await asyncio.sleep(0.2)
