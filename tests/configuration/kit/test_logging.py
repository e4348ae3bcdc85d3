"""The central log: one sink for everything, rotated, in the book's form or as JSON."""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from configuration.kit.logging import configure_logging, failure_text, request_id, tell


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


LINE = re.compile(r"Log: \[(\S+): (\S+) - (\w+) - (.*)")


class TestTheShortWay:
    def test_writes_the_line_that_loguru_writes(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path)
        token = request_id.set("r3")

        logger.info("library GET /ch04 {} started", "{0}")
        tell("library GET /ch04 {0} started")
        request_id.reset(token)

        long, short = (LINE.fullmatch(line) for line in log.read_text().splitlines())
        assert long is not None
        assert short is not None
        times = [datetime.fromisoformat(match[2]) for match in (long, short)]
        assert long[1] == short[1] == "r3"
        assert long.group(3, 4) == short.group(3, 4)
        assert len(long[2]) == len(short[2])
        assert timedelta(0) <= times[1] - times[0] < timedelta(seconds=5)
        assert times[0].utcoffset() == times[1].utcoffset()

    def test_passes_by_loguru(self, tmp_path: Path) -> None:
        configure_logging(tmp_path)
        seen: list[str] = []
        logger.add(seen.append)

        tell("hello")

        assert not seen

    def test_rotates_and_goes_on_in_the_new_file(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path, rotation="1 KB")

        for number in range(40):
            (tell if number % 2 else logger.info)(f"line {number}")

        text = "".join(path.read_text() for path in sorted(tmp_path.glob("info*.log")))
        assert len(list(tmp_path.glob("info*.log"))) > 1
        assert all(f"line {number}\n" in text for number in range(40))
        assert "line 39" in log.read_text()

    def test_follows_a_rotation_made_by_another_process(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path, shared=True)
        tell("before")
        log.rename(tmp_path / "moved.log")

        tell("after")

        assert "after" in log.read_text()

    @pytest.mark.parametrize(
        "options", [{"as_json": True}, {"console": True}, {"level": "ERROR"}, {"rotation": "1 day"}], ids=str
    )
    def test_is_not_taken_where_the_line_is_another_or_is_shown_elsewhere_too(
        self, tmp_path: Path, options: dict[str, Any]
    ) -> None:
        configure_logging(tmp_path, **options)
        seen: list[str] = []
        logger.add(seen.append, level="INFO")

        tell("hello")

        assert len(seen) == 1

    def test_is_not_taken_once_the_file_is_closed(self, tmp_path: Path) -> None:
        log = configure_logging(tmp_path)
        logger.remove()

        tell("too late")

        assert log.read_text() == ""

    def test_a_full_disk_fails_no_request_and_is_told(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "info.log").symlink_to("/dev/full")
        configure_logging(tmp_path)

        tell("hello")

        assert "No space left" in capsys.readouterr().err
        with suppress(OSError):
            logger.remove()  # What could not be written is tried once more.


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
