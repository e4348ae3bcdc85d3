"""The proof that the library forgets: after a reader's whole story everything is looked through for its traces.

Every table of every database, with the rows that a row refers to; every file of the installation, the log, the outgoing
mail and the bytes of the databases themselves among them.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from loguru import logger
from sqlalchemy import Engine, create_engine, inspect, make_url, text

from configuration.kit.database.sqlite import driver
from configuration.kit.features import audit, idempotency, jobs
from configuration.kit.features.accounts.model import SignedIn
from configuration.kit.features.accounts.use_cases import signing_in
from configuration.kit.logging import configure_logging
from configuration.kit.security.tokens import issue_access
from library_mgt.repository import events
from library_mgt.repository.invariants import INVARIANTS
from tests.apps import Erp, erp_settings, mounted
from tests.conftest import MigratedUrl
from tests.people import Someone, add_account, roles_of, signed_in

LIBRARY = "/ch04/library"
NUMBER, NAME, CARD = 77120034, "Quillfeather", "QX90210"
EMAIL = "zenobia@quillfeather.example"
READER = re.compile(rf"{NUMBER}|{NAME}|zenobia|{CARD}", re.IGNORECASE)
TITLE, BARCODE = "Proofs Nobody Remembers", "PRF0001"
BOOK = re.compile(rf"{TITLE}|{BARCODE}", re.IGNORECASE)
TASKS = ("forget-loans", "forget-requests", "forget-refusals", "forget-answers")
NEAR = 400
"""Bytes of a database's page within which a name and a title count as one record."""


@dataclass
class World:
    """A university with one reader, and what she did with one book."""

    erp: Erp
    librarian: Someone
    zenobia: Someone
    var: Path
    patron_id: int = 0

    async def call(self, who: Someone, method: str, path: str, body: Any = None, *, key: str | None = None) -> Any:
        headers = {**who.headers, **({"Idempotency-Key": key} if key else {})}
        options = {} if body is None else {"json": body}
        answer = await self.erp.client.request(method, path, headers=headers, **options)
        assert answer.status_code < 500, answer.text
        return answer.json() if answer.content else None

    async def task(self, name: str, *, days: float = 0) -> jobs.TaskRow:
        """A task of the library, so many days from now."""
        state = self.erp.app("library").state
        zone = state.settings.zone_info

        def clock() -> datetime:
            now: datetime = state.clock() + timedelta(days=days)
            return now

        await asyncio.to_thread(jobs.run_now, state.database, state.tasks, name, clock=clock, zone=zone)
        rows = await state.database.read(jobs.tasks_listed)
        row: jobs.TaskRow = next(row for row in rows if row.name == name)
        assert row.last_state == "done", row
        return row

    async def forget(self, *, days: float = 100) -> None:
        """All that is forgotten by itself, so many days from now."""
        for name in TASKS:
            await self.task(name, days=days)
        for service in ("student", "faculty"):
            state = self.erp.app(service).state
            await state.database.write(idempotency.forget_before, state.clock() + timedelta(days=days))


async def zenobia_of(erp: Erp) -> Someone:
    """A student with a number, a name and an address that stand nowhere by chance."""
    app = erp.app("student")
    now = app.state.clock()

    def enter(tx: Any) -> tuple[Any, SignedIn]:
        made = add_account(
            tx, roles_of("student"), "student", user_name="zenobia", person_no=NUMBER, email=EMAIL, now=now
        )
        return made, signing_in.open_sign_in(tx, "student", made.id, "api", agent="test", now=now)

    account, signed = await app.state.database.write(enter)
    standing = signed.standing
    token, _ = issue_access(app.state.keyring, standing.actor, now, version=standing.version, until=standing.until)
    return Someone(account, standing.actor, token, signed)


@pytest.fixture
async def world(tmp_path: Path, migrated_url: MigratedUrl) -> AsyncIterator[World]:
    var = tmp_path / "var"
    var.mkdir(mode=0o700)
    urls: dict[str, str] = {}

    def url(package: str) -> str:
        """A database file of the installation lies in its folder, as it does in life."""
        made = migrated_url(package)
        if made.startswith("sqlite:"):
            Path(make_url(made).database or "").rename(var / f"{package}.db")
            made = f"sqlite:///{var / package}.db"
        return urls.setdefault(package, made)

    configure_logging(var / "logs")
    async with mounted(erp_settings(var, url)) as erp:
        zenobia = await zenobia_of(erp)
        yield World(erp, await signed_in(erp.app("library"), "librarian"), zenobia, var)
    logger.remove()


async def live(world: World) -> None:
    """Her whole story with the book: requested, rejected, refused, fetched, late, announced, brought back; twice."""
    desk, she, call = world.librarian, world.zenobia, world.call
    book = {"book_id": 424242, "title": TITLE, "author": "A. Author", "classification": "Fiction", "barcode": BARCODE}
    await call(desk, "POST", f"{LIBRARY}/book/add", book)
    await call(desk, "POST", f"{LIBRARY}/titles/number:424242/copies", {"barcode": "PRF0002"})
    wish = await call(she, "POST", "/ch04/student/reserve/book", {"book_id": 424242}, key="a-wish")
    await call(she, "POST", f"{LIBRARY}/requests", {"book_id": 424242}, key="refused")
    reason = {"reason": f"{NAME} has it at home, she says."}
    await call(desk, "POST", f"{LIBRARY}/requests/{wish['req_id']}/reject", reason, key="b")
    behalf = {"book_id": 424242, "patron": f"student:{NUMBER}", "behalf_reason": f"{NAME} called, {EMAIL}."}
    again = await call(desk, "POST", f"{LIBRARY}/requests", behalf, key="c")
    world.patron_id = 1
    await call(desk, "POST", f"{LIBRARY}/patrons/1/cards", {"number": CARD})
    await call(desk, "POST", f"{LIBRARY}/requests/{again['id']}/approve", key="d")
    await call(desk, "POST", f"{LIBRARY}/returns", {"barcode": BARCODE}, key="e")
    await world.task("deliver-notices")
    loan = await call(desk, "POST", f"{LIBRARY}/loans", {"patron": CARD, "barcode": BARCODE}, key="f")
    for days in (26, 30, 40):
        await world.task("mention-due", days=days)
        await world.task("deliver-notices", days=days)
    await call(she, "POST", f"{LIBRARY}/loans/{loan['id']}/announce-return", key="g")
    await call(desk, "POST", f"{LIBRARY}/returns", {"barcode": BARCODE}, key="h")
    block = {"blocked": True, "reason": "Ask for the deposit."}
    await call(desk, "POST", f"{LIBRARY}/patrons/1/block", block)
    override = {"codes": ["PATRON_BLOCKED"], "reason": f"{NAME} has paid, student:{NUMBER} is fine."}
    second = {"patron": CARD, "barcode": BARCODE, "override": override}
    assert (await call(desk, "POST", f"{LIBRARY}/loans", second, key="i"))["id"]
    await call(desk, "POST", f"{LIBRARY}/returns", {"barcode": BARCODE}, key="j")


@dataclass(frozen=True)
class Row:
    """A row and all that it refers to, as text and as columns."""

    table: str
    columns: Mapping[str, Any]
    said: str


def engine_of(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return create_engine(parsed, module=driver)
    return create_engine(parsed.set(drivername="postgresql+psycopg"))


def rows_of(url: str) -> Iterator[Row]:
    """Every row of every table, together with the rows that its foreign keys lead to."""
    engine = engine_of(url)
    with engine.connect() as connection:
        seen = inspect(connection)
        for table in seen.get_table_names():
            keys = [key for key in seen.get_foreign_keys(table) if key["referred_table"] != "patron"]
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                columns, said = dict(row), " ".join(map(_spelled, row.values()))
                for key in keys:
                    there = zip(key["referred_columns"], key["constrained_columns"], strict=True)
                    wanted = {name: row[own] for name, own in there}
                    if None in wanted.values():
                        continue
                    where = " AND ".join(f'"{name}" = :{name}' for name in wanted)
                    asked = text(f'SELECT * FROM "{key["referred_table"]}" WHERE {where}')
                    for parent in connection.execute(asked, wanted).mappings():
                        columns = {**parent, **columns}
                        said += " " + " ".join(map(_spelled, parent.values()))
                yield Row(table, columns, said)
    engine.dispose()


def _spelled(value: Any) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def tells(row: Row, patron_id: int) -> bool:
    """Whether a row connects the reader with the book, by words or by ids."""
    reader = READER.search(row.said) or row.columns.get("patron_id") == patron_id
    about = ("loan_id", "request_id", "title_id", "copy_id", "book_id")
    subject = re.match(r"(loan|request|title|copy):", str(row.columns.get("subject", "")))
    own = row.table in ("loan", "request")
    book = BOOK.search(row.said) or any(row.columns.get(name) for name in about) or subject or own
    return bool(reader and book)


def traces(world: World) -> list[str]:
    """Where the reader and the book still stand together."""
    found = []
    for own in world.erp.settings.services:
        found += [
            f"{own.service}.{row.table}: {row.said}" for row in rows_of(own.database) if tells(row, world.patron_id)
        ]
    return found + list(file_traces(world.var))


def file_traces(var: Path, *, closed: bool = False) -> Iterator[str]:
    """Files in which both stand together: in one line of a text, in one request of the log, near in a database.

    An open database has a write-ahead log, which holds what was before until it is written over: the bytes of a
    database are looked through once it is `closed`.
    """
    for path in sorted(path for path in var.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix in (".db", ".db-wal"):
            yield from _page_traces(path, content) if closed else ()
            continue
        lines = content.decode("utf-8", "replace")
        pieces = (
            [lines] if path.suffix == ".eml" else _by_request(lines) if path.suffix == ".log" else lines.splitlines()
        )
        yield from (f"{path.name}: {piece[:300]}" for piece in pieces if READER.search(piece) and _book_in(piece))


def _book_in(piece: str) -> bool:
    return bool(BOOK.search(piece) or re.search(r"/(loans|requests|titles|copies)/\d", piece))


def _by_request(lines: str) -> Iterator[str]:
    """The log's lines of one request together; those of no request one by one."""
    together: dict[str, list[str]] = {}
    for line in lines.splitlines():
        log_id = line.partition("[")[2].partition(":")[0]
        if log_id == "-":
            yield line
        together.setdefault(log_id, []).append(line)
    yield from ("\n".join(some) for log_id, some in together.items() if log_id != "-")


def _page_traces(path: Path, content: bytes, page: int = 4096) -> Iterator[str]:
    """Records of an SQLite file, deleted ones too, that hold both."""
    for start in range(0, len(content), page):
        chunk = content[start : start + page].decode("latin-1")
        for reader in READER.finditer(chunk):
            near = chunk[max(0, reader.start() - NEAR) : reader.end() + NEAR]
            if BOOK.search(near):
                yield f"{path.name} page {start // page}: {near!r}"


class TestForgetting:
    async def test_nothing_anywhere_tells_who_had_the_book(self, world: World) -> None:
        await live(world)
        before = traces(world)
        tables = {line.partition(":")[0] for line in before}

        await world.forget()

        assert {
            "library.loan",
            "library.request",
            "library.notice",
            "library.audit_actor",
            "library.idempotency",
        } <= tables
        assert {line.partition("-")[0] for line in before if ".eml" in line} == {"library"}
        assert traces(world) == []
        url = next(own.database for own in world.erp.settings.services if own.service == "library")
        colleagues = [row for row in rows_of(url) if row.table == "audit_actor" and "loan:1" in row.said]
        assert {row.columns["person"] for row in colleagues} == {world.librarian.actor.person}, (
            "who lent it stays known"
        )
        violations = await world.erp.app("library").state.database.read(audit.check, INVARIANTS)
        assert violations == []
        chain = await world.erp.app("library").state.database.read(audit.verify)
        assert chain == []

    async def test_nor_do_the_bytes_that_lie_there_when_the_house_has_closed(
        self, tmp_path: Path, migrated_url: MigratedUrl, backend: str
    ) -> None:
        if backend != "sqlite":
            pytest.skip("PostgreSQL's files are not the installation's; its vacuum clears them")
        generator = world.__wrapped__(tmp_path, migrated_url)  # type: ignore[attr-defined]
        made = await anext(generator)
        await live(made)
        await made.forget()
        with pytest.raises(StopAsyncIteration):
            await anext(generator)

        assert list(file_traces(made.var, closed=True)) == []
        assert (made.var / "library_mgt.db").stat().st_size > 0

    async def test_what_is_not_old_enough_stays_and_the_last_borrower_a_little_longer(self, world: World) -> None:
        await live(world)

        await world.forget(days=29)
        young = await _patrons_of_loans(world)
        await world.forget(days=45)
        last = await _patrons_of_loans(world)

        assert (young, last) == ([1, 1], [None, 1])

    async def test_who_chose_to_keep_the_history_keeps_it_until_choosing_otherwise(self, world: World) -> None:
        await live(world)
        chosen = await world.call(world.zenobia, "PUT", f"{LIBRARY}/history/mine", {"kept": True})
        await world.forget()
        kept = await _patrons_of_loans(world)
        await world.call(world.zenobia, "PUT", f"{LIBRARY}/history/mine", {"kept": False})

        await world.forget()

        assert (chosen["kept"], kept) == (True, [1, 1])
        assert traces(world) == []

    @pytest.mark.parametrize("fault", ["an event that names her", "an answer that is kept", "a mail that stays"])
    async def test_a_trace_that_stays_is_found(self, world: World, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
        plant: Mapping[str, Callable[[], None]] = {
            "an event that names her": lambda: _name_in_events(monkeypatch),
            "an answer that is kept": lambda: monkeypatch.setattr(idempotency, "forget_before", lambda *_: 0),
            "a mail that stays": lambda: monkeypatch.setattr("configuration.kit.mail.Mailer.forget", lambda *_: None),
        }
        plant[fault]()
        await live(world)

        await world.forget()

        where = {"an event that names her": "circulation_event", "an answer that is kept": "idempotency"}
        assert any(where.get(fault, ".eml") in line for line in traces(world))


def _name_in_events(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = events.add

    def naming(tx: Any, kind: str, *, facts: Any = None, **known: Any) -> None:
        honest(tx, kind, facts={**(facts or {}), "reader": f"student:{NUMBER}"}, **known)

    monkeypatch.setattr(events, "add", naming)


async def _patrons_of_loans(world: World) -> list[int | None]:
    url = next(own.database for own in world.erp.settings.services if own.service == "library")
    found = sorted((row.columns for row in rows_of(url) if row.table == "loan"), key=lambda columns: columns["id"])
    return [columns["patron_id"] for columns in found]
