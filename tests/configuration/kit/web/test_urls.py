"""Where a browser may be sent after signing in."""

import pytest

from configuration.kit.web.urls import safe_next, with_next

HOSTILE = [
    "https://evil.example/ch04/",
    "//evil.example/ch04/library",
    "/\\evil.example",
    "/ch04\\..\\evil",
    "/ch04/../evil",
    "/ch04/%2e%2e/evil",
    "/ch04/%2E./evil",
    "/ch04/\n//evil.example",
    "/ch04/%0d%0aSet-Cookie:x",
    "javascript:alert(1)",
    "/ch04evil",
    "ch04/library",
    "%2f%2fevil.example/ch04/",
    "/elsewhere",
    "/ch04/" + "x" * 3000,
    "",
    None,
]


class TestSendSomebodyBackAfterSigningIn:
    @pytest.mark.parametrize("target", HOSTILE)
    def test_whatever_leaves_the_university_is_replaced(self, target: str | None) -> None:
        answer = safe_next(target, "/ch04", "/ch04/home")

        assert answer == "/ch04/home"

    @pytest.mark.parametrize(
        "target", ["/ch04", "/ch04/", "/ch04/library/find?q=of+mice&cursor=a%2Bb", "/ch04/library/my"]
    )
    def test_pages_of_the_university_are_kept(self, target: str) -> None:
        answer = safe_next(target, "/ch04", "/ch04/home")

        assert answer == target

    def test_the_way_there_carries_its_query_as_one_value(self) -> None:
        link = with_next("/ch04/sign-in", "/ch04/library/find?q=a&cursor=b")

        assert link == "/ch04/sign-in?next=/ch04/library/find%3Fq%3Da%26cursor%3Db"
