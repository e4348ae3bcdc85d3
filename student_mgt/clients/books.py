"""The library, as students use it: searching, requesting, their own requests and loans."""

from configuration.kit.envoy import Answered, Envoy, Operation
from configuration.kit.pagination import Page
from configuration.kit.security.actor import Actor
from student_mgt.models.request.book import Reservation
from student_mgt.models.response.book import BookLoanRead, BookRead, BookRequestRead

PAGED = frozenset({"limit", "cursor"})
FIND = Operation("library", "GET", "/book/list", Page[BookRead], parameters=PAGED | {"q"}, public=True)
REQUEST = Operation("library", "POST", "/requests", BookRequestRead, status=201, sends=Reservation)
REQUESTS = Operation("library", "GET", "/requests/mine", Page[BookRequestRead], parameters=PAGED)
LOANS = Operation("library", "GET", "/loans/mine", Page[BookLoanRead], parameters=PAGED | {"state"})
RENEW = Operation("library", "POST", "/loans/{loan_id}/renew", BookLoanRead)
ANNOUNCE = Operation("library", "POST", "/loans/{loan_id}/announce-return", BookLoanRead)


async def find(envoy: Envoy, words: str | None, *, by: Actor, limit: int, cursor: str | None) -> Page[BookRead]:
    """Books by words, or all of them, page by page."""
    return (await envoy.ask(FIND, by=by, q=words, limit=limit, cursor=cursor)).value


async def request(envoy: Envoy, wish: Reservation, *, by: Actor, key: str) -> Answered[BookRequestRead]:
    """Request a book for whoever acts; once per key."""
    return await envoy.ask(REQUEST, by=by, key=key, body=wish)


async def requests(envoy: Envoy, *, by: Actor, limit: int, cursor: str | None) -> Page[BookRequestRead]:
    """One's own requests, in the order they were made."""
    return (await envoy.ask(REQUESTS, by=by, limit=limit, cursor=cursor)).value


async def loans(envoy: Envoy, state: str | None, *, by: Actor, limit: int, cursor: str | None) -> Page[BookLoanRead]:
    """One's own loans; those that are out, unless another state is asked for."""
    return (await envoy.ask(LOANS, by=by, state=state, limit=limit, cursor=cursor)).value


async def renew(envoy: Envoy, loan_id: int, *, by: Actor, key: str) -> Answered[BookLoanRead]:
    """Renew one's own loan; once per key."""
    return await envoy.ask(RENEW, by=by, key=key, loan_id=loan_id)


async def announce_return(envoy: Envoy, loan_id: int, *, by: Actor, key: str) -> Answered[BookLoanRead]:
    """Tell the library that a book is on its way back; once per key. Only a scan at its desk closes the loan."""
    return await envoy.ask(ANNOUNCE, by=by, key=key, loan_id=loan_id)
