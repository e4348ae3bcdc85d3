"""Rule 6: the same key gives the same answer, and one effect."""

import asyncio
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Body, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Column, MetaData, String, Table, func, select

from configuration.kit.database import NAMING, Database, Statement, Transaction, id_column, insert_into
from configuration.kit.errors import Conflict, Refusal
from configuration.kit.features.idempotency import Answer, Key, KeyDep, KeyReused, forget_before, forgetting, once
from configuration.kit.features.idempotency.once import _stored
from configuration.kit.features.idempotency.tables import metadata as keys
from configuration.kit.security.actor import Actor
from tests.configuration.features.conftest import OpenWith

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
KEY = Key("student:1001", "library:check_out", "k-1", "f" * 64, NOW)

shop = MetaData(naming_convention=NAMING)
sale = Table("sale", shop, id_column(), Column("name", String(50), nullable=False))
_ADD = Statement(insert_into(sale, returning=("id",)))
_COUNT = Statement(select(func.count()).select_from(sale))


@dataclass(frozen=True)
class Sale:
    """What was sold."""

    id: int
    name: str


class SaleRead(BaseModel):
    """The answer to a client."""

    id: int
    name: str


class SoldOut(Conflict):
    """Nothing is left."""


def sell(tx: Transaction, name: str) -> Sale:
    """Sell one."""
    return Sale(tx.scalar(_ADD, name=name), name)


def count(tx: Transaction) -> int:
    """How many were sold."""
    many: int = tx.scalar(_COUNT)
    return many


@pytest.fixture
def db(open_with: OpenWith) -> Database:
    """A shop with idempotency keys."""
    return open_with(keys, shop)


async def sell_once(db: Database, key: Key | None, name: str = "tea", **options: Any) -> Answer:
    """Sell through `once`, as a controller does."""
    return await db.write(once, key, sell, name, answer=SaleRead, **options)


def replayed(answer: Answer) -> bool:
    """Whether the answer says that it was stored earlier."""
    return answer.headers.get("Idempotency-Replayed") == "true"


class TestOnce:
    """A request and its duplicates."""

    async def test_a_duplicate_gets_the_stored_answer_and_has_no_effect(self, db: Database) -> None:
        first = await sell_once(db, KEY, etag=lambda sold: f'"{sold.id}"')

        second = await sell_once(db, KEY, etag=lambda sold: f'"{sold.id}"')

        assert (first.status_code, first.body, first.headers["etag"]) == (201, b'{"id":1,"name":"tea"}', '"1"')
        assert (second.status_code, second.body, second.headers["etag"]) == (201, first.body, '"1"')
        assert [replayed(first), replayed(second)] == [False, True]
        assert await db.read(count) == 1

    async def test_without_a_key_every_request_has_its_effect(self, db: Database) -> None:
        for _ in range(2):
            assert not replayed(await sell_once(db, None))

        assert await db.read(count) == 2

    @pytest.mark.parametrize("other", [{"principal": "student:7"}, {"route": "library:request"}, {"key": "k-2"}])
    async def test_another_person_route_or_key_is_another_request(self, db: Database, other: dict[str, str]) -> None:
        await sell_once(db, KEY)

        assert not replayed(await sell_once(db, replace(KEY, **other)))  # type: ignore[arg-type]
        assert await db.read(count) == 2

    async def test_the_same_key_for_another_request_is_refused(self, db: Database) -> None:
        await sell_once(db, KEY)

        with pytest.raises(KeyReused):
            await sell_once(db, replace(KEY, fingerprint="e" * 64), name="coffee")

        assert await db.read(count) == 1

    async def test_a_refusal_is_not_stored_so_that_a_later_try_may_succeed(self, db: Database) -> None:
        def sold_out(tx: Transaction) -> Sale:
            sell(tx, "tea")
            raise SoldOut

        with pytest.raises(SoldOut):
            await db.write(once, KEY, sold_out, answer=SaleRead)

        assert not replayed(await sell_once(db, KEY))
        assert await db.read(count) == 1

    async def test_an_answer_without_a_body(self, db: Database) -> None:
        for _ in range(2):
            answer = await db.write(once, KEY, sell, "tea", answer=None, status=204)

        assert (answer.status_code, answer.body, replayed(answer)) == (204, b"", True)

    async def test_twenty_at_once_have_one_effect(self, db: Database) -> None:
        answers = await asyncio.gather(*(sell_once(db, KEY) for _ in range(20)))

        assert await db.read(count) == 1
        assert {answer.body for answer in answers} == {answers[0].body}
        assert sum(replayed(answer) for answer in answers) == 19

    async def test_a_duplicate_waits_for_the_first_to_end(self, db: Database) -> None:
        inside, go_on = threading.Event(), threading.Event()

        def slowly(tx: Transaction) -> Sale:
            inside.set()
            assert go_on.wait(5)
            return sell(tx, "tea")

        first = asyncio.create_task(db.write(once, KEY, slowly, answer=SaleRead))
        await asyncio.to_thread(inside.wait, 5)
        second = asyncio.create_task(sell_once(db, KEY))
        await asyncio.sleep(0.1)
        waited = not second.done()
        go_on.set()

        assert waited
        assert replayed(await second)
        assert (await first).body == (await second).body

    async def test_when_the_first_is_refused_the_waiting_duplicate_does_the_work(self, db: Database) -> None:
        inside, go_on = threading.Event(), threading.Event()

        def refuses(tx: Transaction) -> Sale:
            sell(tx, "tea")
            inside.set()
            assert go_on.wait(5)
            raise SoldOut

        first = asyncio.create_task(db.write(once, KEY, refuses, answer=SaleRead))
        await asyncio.to_thread(inside.wait, 5)
        second = asyncio.create_task(sell_once(db, KEY))
        await asyncio.sleep(0.05)
        go_on.set()

        assert not replayed(await second)
        assert isinstance((await asyncio.gather(first, return_exceptions=True))[0], SoldOut)
        assert await db.read(count) == 1

    async def test_asking_first_and_acting_in_a_second_unit_would_act_twice(self, db: Database) -> None:
        """The planted fault: the key is looked up outside the unit that acts."""
        both_asked = asyncio.Barrier(2)

        async def careless() -> None:
            stored = await db.read(_stored, KEY)
            await both_asked.wait()
            if stored is None:
                await db.write(sell, "tea")

        await asyncio.gather(careless(), careless())

        assert await db.read(count) == 2

    async def test_old_answers_are_forgotten(self, db: Database) -> None:
        await sell_once(db, KEY)
        await sell_once(db, replace(KEY, key="k-2", at=NOW + timedelta(days=2)))

        assert await db.write(forget_before, NOW + timedelta(days=1)) == 1

        assert not replayed(await sell_once(db, KEY))

    async def test_a_running_service_forgets_what_is_older_than_a_day(self, db: Database) -> None:
        await sell_once(db, KEY)

        async with forgetting(db, clock=lambda: NOW + timedelta(hours=25), every=60), asyncio.timeout(5):
            while await db.read(_stored, KEY) is not None:
                await asyncio.sleep(0.01)

        assert not replayed(await sell_once(db, KEY))


class TestTheHeader:
    """`Idempotency-Key` in requests."""

    @pytest.fixture
    def backend(self) -> str:
        """The header has nothing to do with the database."""
        return "sqlite"

    @pytest.fixture
    def client(self, db: Database) -> httpx.AsyncClient:
        """A shop on the network."""
        app = FastAPI()
        app.state.clock = lambda: NOW

        async def somebody(request: Request) -> Actor:
            request.state.actor = Actor("student:1001", "student", "S")
            actor: Actor = request.state.actor
            return actor

        @app.post("/sales/{shelf}", dependencies=[Depends(somebody)], status_code=201)
        async def sell_here(shelf: int, name: Annotated[str, Body(embed=True)], key: KeyDep) -> Answer:
            return await sell_once(db, key, f"{name} of shelf {shelf}")

        async def refused(_: Request, refusal: Exception) -> JSONResponse:
            assert isinstance(refusal, Refusal)
            return JSONResponse({"code": refusal.code}, refusal.status)

        app.add_exception_handler(Refusal, refused)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop")

    async def post(self, client: httpx.AsyncClient, key: str | None, path: str = "/sales/1", name: str = "tea") -> Any:
        """Send one order."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return await client.post(path, json={"name": name}, headers=headers)

    async def test_the_same_request_is_replayed(self, client: httpx.AsyncClient) -> None:
        first, second = [await self.post(client, "abc") for _ in range(2)]

        assert first.json() == second.json() == {"id": 1, "name": "tea of shelf 1"}
        assert second.headers["Idempotency-Replayed"] == "true"

    @pytest.mark.parametrize("changed", [{"name": "coffee"}, {"path": "/sales/2"}, {"path": "/sales/1?x=1"}])
    async def test_another_body_path_or_query_is_another_request(
        self, client: httpx.AsyncClient, changed: dict[str, str]
    ) -> None:
        await self.post(client, "abc")

        answer = await self.post(client, "abc", **changed)

        assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")

    @pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "ü"])
    async def test_a_key_that_is_not_well_formed_is_refused(self, client: httpx.AsyncClient, key: str) -> None:
        answer = await client.post("/sales/1", json={"name": "tea"}, headers=[(b"Idempotency-Key", key.encode())])

        assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_KEY_INVALID")

    async def test_without_a_key_nothing_is_stored(self, client: httpx.AsyncClient) -> None:
        first, second = [await self.post(client, None) for _ in range(2)]

        assert first.json()["id"] != second.json()["id"]
