"""The central log: one sink for everything, rotated, in the book's form or as JSON."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from loguru import logger

from configuration.kit.logging import configure_logging, failure_text, request_id


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    logger.remove()


class TestSink:
    def test_the_lines_of_uvicorn_stand_in_it_with_the_id_of_the_request(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path)
        token = request_id.set("r1")

        logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
        request_id.reset(token)

        assert log.name == "info.log"
        assert log.read_text().startswith("Log: [r1: ")
        assert log.read_text().rstrip().endswith(" - INFO - Started server process [7]")

    def test_uvicorn_s_own_access_line_is_left_out_for_it_holds_the_query_string(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path)

        logging.getLogger("uvicorn.access").info("GET /login?password=hunter2")

        assert log.read_text() == ""
        assert not logging.getLogger("uvicorn.access").hasHandlers()

    def test_a_traceback_of_another_library_is_kept(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path)

        try:
            raise LookupError("nowhere")
        except LookupError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")

        assert "LookupError: nowhere" in log.read_text()

    def test_braces_in_a_message_are_only_braces(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path)

        logging.getLogger("x").warning("a {placeholder} and {0}")

        assert "a {placeholder} and {0}" in log.read_text()

    def test_it_is_rotated(self, tmp_path: Path) -> None:
        configure_logging(tmp_path, rotation="1 KB")

        for number in range(40):
            logger.info("line {}", number)

        assert len(list(tmp_path.glob("info*.log"))) > 1

    def test_a_process_follows_a_rotation_made_by_another(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path, shared=True)
        logger.info("before")
        log.rename(tmp_path / "moved.log")

        logger.info("after")

        assert "after" in log.read_text()

    def test_it_speaks_json_where_a_setting_says_so(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path, as_json=True)

        logger.info("hello")

        record = json.loads(log.read_text())["record"]
        assert (record["message"], record["extra"]["log_id"]) == ("hello", "-")

    async def test_the_id_is_carried_into_threads(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path)
        token = request_id.set("r2")

        await asyncio.to_thread(logger.info, "from a thread")
        request_id.reset(token)

        assert "Log: [r2:" in log.read_text()


class TestFailureText:
    def test_shows_the_chain_of_causes_but_no_values_of_variables(self) -> None:
        password = "hunter2"
        try:
            try:
                assert password
                raise KeyError("inner")
            except KeyError as inner:
                raise RuntimeError("outer") from inner
        except RuntimeError as error:
            text = failure_text(error)

        assert "RuntimeError: outer" in text
        assert "which was caused by" in text
        assert "KeyError: 'inner'" in text
        assert "hunter2" not in text.replace('password = "hunter2"', "")

    def test_a_database_s_error_is_told_without_its_detail(self) -> None:
        class Diagnosis:
            message_primary = "duplicate key value violates unique constraint"

        class DatabaseError(Exception):
            diag = Diagnosis()

        text = failure_text(DatabaseError("DETAIL: Key (user_name)=(juan.cruz) already exists."))

        assert text.endswith("duplicate key value violates unique constraint")
        assert "juan" not in text
