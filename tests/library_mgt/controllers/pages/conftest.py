"""Pages as a browser without scripts asks for them."""

import html
import re
from dataclasses import dataclass

import httpx
import pytest

from tests.library_mgt.controllers.conftest import ROOT, Desk
from tests.people import Someone


@dataclass(frozen=True)
class Browser:
    """Opens pages and sends forms; a redirect is followed, and its message shown."""

    desk: Desk

    async def open(self, who: Someone, path: str) -> str:
        """What the page says, without its markup."""
        return words(await self._ask(who, "GET", path))

    async def send(self, who: Someone, path: str, /, **fields: str) -> str:
        """What the page says that a form leads to."""
        return words(await self._ask(who, "POST", path, **fields))

    async def source(self, who: Someone, path: str, /, **fields: str) -> str:
        """A page's markup; with fields, of the page that a form leads to."""
        return (await self._ask(who, "POST" if fields else "GET", path, **fields)).text

    async def _ask(self, who: Someone, method: str, path: str, /, **fields: str) -> httpx.Response:
        headers = {**who.headers, "Accept": "text/html"}
        data = fields if method == "POST" else None
        client = self.desk.erp.client
        return await client.request(method, ROOT + path, headers=headers, data=data, follow_redirects=True)


def words(page: httpx.Response) -> str:
    """The text of a page's main part, with single spaces."""
    main = page.text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


@pytest.fixture
def browser(desk: Desk) -> Browser:
    """A browser in the running university."""
    return Browser(desk)
