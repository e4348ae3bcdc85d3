"""Connections to a service elsewhere: when one is used again, and when never."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.gateway.elsewhere import gateway_to, proxied, raw

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Scripted:
    """A server that gives each request the next of its answers; `connections` counts who came."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                answer = self.answers.pop(0)
                writer.write(answer)
                if b"content-length" not in answer or b"cut" in answer:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


async def answers_of(script: Scripted, count: int) -> list[tuple[int, str]]:
    async with raw(script) as port, proxied(port) as client:
        answers = [await client.get("/ch04/faculty/x") for _ in range(count)]
    return [(answer.status_code, answer.text) for answer in answers]


class TestConnections:
    async def test_one_is_kept_for_request_after_request(self) -> None:
        script = Scripted(
            OK, b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"HTTP/1.1 304 Same\r\ncontent-length: 9\r\n\r\n", OK
        )

        answers = await answers_of(script, 4)

        assert answers == [(200, "ok"), (200, "ok"), (304, ""), (200, "ok")]
        assert script.connections == 1

    @pytest.mark.parametrize(
        "first",
        [
            OK + b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil",
            b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
            b"HTTP/1.0 200 OK\r\n\r\nok",
        ],
    )
    async def test_one_that_says_too_much_or_ends_is_not_used_again(self, first: bytes) -> None:
        script = Scripted(first, OK)

        assert await answers_of(script, 2) == [(200, "ok"), (200, "ok")]
        assert script.connections == 2

    async def test_an_answer_cut_short_is_cut_short_for_the_client(self, tmp_path: Path) -> None:
        script = Scripted(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ncut")
        async with raw(script) as port, gateway_to(f"http://127.0.0.1:{port}", tmp_path) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get("/ch04/faculty/x")

    async def test_a_service_may_ask_for_tls(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate = _certificate(tmp_path)
        context.load_cert_chain(certificate)
        server = await asyncio.start_server(Scripted(OK), "127.0.0.1", 0, ssl=context)
        async with server:
            port = server.sockets[0].getsockname()[1]
            async with proxied(port, scheme="https") as client:
                unknown = await client.get("/ch04/faculty/x")
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            async with proxied(port, scheme="https") as client:
                trusted = await client.get("/ch04/faculty/x")

        assert (unknown.status_code, trusted.text) == (503, "ok")


def _certificate(folder: Path) -> Path:
    """A certificate for the loopback that nobody else trusts, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "loopback.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return path
