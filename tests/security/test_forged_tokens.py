"""Forged tokens at the door of every service, mounted and alone."""

import pytest

from configuration.kit.security.keys import KeyRing
from configuration.kit.security.tokens import SERVICES
from tests.apps import Erp
from tests.security.forgeries import BELIEVED, FORGERIES, Bench


def rings(erp: Erp) -> dict[str, KeyRing]:
    return {service: erp.app(service).state.keyring for service in SERVICES}


class TestForgedTokens:
    """`/index` is open to everybody; whoever shows a token there must show a good one."""

    @pytest.mark.parametrize("here", SERVICES)
    async def test_every_forgery_is_refused_and_says_nothing(self, erp: Erp, here: str) -> None:
        now = erp.app(here).state.clock()
        answers = {}

        # The keys are rotated before anybody has seen them: what a service has fetched it believes for a minute.
        for name, make in sorted(FORGERIES.items(), key=lambda pair: "retired" not in pair[0]):
            token = make(Bench(rings(erp), here, now))
            headers = {"Authorization": f"Bearer {token}"}
            answers[name] = await erp.client.get(f"/ch04/{here}/index", headers=headers)

        wrong = {name: a.status_code for name, a in answers.items() if a.status_code != 401}
        assert wrong == {}
        assert len({a.json()["detail"] for a in answers.values()}) == 1
        assert all(a.headers["WWW-Authenticate"].startswith("Bearer") for a in answers.values())

    @pytest.mark.parametrize("here", SERVICES)
    async def test_the_tokens_they_are_made_from_are_believed(self, erp: Erp, here: str) -> None:
        now = erp.app(here).state.clock()

        for name in ("access", "delegated"):
            headers = {"Authorization": f"Bearer {BELIEVED[name](Bench(rings(erp), here, now))}"}
            answer = await erp.client.get(f"/ch04/{here}/index", headers=headers)
            assert answer.status_code == 200, name

    @pytest.mark.parametrize(
        "header", ["Basic YW5uOnB3", "Bearer", "bearer  ", "Token abc", "Bearer a b", "Bearer \u00e9"]
    )
    async def test_other_headers_are_refused(self, erp: Erp, header: str) -> None:
        answer = await erp.client.get("/ch04/student/index", headers={b"Authorization": header.encode("latin-1")})

        assert answer.status_code == 401

    async def test_who_it_is_is_never_taken_from_other_headers(self, erp: Erp) -> None:
        headers = {"X-User-Id": "1", "X-Forwarded-User": "student:1", "X-Remote-User": "registrar", "X-Role": "dean"}

        answer = await erp.client.get("/ch04/student/account/me", headers=headers)

        assert answer.status_code == 401
