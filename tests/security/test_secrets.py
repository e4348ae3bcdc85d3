"""No secret in an answer, a log, a URL or the database."""

import json
from io import StringIO

from loguru import logger

from configuration.kit.features.accounts import invite
from tests.apps import Erp
from tests.people import OPERATOR, roles_of
from tests.security.test_reading import snapshot

FIRST, SECOND, THIRD = "tulip river cloud 1", "pale elk hunter 2", "quiet stone bridge 3"


class TestSecrets:
    """A day in the life of an account, watched."""

    async def test_nothing_secret_is_told_or_kept(self, erp: Erp) -> None:
        logger.enable("configuration.kit.edge")
        log = StringIO()
        sink = logger.add(log, level=0, format="{message} {extra} {exception}")
        app, post = erp.app("student"), erp.client.post
        secrets, answers = [FIRST, SECOND, THIRD], []

        async def keep(path: str, **options: object) -> dict[str, object]:
            answer = await post(f"/ch04/student{path}", **options)  # type: ignore[arg-type]
            answers.append((path, answer.text))
            return dict(answer.json()) if answer.content else {}

        try:
            issued = await app.state.database.write(
                invite, roles_of("student"), by=OPERATOR, now=app.state.clock(), user_name="reg", roles=["registrar"]
            )
            secrets.append(issued.code)
            await keep("/account/activate", json={"user_name": "reg", "code": issued.code, "password": FIRST})
            signed = await keep("/login/account", data={"username": "reg", "password": FIRST})
            headers = {"Authorization": f"Bearer {signed['access_token']}"}
            applied = await keep("/account/signup", json={"username": "ben", "password": THIRD, "stud_id": 1234})
            await keep("/account/signup/approved", headers=headers, json={"sign_id": applied["sign_id"]})
            await keep("/account/signup", json={"username": "ben", "password": THIRD, "oops": THIRD})
            await keep("/login/account", data={"username": "reg", "password": THIRD})
            await keep("/login/password/change", headers=headers, json={"old_password": FIRST, "new_password": SECOND})
            renewed = await keep("/login/refresh", data={"refresh_token": str(signed["refresh_token"])})
            for path in ("/accounts", "/account/applications", "/account/me", "/account/sessions"):
                answers.append((path, (await erp.client.get(f"/ch04/student{path}", headers=headers)).text))
            kept = json.dumps(await snapshot(erp), default=str)
        finally:
            logger.remove(sink)
        tokens = [str(value[name]) for value in (signed, renewed) for name in ("access_token", "refresh_token")]
        receipt = str(applied["receipt"])

        for secret in [*secrets, *tokens, receipt]:
            assert secret not in log.getvalue()
            assert secret not in kept
        for path, text in answers:
            assert not any(secret in text for secret in secrets), path
            assert "argon2" not in text, path
        assert "/login/account" in log.getvalue()
        assert "argon2" in kept
