"""A service's tokens for its own people: used again for half their life, and never for anybody else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from configuration.kit.peers import PeerRegistry
from configuration.kit.security.actor import UNIVERSITY, Actor
from configuration.kit.security.authenticator import Authenticator
from configuration.kit.security.keys import KeyRing
from tests.people import NOW

ANN = Actor("student:7", "student", "Ann", {"student": frozenset({UNIVERSITY})}, frozenset({"student:7"}), 1, 2)


@pytest.fixture
def authenticator(rings: dict[str, KeyRing]) -> Authenticator:
    return Authenticator("student", rings["student"], PeerRegistry(), cast(Any, None))


class TestDelegating:
    def test_a_token_is_used_again_while_half_its_life_is_left(self, authenticator: Authenticator) -> None:
        first = authenticator.delegate(ANN, "library", NOW)

        again = authenticator.delegate(ANN, "library", NOW + timedelta(seconds=29))
        later = authenticator.delegate(ANN, "library", NOW + timedelta(seconds=30))
        earlier = authenticator.delegate(ANN, "library", NOW - timedelta(seconds=1))

        assert again == first
        assert len({first, later, earlier}) == 3

    @pytest.mark.parametrize(
        "change",
        [
            {"person": "student:8", "persons": frozenset({"student:8"})},
            {"name": "Anne"},
            {"grants": {"student": frozenset({UNIVERSITY}), "registrar": frozenset({"department:4"})}},
            {"grants": {"student": frozenset({"department:4"})}},
            {"persons": frozenset({"student:7", "faculty:3"})},
        ],
    )
    def test_whoever_differs_gets_another(self, authenticator: Authenticator, change: dict[str, Any]) -> None:
        first = authenticator.delegate(ANN, "library", NOW)

        assert authenticator.delegate(replace(ANN, **change), "library", NOW) != first

    def test_another_audience_gets_another(self, authenticator: Authenticator) -> None:
        assert authenticator.delegate(ANN, "library", NOW) != authenticator.delegate(ANN, "faculty", NOW)
