"""The keys of other services: fetched once, followed through a rotation, kept while their service is away."""

from pathlib import Path

import pytest

from configuration.kit.errors import Unavailable
from configuration.kit.peers import PeerRegistry
from configuration.kit.security import peer_keys
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.peer_keys import KeyDirectory
from configuration.kit.security.tokens import SERVICES
from tests.configuration.security.peer import Peer, away, says
from tests.people import NOW


def directory(ring: KeyRing, peer: Peer) -> KeyDirectory:
    """The library's view, where the student service is `peer`."""
    peers = PeerRegistry()
    peers.register("student", peer)
    return KeyDirectory(ring, peers, {service: f"/ch04/{service}" for service in SERVICES})


class TestKeyDirectory:
    """Whose key is it?"""

    async def test_a_peers_keys_are_fetched_once(self, rings: dict[str, KeyRing]) -> None:
        peer = Peer(says(rings["student"].jwks()))
        keys, kid = directory(rings["library"], peer), rings["student"].signing.public.kid

        found = [await keys.find("student", kid) for _ in range(5)]

        assert [key.kid for key in found if key] == [kid] * 5
        assert peer.asked == [("/ch04/student/.well-known/jwks.json", None)]

    async def test_our_own_keys_are_not_asked_for(self, rings: dict[str, KeyRing]) -> None:
        peer = Peer(away)
        keys = directory(rings["library"], peer)

        assert await keys.find("library", rings["library"].signing.public.kid) is not None
        assert peer.asked == []

    async def test_a_new_key_is_fetched_when_it_first_appears(self, rings: dict[str, KeyRing]) -> None:
        peer = Peer(says(rings["student"].jwks()))
        keys = directory(rings["library"], peer)
        former = rings["student"].signing.public.kid
        await keys.find("student", former)
        generation = keys.generation

        rings["student"].rotate(NOW)
        peer.answer = says(rings["student"].jwks())

        fresh = await keys.find("student", rings["student"].signing.public.kid)
        kept = await keys.find("student", former)
        assert fresh is not None
        assert kept is not None and kept.retired_at == NOW
        assert keys.generation > generation

    async def test_invented_key_ids_do_not_make_us_ask_for_ever(self, rings: dict[str, KeyRing]) -> None:
        peer = Peer(says(rings["student"].jwks()))
        keys = directory(rings["library"], peer)

        for number in range(100):
            assert await keys.find("student", f"invented {number}") is None

        assert len(peer.asked) <= peer_keys.QUESTIONS + 1

    async def test_known_keys_outlive_the_absence_of_their_service(
        self, rings: dict[str, KeyRing], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        peer = Peer(says(rings["student"].jwks()))
        keys, kid = directory(rings["library"], peer), rings["student"].signing.public.kid
        await keys.find("student", kid)
        peer.answer = away
        monkeypatch.setattr(peer_keys, "FRESH_SECONDS", 0.0)

        assert await keys.find("student", kid) is not None

    async def test_keys_never_seen_of_a_service_that_is_away_are_not_refused_but_awaited(
        self, rings: dict[str, KeyRing]
    ) -> None:
        keys = directory(rings["library"], Peer(away))

        with pytest.raises(Unavailable):
            await keys.find("student", rings["student"].signing.public.kid)

    async def test_a_nonsensical_answer_is_no_answer(self, rings: dict[str, KeyRing], tmp_path: Path) -> None:
        keys = directory(rings["library"], Peer(says(["nonsense"])))

        with pytest.raises(Unavailable):
            await keys.find("student", rings["student"].signing.public.kid)
