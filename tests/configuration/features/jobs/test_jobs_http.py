"""Jobs over HTTP: operators see how far each is, and none of its records."""

from pathlib import Path

from tests.apps import erp_settings, mounted
from tests.configuration.features.jobs.working import queue_one
from tests.conftest import MigratedUrl
from tests.people import signed_in

JOBS = "/ch04/library/jobs"


class TestLookingAtJobs:
    async def test_an_operator_sees_how_far_they_are(self, tmp_path: Path, migrated_url: MigratedUrl) -> None:
        async with mounted(erp_settings(tmp_path, migrated_url)) as erp:
            app = erp.app("library")
            librarian = await signed_in(app, "librarian")
            operator = await signed_in(app, "operator")
            made = await app.state.database.write(queue_one)

            listed = await erp.client.get(JOBS, headers=operator.headers)
            one = await erp.client.get(f"{JOBS}/{made}", headers=operator.headers)
            absent = await erp.client.get(f"{JOBS}/4711", headers=operator.headers)
            refused = await erp.client.get(JOBS, headers=librarian.headers)
            nobody = await erp.client.get(JOBS)

        assert [job["id"] for job in listed.json()["items"]] == [made]
        assert (one.json()["kind"], one.json()["state"]) == ("count", "queued")
        assert not {"label", "params", "owner", "problem"} & one.json().keys()
        assert (absent.status_code, refused.status_code, nobody.status_code) == (404, 403, 401)
