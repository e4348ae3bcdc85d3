"""Generated requests against every operation of a service, made by schemathesis from its own OpenAPI document.

Half of the requests are valid by the document and half are broken on purpose. Identifiers that exist are put in now and
then: a random one reaches nothing but the 404.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis.checks import CHECKS, load_all_checks, not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup

EXAMPLES = int(os.environ.get("ERP_TEST_EXAMPLES", "2"))
"""Requests per operation, role and kind (valid, broken)."""
SEED = int(os.environ.get("ERP_TEST_SEED", "20211110"))
PROBLEM = "application/problem+json"
CHECKED = (
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
DISCONNECTING = frozenset({"transfer-encoding", "connection", "content-length", "expect", "host", "cookie"})
"""Headers that belong to the connection and not to the operation."""


class NotAProblem(Failure):
    """A refusal that is not told as the conventions say."""


def refusals_are_problems(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Every answer from 400 on is problem+json, says its own status and carries the request id of its header."""
    if response.status_code < 400:
        return None
    faults = []
    kind = response.headers.get("content-type", [""])[0].split(";")[0]
    if kind != PROBLEM:
        faults.append(f"the content type is {kind!r}")
    else:
        document = response.json()
        if document.get("status") != response.status_code:
            faults.append(f"the document says status {document.get('status')}")
        if document.get("request_id") != response.headers.get("x-request-id", [""])[0]:
            faults.append("the request id differs from the header's")
    if response.status_code in (429, 503) and "retry-after" not in response.headers:
        faults.append("there is no Retry-After")
    if faults:
        raise NotAProblem(
            operation=case.operation.label,
            title=f"A refusal ({response.status_code}) that is no proper problem",
            message="; ".join(faults),
            case_id=case.id,
        )
    return None


def _checks() -> list[Any]:
    load_all_checks()
    return [not_a_server_error, *CHECKS.get_by_names(list(CHECKED)), refusals_are_problems]


@dataclass(slots=True)
class Findings:
    """What probing a service as one role gave."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)
    """One full text per operation and kind of fault."""

    @property
    def requests(self) -> int:
        """Number of requests sent."""
        return sum(sum(counted.values()) for counted in self.statuses.values())

    @property
    def reached(self) -> set[str]:
        """The operations that answered with success at least once."""
        return {label for label, counted in self.statuses.items() if any(200 <= status < 400 for status in counted)}

    def report(self) -> str:
        """All faults as one text."""
        heads = "\n".join(f"- {label}: {kind}" for label, kind in sorted(self.faults))
        return f"{len(self.faults)} faults in {self.requests} requests\n{heads}\n\n" + "\n\n".join(self.faults.values())


@dataclass(slots=True)
class Tally:
    """All findings of a run together."""

    requests: int = 0
    operations: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)

    def add(self, findings: Findings) -> None:
        """Count what one probe found."""
        self.requests += findings.requests
        self.operations |= findings.statuses.keys()
        self.reached |= findings.reached

    def __str__(self) -> str:
        missing = sorted(self.operations - self.reached)
        said = f"{self.requests} generated requests; {len(self.reached)} of {len(self.operations)} operations succeeded"
        return "\n".join([f"{said} at least once{', not:' if missing else '.'}", *(f"  {label}" for label in missing)])


TALLY = Tally()


class Prober:
    """Generates requests for the operations of one OpenAPI document, once, and sends them as often as asked.

    `known` are values that exist, by the name of the parameter or of the body's field.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        *,
        known: Mapping[str, Sequence[Any]] | None = None,
        examples: int = EXAMPLES,
    ) -> None:
        self._document = document
        self._known = known or {}
        self._checks = _checks()
        schema = schemathesis.openapi.from_dict(dict(document), config=SchemathesisConfig(seed=SEED))
        operations = [cast(Any, result).ok() for result in schema.get_all_operations()]
        self._cases = [(operation, self._generate(operation, examples)) for operation in operations]

    def probe(
        self, base_url: str, *, token: Callable[[], str | None] = lambda: None, may: Iterable[str] | None = None
    ) -> Findings:
        """Send every request under one identity.

        `token` is asked before each operation, since the one before may have ended the sign-in. `may` names the roles
        held: an operation whose `x-access` lets none of them in gets one request only.
        """
        findings = Findings()
        with requests.Session() as session:
            for operation, cases in self._cases:
                admitted = may is None or admits(operation.definition.raw.get("x-access"), may)
                held = token()
                headers = {"Authorization": f"Bearer {held}"} if held else {}
                for case in cases if admitted else cases[:1]:
                    self._send(case, base_url, session, headers, findings)
        return findings

    def _generate(self, operation: Any, examples: int) -> list[Case[Any]]:
        """So many valid and so many broken requests."""
        made: list[Case[Any]] = []
        chance = Random(SEED)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seed(SEED)
            @settings(
                max_examples=examples,
                phases=[Phase.generate],
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def collect(case: Case[Any]) -> None:
                if not made:
                    self._reduce(case)
                self._put_in_what_exists(case, chance, always=not made)
                for name in [name for name in case.headers or {} if name.lower() in DISCONNECTING]:
                    del case.headers[name]
                made.append(case)

            try:
                collect()
            except Unsatisfiable:
                continue  # Nothing can be broken about an operation without parameters.
        return made

    def _reduce(self, case: Case[Any]) -> None:
        """Leave out what need not be there. The first request of an operation is plain, so that it may get through."""
        raw = case.operation.definition.raw
        required = {one["name"] for one in raw.get("parameters", []) if one.get("required")}
        for container in (case.query, case.headers):
            for name in [name for name in container or {} if name not in required]:
                del container[name]
        if isinstance(case.body, dict):
            (content,) = list(raw["requestBody"]["content"].values())[:1]
            shape = content["schema"]
            if "$ref" in shape:
                shape = self._document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
            for name in [name for name in case.body if name not in shape.get("required", [])]:
                if name not in self._known:
                    del case.body[name]

    def _put_in_what_exists(self, case: Case[Any], chance: Random, *, always: bool) -> None:
        """Replace generated identifiers by existing ones, mostly."""
        for container in (case.path_parameters, case.query, case.headers, case.body):
            if not isinstance(container, MutableMapping):
                continue
            for name in [name for name in container if self._known.get(name.lower())]:
                if always or chance.random() < 0.75:
                    container[name] = chance.choice(self._known[name.lower()])

    def _send(
        self,
        case: Case[Any],
        base_url: str,
        session: requests.Session,
        headers: dict[str, str],
        findings: Findings,
    ) -> None:
        label = case.operation.label
        try:
            response = case.call(base_url=base_url, session=session, headers=dict(headers), timeout=30)
        except (requests.exceptions.InvalidHeader, UnicodeError, ValueError):
            return  # The client refuses to send it.
        findings.statuses.setdefault(label, Counter())[response.status_code] += 1
        try:
            case.validate_response(response, checks=self._checks, headers=dict(headers))
        except FailureGroup as group:
            for failure in group.exceptions:
                findings.faults.setdefault((label, _kind(failure, response)), str(group))


def _kind(failure: BaseException, response: Response) -> str:
    return f"{type(failure).__name__} ({response.status_code})"


def admits(access: Mapping[str, Any] | None, held: Iterable[str], *, at_home: bool = True) -> bool:
    """Whether an operation's declared rule lets a holder of the roles in; `at_home` says that the account is here."""
    if access is None or access["kind"] in ("public", "anyone"):
        return True
    if access.get("at_home") and not at_home:
        return False
    roles = set(held)
    signed_in = bool(roles) and not any(role.startswith("service:") for role in roles)
    return (access["kind"] == "signed_in" and signed_in) or bool(roles & set(access["roles"]))
