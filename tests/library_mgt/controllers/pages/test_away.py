"""The library's pages while the service that vouches for a reader is away."""

from pathlib import Path

from tests.apps import erp_settings, free_port, mounted
from tests.conftest import MigratedUrl

HEADERS = {"Accept": "text/html", "Cookie": f"erp_session=student.{'x' * 43}"}


class TestOpenAPageWhileTheReadersHomeIsAway:
    async def test_the_catalogue_opens_as_for_a_visitor_and_own_affairs_say_why_not(
        self, tmp_path: Path, migrated_url: MigratedUrl
    ) -> None:
        settings = erp_settings(tmp_path, migrated_url, student={"url": f"http://127.0.0.1:{free_port()}"})

        async with mounted(settings) as erp:
            catalogue = await erp.client.get("/ch04/library/find", headers=HEADERS)
            own = await erp.client.get("/ch04/library/my", headers=HEADERS)

        assert catalogue.status_code == 200
        assert "Your account" in catalogue.text
        assert own.status_code == 503
        assert "cannot be checked for the moment" in own.text
        assert "Retry-After" in own.headers
