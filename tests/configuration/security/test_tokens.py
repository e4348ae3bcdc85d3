"""Tokens: what is signed is understood, what is forged is refused, delegation stays within bounds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from configuration.kit.security import tokens
from configuration.kit.security.actor import UNIVERSITY, Actor, Service
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.tokens import SERVICES, TokenRefused, Verified
from configuration.kit.security.trust import TRUST
from tests.people import NOW
from tests.security.forgeries import BELIEVED, FORGERIES, Bench, forge

ANN = Actor(
    "student:7",
    "student",
    "Ann",
    {"student": frozenset({UNIVERSITY}), "registrar": frozenset({"department:4"})},
    frozenset({"student:7", "faculty:3"}),
    account_id=1,
    family_id=2,
)


def believe(token: str, rings: dict[str, KeyRing], here: Service) -> Verified:
    """What the authenticator does, with the keys at hand."""
    seen = tokens.peek(token, TRUST)
    key = rings[seen.issuer].find(seen.kid)
    if key is None:
        raise TokenRefused()
    return tokens.understand(seen, tokens.read_claims(seen, key, here, NOW), here, TRUST)


class TestAccessTokens:
    """An access token says who signed in, and what they may do."""

    def test_everything_an_actor_is_comes_back(self, rings: dict[str, KeyRing]) -> None:
        token, expires = tokens.issue_access(rings["student"], ANN, NOW, version=5)

        for here in SERVICES:
            verified = believe(token, rings, here)
            assert (verified.kind, verified.actor, verified.version) == ("at+jwt", ANN, 5)
        assert expires == NOW + timedelta(minutes=10)

    def test_it_ends_when_the_first_grant_does(self, rings: dict[str, KeyRing]) -> None:
        soon = NOW + timedelta(minutes=2)

        token, expires = tokens.issue_access(rings["student"], ANN, NOW, version=1, until=soon)

        assert expires == soon
        assert believe(token, rings, "library").expires == int(soon.timestamp())

    def test_one_made_for_a_single_service_is_good_there_alone(self, rings: dict[str, KeyRing]) -> None:
        token, _ = tokens.issue_access(rings["student"], ANN, NOW, version=1, audience=("library",))

        assert believe(token, rings, "library").actor == ANN
        with pytest.raises(TokenRefused):
            believe(token, rings, "faculty")

    def test_two_tokens_are_never_the_same(self, rings: dict[str, KeyRing]) -> None:
        first, second = (tokens.issue_access(rings["student"], ANN, NOW, version=1)[0] for _ in range(2))

        assert first != second


class TestDelegation:
    """A service acts for its own people, at one other service, for a minute."""

    def test_the_callee_sees_the_person_and_who_acts(self, rings: dict[str, KeyRing]) -> None:
        token = tokens.delegated_token(rings["student"], ANN, "library", NOW)

        actor = believe(token, rings, "library").actor

        assert (actor.person, actor.via, actor.behalf_of_service) == ("student:7", "delegated", "student")
        assert actor.is_person("faculty:3")
        assert actor.account_id is None

    def test_another_services_person_cannot_be_delegated_for(self, rings: dict[str, KeyRing]) -> None:
        with pytest.raises(ValueError, match="only for its own people"):
            tokens.delegated_token(rings["faculty"], ANN, "library", NOW)

    def test_a_service_is_nobody_to_act_for(self, rings: dict[str, KeyRing]) -> None:
        with pytest.raises(ValueError, match="only for its own people"):
            tokens.delegated_token(rings["student"], replace(ANN, person="service:student"), "library", NOW)


class TestServiceTokens:
    """A bare service token has one scope at one service."""

    def test_it_speaks_for_the_service_alone(self, rings: dict[str, KeyRing]) -> None:
        actor = believe(tokens.service_token_for(rings["library"], "facts", "student", NOW), rings, "student").actor

        assert (actor.person, actor.via) == ("service:library", "service")
        assert actor.holds("service:facts") and not actor.holds("service:events")


class TestForgeries:
    """Forged tokens are refused by every service."""

    @pytest.mark.parametrize("here", SERVICES)
    @pytest.mark.parametrize("name", BELIEVED)
    def test_the_tokens_they_are_made_from_are_believed(
        self, rings: dict[str, KeyRing], here: Service, name: str
    ) -> None:
        assert believe(BELIEVED[name](Bench(rings, here, NOW)), rings, here).actor

    @pytest.mark.parametrize("here", SERVICES)
    @pytest.mark.parametrize("name", FORGERIES)
    def test_a_forged_token_is_refused(self, rings: dict[str, KeyRing], here: Service, name: str) -> None:
        token = forge(name, rings, here, NOW)

        with pytest.raises(TokenRefused):
            believe(token, rings, here)

    def test_there_are_more_than_forty(self) -> None:
        assert len(FORGERIES) > 40
