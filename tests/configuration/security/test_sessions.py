"""A browser's session abroad: swapped at its issuer, believed for a minute."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from configuration.kit.errors import Unavailable
from configuration.kit.peers import PeerRegistry
from configuration.kit.security import sessions
from configuration.kit.security.actor import UNIVERSITY, Actor
from configuration.kit.security.authenticator import Authenticator, SessionEnded
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.sessions import SessionCookie, new_secret, read_cookie
from configuration.kit.security.tokens import TokenRefused, issue_access, service_token_for
from tests.configuration.security.peer import Peer, away, says
from tests.people import NOW

ANN = Actor("student:7", "student", "Ann", {"student": frozenset({UNIVERSITY})}, frozenset({"student:7"}), 1, 2)


class NobodyHome:
    """The library has no sessions of its own here."""

    async def stands(self, actor: Actor, version: int, now: Any) -> bool:
        return False

    async def session(self, secret: str, now: Any) -> None:
        return None


class StudentService(Peer):
    """Publishes its keys, and swaps the one session it knows."""

    def __init__(self, ring: KeyRing, cookie: SessionCookie) -> None:
        super().__init__(self.reply)
        self.ring = ring
        self.known = {cookie.secret}
        self.issued = NOW

    def reply(self, request: Request, body: Any) -> Response:
        if request.method == "GET":
            return JSONResponse(self.ring.jwks())
        if body["secret"] not in self.known:
            return JSONResponse({"code": "SESSION_NOT_FOUND"}, 404)
        token, _ = issue_access(self.ring, ANN, self.issued, version=1, audience=("library",))
        return JSONResponse({"access_token": token, "expires_in": 600})

    @property
    def swaps(self) -> int:
        return sum(path.endswith("/session/swap") for path, _ in self.asked)


@pytest.fixture
def cookie() -> SessionCookie:
    return SessionCookie("student", new_secret())


@pytest.fixture
def home(rings: dict[str, KeyRing], cookie: SessionCookie) -> StudentService:
    return StudentService(rings["student"], cookie)


@pytest.fixture
def library(rings: dict[str, KeyRing], home: StudentService) -> Authenticator:
    peers = PeerRegistry()
    peers.register("student", home)
    return Authenticator("library", rings["library"], peers, NobodyHome())


class TestSwap:
    """The issuer is asked once a minute; what it said last holds while it is away, to the end of the token."""

    async def test_the_person_behind_the_cookie_is_known(self, library: Authenticator, cookie: SessionCookie) -> None:
        actor = await library.session(cookie, NOW)

        assert (actor.person, actor.via) == ("student:7", "session")

    async def test_within_a_minute_nobody_is_asked_again(
        self, library: Authenticator, home: StudentService, cookie: SessionCookie
    ) -> None:
        for _ in range(5):
            await library.session(cookie, NOW)

        assert home.swaps == 1

    async def test_a_session_that_ended_is_over_within_a_minute(
        self,
        library: Authenticator,
        home: StudentService,
        cookie: SessionCookie,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        await library.session(cookie, NOW)
        home.known.clear()
        assert (await library.session(cookie, NOW)).person == "student:7"

        monkeypatch.setattr(sessions, "FRESH_SECONDS", 0.0)

        with pytest.raises(SessionEnded):
            await library.session(cookie, NOW)

    async def test_while_the_issuer_is_away_its_last_word_holds_to_the_end_of_the_token(
        self,
        library: Authenticator,
        home: StudentService,
        cookie: SessionCookie,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        await library.session(cookie, NOW)
        home.answer = away
        monkeypatch.setattr(sessions, "FRESH_SECONDS", 0.0)

        assert (await library.session(cookie, NOW + timedelta(minutes=9))).person == "student:7"
        with pytest.raises(Unavailable):
            await library.session(cookie, NOW + timedelta(minutes=10))

    async def test_an_issuer_that_was_never_reached_is_awaited(
        self, library: Authenticator, home: StudentService, cookie: SessionCookie
    ) -> None:
        home.answer = away

        with pytest.raises(Unavailable):
            await library.session(cookie, NOW)

    @pytest.mark.parametrize("nonsense", [[], {}, {"access_token": 7}, "token"])
    async def test_an_issuer_that_answers_nonsense_is_away(
        self, library: Authenticator, home: StudentService, cookie: SessionCookie, nonsense: object
    ) -> None:
        home.answer = says(nonsense)

        with pytest.raises(Unavailable):
            await library.session(cookie, NOW)

    async def test_an_ended_token_is_swapped_anew_even_within_the_minute(
        self, library: Authenticator, home: StudentService, cookie: SessionCookie
    ) -> None:
        await library.session(cookie, NOW)
        later = NOW + timedelta(minutes=11)
        home.issued = later

        assert (await library.session(cookie, later)).person == "student:7"
        assert home.swaps == 2

    async def test_an_unknown_session_is_over(self, library: Authenticator) -> None:
        with pytest.raises(SessionEnded):
            await library.session(SessionCookie("student", new_secret()), NOW)


class TestCache:
    """What was verified is remembered, and no longer than it holds."""

    async def test_a_remembered_token_still_ends(self, library: Authenticator, rings: dict[str, KeyRing]) -> None:
        token, _ = issue_access(rings["student"], ANN, NOW, version=1)
        await library.verify(token, NOW)

        with pytest.raises(TokenRefused):
            await library.verify(token, NOW + timedelta(minutes=10))

    async def test_a_refused_token_is_not_remembered(self, library: Authenticator) -> None:
        with pytest.raises(TokenRefused):
            await library.verify("a.b.c", NOW)

        assert len(library._verified) == 0

    async def test_a_rotation_empties_the_cache(self, library: Authenticator, rings: dict[str, KeyRing]) -> None:
        token, _ = issue_access(rings["student"], ANN, NOW, version=1)
        await library.verify(token, NOW)

        rings["library"].rotate(NOW)
        await library.verify(service_token_for(rings["student"], "facts", "library", NOW), NOW)

        assert len(library._verified) == 1

    async def test_it_holds_a_bounded_number_of_tokens(
        self, library: Authenticator, rings: dict[str, KeyRing], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("configuration.kit.security.authenticator.MOST_VERIFIED", 3)

        for _ in range(5):
            await library.verify(issue_access(rings["student"], ANN, NOW, version=1)[0], NOW)

        assert len(library._verified) == 3


class TestCookie:
    """The cookie names its issuer and a secret, and nothing else."""

    @pytest.mark.parametrize(
        "value",
        ["", "student.", "mallory." + "a" * 43, "student." + "a" * 42, "student." + "a" * 44, "a" * 43],
    )
    def test_a_malformed_cookie_is_none(self, value: str) -> None:
        scope = {"type": "http", "headers": [(b"cookie", f"erp_session={value}".encode())]}

        assert read_cookie(Request(scope)) is None

    def test_the_secret_is_not_shown(self, cookie: SessionCookie) -> None:
        assert cookie.secret not in repr(cookie)
