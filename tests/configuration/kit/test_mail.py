"""Outgoing mail: to a server, or into a private folder."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from configuration.kit.mail import Mailer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a client needs, and keeps what it is sent."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.received: list[str] = []
        super().__init__(("127.0.0.1", 0), Session)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Session(socketserver.StreamRequestHandler):
    """One conversation."""

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        assert isinstance(self.server, MailServer)
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "DATA":
                self.say("354 go on")
                lines = []
                while (text := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    lines.append(text)
                self.server.received.append("\n".join(lines))
            self.say("221 bye" if word == "QUIT" else "250 fine")
            if word == "QUIT":
                return


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


class TestMail:
    """Mail goes out, or is kept; it is never lost, and never in the way."""

    async def test_without_a_server_it_is_kept_in_a_private_file(self, tmp_path: Path) -> None:
        mailer = Mailer(tmp_path / "mail", "erp@example.org")

        assert await mailer.send("ann@example.org", "A code", "your code is 42", NOW)

        (path,) = (tmp_path / "mail").glob("*.eml")
        assert path.stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
        assert "To: ann@example.org" in path.read_text() and "your code is 42" in path.read_text()

    async def test_with_a_server_it_is_sent(self, tmp_path: Path, server: MailServer) -> None:
        mailer = Mailer(tmp_path / "mail", "erp@example.org", server.url)

        assert await mailer.send("ann@example.org", "A code", "your code is 42", NOW)

        assert "your code is 42" in server.received[0]
        assert not (tmp_path / "mail").exists()

    async def test_a_server_that_is_away_is_said_and_does_no_harm(self, tmp_path: Path) -> None:
        mailer = Mailer(tmp_path / "mail", "erp@example.org", "smtp://127.0.0.1:9")

        assert await mailer.send("ann@example.org", "A code", "text", NOW) is False

    async def test_a_line_break_in_an_address_forges_no_header(self, tmp_path: Path) -> None:
        mailer = Mailer(tmp_path / "mail")

        assert await mailer.send("ann@example.org\nBcc: all@example.org", "A code", "text", NOW) is False

    def test_the_servers_password_is_not_shown(self, tmp_path: Path) -> None:
        assert "hunter2" not in repr(Mailer(tmp_path, "erp@example.org", "smtp://erp:hunter2@mail.example.org"))
