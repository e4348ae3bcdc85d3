"""The story that `erp smoke` walks: from an application to a book that went from hand to hand."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from configuration.commands.demo_people import DemoPerson
from configuration.commands.secrets_file import random_password
from configuration.commands.smoke_visitor import StepFailed, Visitor


@dataclass(frozen=True)
class Student:
    """A student of the story."""

    account: int
    person: str
    token: str


def walk(visitor: Visitor, prefix: str, people: Mapping[str, DemoPerson]) -> None:
    """Walk it. Raises where an answer is not what it should be."""
    story = _Story(visitor, prefix, people)
    story.look_around()
    story.staff_signs_in()
    first, second = story.student_joins("first"), story.student_joins("second")
    try:
        story.a_book_goes_from_hand_to_hand(first, second)
    except StepFailed:
        with suppress(StepFailed):
            story.clean_up(first, second)
        raise
    story.clean_up(first, second)


class _Story:
    def __init__(self, visitor: Visitor, prefix: str, people: Mapping[str, DemoPerson]) -> None:
        self.ask = visitor.ask
        self.prefix = prefix
        self.people = people
        self.mark = secrets.token_hex(4)
        self.registrar = self.librarian = ""
        self.title: dict[str, Any] = {}
        self.keys = 0

    def look_around(self) -> None:
        """What everybody may see."""
        prefix = self.prefix
        self.ask("the gateway is ready", "GET", f"{prefix}/health/ready", expect=200)
        for portal, service in enumerate(("student", "faculty", "library"), start=1):
            self.ask(f"the {service} service is ready", "GET", f"{prefix}/{service}/health/ready", expect=200)
            self.ask(f"portal {portal} leads to it", "GET", f"{prefix}/university/{portal}", expect=307)
        self.ask("the catalogue is open to all", "GET", f"{prefix}/library/titles", expect=200, params={"limit": "1"})
        self.ask("loans are not", "GET", f"{prefix}/library/loans", expect=401)

    def staff_signs_in(self) -> None:
        """Registrar and librarian come to work."""
        wrong = self.people["registrar"]
        path = f"{self.prefix}/student/login/account"
        form = {"grant_type": "password", "username": wrong.user_name, "password": random_password()}
        self.ask("a wrong password is refused", "POST", path, expect=401, form=form)
        self.registrar = self._token("the registrar signs in", "student", self.people["registrar"])
        self.librarian = self._token("the librarian signs in", "library", self.people["librarian"])

    def student_joins(self, which: str) -> Student:
        """Somebody applies, is approved, and signs in."""
        name, password = f"smoke-{which}-{self.mark}", random_password()
        student = f"{self.prefix}/student"
        body = {"username": name, "password": password, "given_name": "Smoke", "family_name": which.title()}
        applied = self.ask(f"the {which} student applies", "POST", f"{student}/account/signup", expect=201, body=body)
        sign_id = applied.json()["sign_id"]
        path, body = f"{student}/account/signup/approved", {"sign_id": sign_id}
        self.ask("the registrar approves", "POST", path, expect=200, token=self.registrar, body=body)
        form = {"grant_type": "password", "username": name, "password": password}
        signed_in = self.ask(f"the {which} student signs in", "POST", f"{student}/login/account", expect=200, form=form)
        token = signed_in.json()["access_token"]
        me = self.ask("and is known", "GET", f"{student}/account/me", expect=200, token=token).json()
        return Student(me["id"], me["person"], token)

    def a_book_goes_from_hand_to_hand(self, first: Student, second: Student) -> None:
        """One copy, two readers, one queue."""
        library, desk = f"{self.prefix}/library", self.librarian
        barcode = self._new_book()
        found = self.ask(
            "the student finds it", "GET", f"{library}/titles", expect=200, params={"q": f"smoke{self.mark}"}
        ).json()["items"]
        _must([title["id"] for title in found] == [self.title["id"]], f"search found {found}")
        wish = self._wish("the student requests it", first)
        self._decide("the librarian approves", wish)
        lend = {"patron": first.person, "barcode": barcode}
        loan = self._post("and lends it at the desk", f"{library}/loans", 201, desk, lend).json()
        longer = self._post("the reader renews it", f"{library}/loans/{loan['id']}/renew", 200, first.token).json()
        _must(longer["due_at"] > loan["due_at"], "the renewal did not move the due date")
        again = {"patron": second.person, "barcode": barcode}
        self._post("the same copy cannot go twice", f"{library}/loans", 409, desk, again)
        waiting = self._wish("a second reader requests it", second)
        queued = self._decide("is approved, and waits", waiting)
        _must(queued["state"] == "QUEUED", f"the second request is {queued['state']}")
        self._post("now it cannot be renewed", f"{library}/loans/{loan['id']}/renew", 422, first.token)
        self._post("the first announces the return", f"{library}/loans/{loan['id']}/announce-return", 200, first.token)
        scanned = self._post("the desk scans it", f"{library}/returns", 200, desk, {"barcode": barcode}).json()
        _must(scanned["request"]["id"] == waiting, "the copy was not set aside for the second reader")
        self._post("the second reader is served", f"{library}/loans", 201, desk, again)
        self._post("and brings it back", f"{library}/returns", 200, desk, {"barcode": barcode})

    def clean_up(self, *students: Student) -> None:
        """Leave as little behind as can be: closed accounts, and the record of acts."""
        if self.title:
            path = f"{self.prefix}/library/titles/{self.title['id']}"
            self.ask("the title is removed", "DELETE", path, expect=204, token=self.librarian)
        for student in students:
            path = f"{self.prefix}/student/account/{student.account}/disable"
            body = {"reason": "smoke test"}
            self.ask("a student's account is closed", "POST", path, expect=200, token=self.registrar, body=body)
        me = f"{self.prefix}/student/account/me"
        self.ask("and opens nothing any more", "GET", me, expect=401, token=students[-1].token)

    def _new_book(self) -> str:
        library, desk = f"{self.prefix}/library", self.librarian
        book = {"title": f"The Smoke{self.mark} Test", "contributors": [{"name": "Erp"}], "year": 2026}
        self.title = self._post("the librarian adds a title", f"{library}/titles", 201, desk, book).json()
        copies = f"{library}/titles/{self.title['id']}/copies"
        barcode: str = self._post("and a copy", copies, 201, desk, {}).json()["barcode"]
        return barcode

    def _wish(self, step: str, student: Student) -> int:
        path, body = f"{self.prefix}/library/requests", {"title_id": self.title["id"]}
        key = f"smoke-{self.mark}-wish-{student.account}"
        made = self.ask(step, "POST", path, expect=201, token=student.token, key=key, body=body).json()
        again = self.ask(
            "sent twice, it counts once", "POST", path, expect=201, token=student.token, key=key, body=body
        )
        _must(again.json()["id"] == made["id"], "the same key made two requests")
        wish: int = made["id"]
        return wish

    def _decide(self, step: str, wish: int) -> dict[str, Any]:
        path = f"{self.prefix}/library/requests/{wish}/approve"
        decided: dict[str, Any] = self._post(step, path, 200, self.librarian).json()
        return decided

    def _post(self, step: str, path: str, expect: int, token: str, body: Any = None) -> Any:
        self.keys += 1
        key = f"smoke-{self.mark}-{self.keys}"
        return self.ask(step, "POST", path, expect=expect, token=token, key=key, body=body)

    def _token(self, step: str, service: str, person: DemoPerson) -> str:
        path = f"{self.prefix}/{service}/login/account"
        form = {"grant_type": "password", "username": person.user_name, "password": person.password}
        token: str = self.ask(step, "POST", path, expect=200, form=form).json()["access_token"]
        return token


def _must(holds: object, otherwise: str) -> None:
    if not holds:
        raise StepFailed(otherwise)
