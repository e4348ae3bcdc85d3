"""A server that imports and is killed with -9: the next one goes on, beside a command that writes as well."""

import os
import signal
import time
from pathlib import Path

import pytest
import requests

from configuration.commands.demo_people import DemoPerson
from library_mgt.commands.furnishing import MADE_UP, made_up_books
from library_mgt.services import imports
from tests.apps import free_port
from tests.configuration.commands.conftest import Counted, Erp
from tests.configuration.commands.serving import served, wait_until_ready

ROWS = 8_000


def librarian(erp: Erp, url: str) -> dict[str, str]:
    """The headers of the demo's librarian."""
    lines = (erp.var / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
    people = [DemoPerson.parse(line) for line in lines if not line.startswith("#")]
    found = next(person for person in people if "librarian" in person.roles)
    form = {"grant_type": "password", "username": found.user_name, "password": found.password}
    answer = requests.post(f"{url}/ch04/library/login/account", data=form, timeout=30)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def until(erp: Erp, job_id: int, step: str, *, position: int = 0, state: str | None = None) -> None:
    """Wait until the import has come so far."""
    deadline = time.monotonic() + 90
    with erp.house.database("library") as database:
        while time.monotonic() < deadline:
            job = database.read_sync(imports.find, job_id)
            if job.step == step and job.position >= position and state in {None, job.state}:
                return
            time.sleep(0.005)
    raise TimeoutError(job)


@pytest.mark.slow
class TestKillingTheServerInTheMiddle:
    def test_the_next_server_finishes_what_it_had_begun(self, migrated: Erp, tmp_path: Path, counted: Counted) -> None:
        migrated("demo", "--students", "4")
        port = str(free_port())
        url = f"http://127.0.0.1:{port}"
        many = made_up_books(ROWS).replace("The ", "A ").encode()
        with served(migrated, "--port", port) as server:
            wait_until_ready(url)
            headers = librarian(migrated, url)
            sent = requests.post(
                f"{url}/ch04/library/imports", headers=headers, files={"file": ("many.csv", many)}, timeout=30
            )
            address = url + sent.headers["Location"]
            job_id = sent.json()["id"]
            until(migrated, job_id, imports.PLAN, state="waiting")
            requests.post(f"{address}/apply", headers=headers, timeout=30)
            until(migrated, job_id, imports.APPLY, position=ROWS // 4)
            os.kill(server.pid, signal.SIGKILL)
            server.communicate()
        with migrated.house.database("library") as database:
            killed = database.read_sync(imports.find, job_id)
        more = tmp_path / "more.csv"
        more.write_text("id,title\n1,Something else altogether\n")

        with served(migrated, "--port", port):
            wait_until_ready(url)
            migrated("import", "books", str(more), "--yes")
            until(migrated, job_id, imports.APPLY, state="done")

        assert killed.state == "running"
        assert killed.position < ROWS
        with migrated.house.database("library") as database:
            summary = imports.summary(database.read_sync(imports.find, job_id))
        assert summary["rows"] == ROWS == summary["created"] + summary["duplicate"]
        assert counted("library", "title") == counted("library", "copy") == MADE_UP + summary["created"] + 1
        migrated("audit", "--service", "library")
