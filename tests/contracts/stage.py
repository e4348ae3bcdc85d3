"""A small university for probing: one person per role, signed in; a few titles, loans and requests to find."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests

from configuration.kit.security.actor import Service
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.tokens import service_token_for
from library_mgt.domain import barcodes
from tests.benchmarks import books, people
from tests.benchmarks.whole import whole
from tests.benchmarks.wire import Reply, ask, check
from tests.contracts.classes import taught
from tests.contracts.probing import Prober
from tests.contracts.work import worked
from tests.reliability.installation import PREFIX, Installation

ROLES: Mapping[str, Service] = {
    "student": "student",
    "registrar": "student",
    "lecturer": "faculty",
    "dean": "faculty",
    "librarian": "library",
    "library_assistant": "library",
}
ANONYMOUS, ANOTHER_SERVICE = "anonymous", "another service"
EVERYBODY = (ANONYMOUS, *ROLES, ANOTHER_SERVICE)
TITLES = 20
HANDS = 10
"""Accounts per role: the first one probes, the others are what it may find, lock or disable."""


PROBERS: dict[Service, Prober] = {}


@dataclass(slots=True)
class Stage:
    """The running university and what exists in it."""

    port: int
    installation: Installation
    known: Mapping[str, Sequence[Any]]
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    def token(self, role: str, audience: Service) -> str | None:
        """A fresh enough token of whoever probes this service in this role."""
        if role == ANONYMOUS:
            return None
        if role == ANOTHER_SERVICE:
            return self._service_token(audience)
        held = self._tokens.get(role)
        service = ROLES[role]
        if held is None or ask(self.port, "GET", f"{PREFIX}/{service}/account/me", token=held).status != 200:
            held = self._tokens[role] = people.sign_in(self.port, service, f"{role}-{number_of(role)}")
        return held

    def _service_token(self, audience: Service) -> str:
        issuer: Service = "student" if audience == "library" else "library"
        now = datetime.now(UTC)
        return service_token_for(
            KeyRing(issuer, self.installation.folder / "keys" / issuer, now), "facts", audience, now
        )

    def failures(self) -> str:
        """What the university's log says of its failures, with tracebacks, the latest last."""
        parts = self.installation.log.read_text(encoding="utf-8", errors="replace").split("\nLog: [")
        return "\n".join(_ends(part) for part in parts if " - ERROR - " in part)[-12_000:]

    def document(self, service: Service) -> dict[str, Any]:
        """The service's OpenAPI document, as anybody gets it."""
        found: dict[str, Any] = check(ask(self.port, "GET", f"{PREFIX}/{service}/openapi.json"), 200).json()
        return found

    def prober(self, service: Service) -> Prober:
        """Generated requests for a service; made once for all roles and databases."""
        if service not in PROBERS:
            PROBERS[service] = Prober(self.document(service), known=self.known)
        return PROBERS[service]


def held(role: str) -> list[str]:
    """What an operation's access rule calls whoever probes in this role."""
    return {ANONYMOUS: [], ANOTHER_SERVICE: ["service:facts"]}.get(role, [role])


def number_of(role: str) -> int:
    """The number of the person who probes as this role."""
    return 100 * (1 + list(ROLES).index(role))


@contextmanager
def staged(installation: Installation) -> Iterator[Stage]:
    """The university, running, with its people and books."""
    for role, service in ROLES.items():
        first = number_of(role)
        people.enrol(installation, service, role, range(first, first + HANDS))
    with people.opened(installation, "library") as database:
        titles = books.load(database, TITLES)
    with whole(installation, ERP_LOG_LEVEL="INFO") as server:
        stage = Stage(server.port, installation, {})
        stage.known = _happened(stage, titles)
        yield stage


def _happened(stage: Stage, titles: Sequence[int]) -> Mapping[str, Sequence[Any]]:
    """Let some loans and requests happen; the names of what exists, by parameter and field."""
    desk, student = stage.token("librarian", "library"), stage.token("student", "library")
    copies = [barcodes.generated(number) for number in range(1, TITLES + 1)]
    me = f"student:{number_of('student')}"

    def act(path: str, body: Any, token: str | None) -> Reply:
        return check(ask(stage.port, "POST", f"{PREFIX}/library{path}", body=body, token=token), 200, 201)

    loans = [act("/loans", {"patron": me, "barcode": copy}, desk).json()["id"] for copy in copies[:3]]
    # Who is charged and joined is another than who probes: a student who owes a fortune is not lent to.
    others = [f"student:{number_of('student') + more}" for more in (HANDS - 1, HANDS - 2)]
    ann, ben = (
        act("/loans", {"patron": other, "barcode": copy}, desk).json()["patron_id"]
        for other, copy in zip(others, copies[-2:], strict=True)
    )
    wishes = [act("/requests", {"title_id": title}, student).json()["id"] for title in titles[5:9]]
    act(f"/requests/{wishes[0]}/approve", {}, desk)
    for number in (71, 72, 73):
        act("/book/add", {"book_id": number, "title": "Emma", "author": "Austen", "classification": "Fiction"}, desk)
    sent = requests.post(
        f"{stage.address}{PREFIX}/library/imports",
        files={"file": ("books.csv", b"title,authors,isbn\nEmma,Jane Austen,\nSylvia,,12345\n")},
        headers={"Authorization": f"Bearer {desk}"},
        timeout=30,
    )
    rule = act("/policies", {"group_code": "faculty", "values": {"loan_period": 90}}, desk).json()["id"]
    days = {"location": "main", "first_day": "2999-12-24", "last_day": "2999-12-26", "reason": "Winter break"}
    closure = act("/calendars/closures", days, desk).json()["id"]
    act("/tills/main/open", {"float_minor": 10_000}, desk)
    charge = act(f"/patrons/{ann}/fees/damage", {"amount_minor": 10**9, "reason": "Coffee"}, desk).json()["id"]
    receipt = act(f"/patrons/{ann}/payments", {"amount_minor": 500}, desk).json()["number"]
    ids = list(range(1, 7))
    return {
        **_taught(stage),
        "title": [str(title) for title in titles[:9]],
        "title_id": titles[:12],
        "barcode": copies[:12],
        "request_id": wishes,
        "req_id": wishes,
        "loan_id": loans,
        "issue_id": loans,
        "patron": [me],
        "patron_id": [ann],
        "account_id": ids,
        "application_id": ids,
        "session_id": ids,
        "grant_id": ids,
        "number": [*(number_of(role) for role in ROLES), receipt],
        "till": ["main"],
        "charge_id": [charge],
        "charges": [[charge], None],
        "amount_minor": [1, None],
        "cash_minor": [10_500],
        "group": ["faculty"],
        "other": [ben],
        "if-match": ['"1"', '"2"'],
        "spell_id": list(range(1, 30)),
        "major": ["CS"],
        "fname": ["Ann"],
        "job_id": [sent.json()["id"]],
        "book_id": [71, 72, 73],
        "policy_id": [rule],
        "closure_id": [closure],
        "day": ["2999-12-31"],
        "entry_id": ids,
        "username": [f"librarian-{number_of('librarian')}"],
        "password": [people.PASSWORD],
        "old_password": ["not the old one"],
        "reason": ["It was asked for."],
        "display_name": ["Ada Reader"],
        "author": ["Jane Austen"],
        "until": ["2999-12-31"],
        "role": ["auditor"],
        "valid_until": [None],
        "isbns": [[], ["9780141439587"]],
        "classifications": [[], ["Fiction"]],
        "location": ["main"],
        "pickup_location": ["main"],
        "item_type": ["book"],
        "material_type": ["book"],
        "classification": ["Fiction"],
        "state": ["open", "live", "PENDING_APPROVAL"],
    }


def _taught(stage: Stage) -> Mapping[str, Sequence[Any]]:
    def act(method: str, path: str, body: Any, token: str | None) -> Any:
        return check(ask(stage.port, method, f"{PREFIX}/faculty{path}", body=body, token=token), 200, 201).json()

    def upload(path: str, token: str | None) -> Any:
        sent = requests.post(
            f"{stage.address}{PREFIX}/faculty{path}",
            files={"files": ("essay.pdf", b"%PDF-1.7 essay")},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        sent.raise_for_status()
        return sent.json()

    lecturer = stage.token("lecturer", "faculty")
    known = taught(
        act,
        dean=stage.token("dean", "faculty"),
        lecturer=lecturer,
        person=number_of("lecturer"),
        student=number_of("student"),
    )
    return {**known, **worked(act, upload, taught=known, lecturer=lecturer, student=stage.token("student", "faculty"))}


def _ends(text: str, size: int = 1500) -> str:
    """The first line and the end: a traceback says what happened last."""
    return text if len(text) < size else f"{text.splitlines()[0]}\n...\n{text[-size:]}"
