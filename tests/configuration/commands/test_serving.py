"""`erp serve` and `erp smoke` as people use them: real processes, a real port."""

import shutil
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.apps import free_port
from tests.configuration.commands.conftest import Erp
from tests.configuration.commands.serving import served, wait_for, wait_until_ready


@pytest.mark.slow
class TestServing:
    def test_the_story_can_be_walked_and_the_end_is_clean(self, migrated: Erp) -> None:
        migrated("demo", "--students", "4")
        port = str(free_port())
        with served(migrated, "--port", port) as server:
            walked = migrated("smoke", f"http://127.0.0.1:{port}", "--wait", "60")
            again = migrated("smoke", f"http://127.0.0.1:{port}/ch04/")
            audited = migrated("audit")
            server.send_signal(signal.SIGTERM)
            status = server.wait(30)

        assert "41 steps" in walked.output
        assert "41 steps" in again.output
        assert audited.output.count("truths hold") == 3
        # uvicorn ends by the signal it was sent, after it has let everything finish.
        assert status in {0, -signal.SIGTERM}
        assert "Application shutdown complete" in (migrated.var / "logs" / "info.log").read_text()

    def test_one_service_alone_has_its_own_address(self, migrated: Erp) -> None:
        port = str(free_port())
        with served(migrated, "--service", "library", "--port", port) as server:
            assert server.stdout is not None
            told = server.stdout.readline()

        assert f"http://127.0.0.1:{port}/ch04/library/index" in told

    def test_a_second_server_on_the_same_files_is_refused(self, migrated: Erp, backend: str) -> None:
        if backend != "sqlite":
            pytest.skip("PostgreSQL may have many servers")
        port = str(free_port())
        with served(migrated, "--port", port):
            wait_until_ready(f"http://127.0.0.1:{port}")

            result = migrated("serve", "--port", str(free_port()), expect=3)
            doctor = migrated("doctor")

        assert "Another server" in result.output
        # The copied test databases are readable by all, which the doctor calls a fault beside the server it sees.
        assert "a server uses it" in doctor.output

    def test_a_taken_port_is_told_with_another_to_try(self, migrated: Erp) -> None:
        with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
            port = other.server_address[1]

            result = migrated("serve", "--port", str(port), expect=4)

        assert f"--port {port + 1}" in result.output

    def test_workers_need_postgresql(self, migrated: Erp, backend: str) -> None:
        if backend != "sqlite":
            pytest.skip("about SQLite")

        result = migrated("serve", "--workers", "2", expect=2)

        assert "PostgreSQL" in result.output

    def test_a_host_in_production_needs_only_the_keys_of_what_it_serves(self, migrated: Erp) -> None:
        migrated.environment |= {
            "ERP_ENVIRONMENT": "production",
            "ERP_PUBLIC_URL": "https://erp.example.edu",
            "ERP_SECURE_COOKIES": "true",
            "ERP_SMTP_URL": "smtp://mail.example.edu:25",
        }
        migrated("init", "--yes")
        for other in ("student", "faculty"):
            shutil.rmtree(migrated.var / "keys" / other)
        port = str(free_port())

        with served(migrated, "--service", "library", "--port", port) as server:
            wait_until_ready(f"http://127.0.0.1:{port}", "/ch04/library/health/ready")
            running = server.poll() is None

        assert running

    def test_several_workers_share_the_port(self, migrated: Erp, backend: str) -> None:
        if backend != "postgresql":
            pytest.skip("SQLite has one server process")
        port = str(free_port())
        with served(migrated, "--port", port, "--workers", "2") as server:
            wait_until_ready(f"http://127.0.0.1:{port}")
            slow = socket.create_connection(("127.0.0.1", int(port)))
            slow.sendall(b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * 40_000)
            refused = slow.recv(100)
            slow.close()
            both = wait_for(lambda: started(migrated) == 2)
            server.send_signal(signal.SIGTERM)
            server.wait(60)

        assert refused.startswith(b"HTTP/1.1 431")
        assert both, f"{started(migrated)} workers started"

    def test_an_unmigrated_database_is_told_before_anything_starts(self, erp: Erp) -> None:
        result = erp("serve", expect=3)

        assert "erp migrate" in result.output


class _Wrong(BaseHTTPRequestHandler):
    """Answers everything with 200 and an empty object, as no university does."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class TestSmoke:
    def test_a_wrong_answer_is_told_with_its_step_and_the_exit_code(self, migrated: Erp) -> None:
        migrated("demo", "--students", "4")
        with HTTPServer(("127.0.0.1", 0), _Wrong) as wrong:
            threading.Thread(target=wrong.serve_forever, daemon=True).start()

            result = migrated("smoke", f"http://127.0.0.1:{wrong.server_address[1]}", expect=1)
            wrong.shutdown()

        assert "portal 1 leads to it" in result.output
        assert "answered 200, not 307" in result.output

    def test_nobody_there_is_told_by_its_own_exit_code(self, migrated: Erp) -> None:
        migrated("demo", "--students", "4")

        result = migrated("smoke", f"http://127.0.0.1:{free_port()}", expect=4)

        assert "does not answer" in result.output

    def test_without_sign_ins_it_says_where_they_come_from(self, migrated: Erp) -> None:
        result = migrated("smoke", expect=2)

        assert "erp demo" in result.output


def started(erp: Erp) -> int:
    """How many server processes the log tells of."""
    return (erp.var / "logs" / "info.log").read_text().count("Started server process")
