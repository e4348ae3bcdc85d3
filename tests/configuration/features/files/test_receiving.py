"""Uploads, among them hostile ones, behave as declared, and nothing of a refused one stays."""

import hashlib
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from configuration.kit.features.files import FileStore, Limits, receiving
from configuration.kit.features.files.store import INCOMING
from configuration.kit.problems import install_problem_handlers
from tests.configuration.features.files.uploads import CASES, LIMIT, MOST, PDF, TYPE, TYPES, Case, form, part


def app_with(store: FileStore, limits: Limits, *, parsed: bool = False) -> FastAPI:
    app = FastAPI()
    install_problem_handlers(app)

    @app.post("/")
    async def take(request: Request) -> dict[str, Any]:
        if parsed:
            await request.form()
        async with receiving(request, store, limits) as upload:
            return {"fields": upload.fields, "files": [[f.name, f.sha256, f.media_type] for f in upload.files]}

    return app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "var" / "files" / "faculty")


@pytest.fixture
async def client(store: FileStore) -> AsyncIterator[httpx.AsyncClient]:
    limits = Limits(files=MOST, file_bytes=LIMIT, types=TYPES, fields=("text",), field_bytes=2000)
    async with client_of(app_with(store, limits)) as client:
        yield client


def everything_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_each_upload_behaves_as_declared(
    case: Case, client: httpx.AsyncClient, store: FileStore, tmp_path: Path
) -> None:
    answer = await client.post("/", content=case.body, headers=TYPE)

    if case.kept is None:
        assert answer.json()["code"] == case.code, answer.text
        assert answer.status_code == (413 if case.code == "FILE_TOO_LARGE" else 422)
        assert everything_under(tmp_path) == []
        return
    assert answer.status_code == 200, answer.text
    ((name, digest, kind),) = answer.json()["files"]
    assert (name, kind) == case.kept
    assert everything_under(tmp_path) == [store.path(digest)]
    assert hashlib.sha256(store.path(digest).read_bytes()).hexdigest() == digest
    assert store.path(digest).stat().st_mode & 0o777 == 0o600


async def test_texts_and_files_come_in_order_and_the_same_bytes_are_kept_once(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    body = form(part(b"my \xc3\xa9ssay", None, "text"), part(PDF, "a.pdf"), part(PDF, "b.pdf"), part(b"hi", "c.txt"))

    answer = (await client.post("/", content=body, headers=TYPE)).json()

    assert answer["fields"] == {"text": "my éssay"}
    assert [name for name, _, _ in answer["files"]] == ["a.pdf", "b.pdf", "c.txt"]
    assert len(everything_under(tmp_path)) == 2


async def test_a_form_that_was_parsed_before_is_taken_alike(store: FileStore) -> None:
    body = form(part(b"t", None, "text"), part(b"x", None, "form_token"), part(PDF, "../a.pdf"), part(b"", ""))
    async with client_of(app_with(store, Limits(fields=("text",)), parsed=True)) as client:
        answer = await client.post("/", content=body, headers=TYPE)

    assert answer.json()["fields"] == {"text": "t"}
    assert [name for name, _, _ in answer.json()["files"]] == ["a.pdf"]


async def test_a_large_file_does_not_lie_in_memory(store: FileStore) -> None:
    size = 24 * 1024 * 1024
    piece = b"\x01" * 65536

    async def sent() -> AsyncIterator[bytes]:
        whole = form(part(b"@", "big.bin"))
        yield whole.partition(b"@")[0]
        for _ in range(size // len(piece)):
            yield piece
        yield whole.partition(b"@")[2]

    async with client_of(app_with(store, Limits(file_bytes=size))) as client:
        tracemalloc.start()
        answer = await client.post("/", content=sent(), headers=TYPE)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert store.path(answer.json()["files"][0][1]).stat().st_size == size
    assert peak < 4 * 1024 * 1024


async def test_a_client_that_goes_away_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    app = app_with(store, Limits())
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": part(PDF * 10_000, "a.pdf"), "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {
        "type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "",
        "headers": [(b"content-type", TYPE["Content-Type"].encode())], "http_version": "1.1", "scheme": "http",
        "server": ("test", 80), "client": ("test", 1),
    }  # fmt: skip
    sent = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)

    assert sent[0]["status"] == 422
    assert everything_under(tmp_path) == []
    assert (store.folder / INCOMING).is_dir()
