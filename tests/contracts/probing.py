"""Generated requests against every operation of a service, made by schemathesis from its own OpenAPI document.

Half of the requests are valid by the document and half are broken on purpose. Identifiers that exist are put in now and
then: a random one reaches nothing but the 404.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
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


@dataclass(frozen=True, slots=True)
class Prober:
    """Probes the operations of one OpenAPI document under one identity."""

    document: Mapping[str, Any]
    base_url: str
    token: str | None = None
    known: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Values that exist, by the name of the parameter or of the body's field."""
    left_out: frozenset[str] = frozenset()
    """Labels such as `POST /ch04/student/logout` that would end the prober's own session."""

    def probe(self, examples: int = EXAMPLES, *, may: Iterable[str] | None = None) -> Findings:
        """Send so many valid and so many broken requests to every operation.

        `may` names the roles held: an operation whose `x-access` lets none of them in gets one request only.
        """
        findings = Findings()
        schema = schemathesis.openapi.from_dict(dict(self.document), config=SchemathesisConfig(seed=SEED))
        checks = _checks()
        with requests.Session() as session:
            for result in schema.get_all_operations():
                operation = cast(Any, result).ok()
                if operation.label in self.left_out:
                    continue
                admitted = may is None or admits(operation.definition.raw.get("x-access"), may)
                modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if admitted else (GenerationMode.POSITIVE,)
                for mode in modes:
                    self._probe_operation(operation, mode, examples if admitted else 1, session, checks, findings)
        return findings

    def _probe_operation(
        self,
        operation: Any,
        mode: GenerationMode,
        examples: int,
        session: requests.Session,
        checks: list[Any],
        findings: Findings,
    ) -> None:
        counted = findings.statuses.setdefault(operation.label, Counter())

        @seed(SEED)
        @settings(
            max_examples=examples,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def send(case: Case[Any], data: st.DataObject) -> None:
            self._put_in_what_exists(case, data, always=examples == 1)
            headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            for name in [name for name in case.headers or {} if name.lower() in DISCONNECTING]:
                del case.headers[name]
            try:
                response = case.call(base_url=self.base_url, session=session, headers=headers, timeout=30)
            except (requests.exceptions.InvalidHeader, UnicodeError, ValueError):
                return  # The client refuses to send it.
            counted[response.status_code] += 1
            try:
                case.validate_response(response, checks=checks, headers=headers)
            except FailureGroup as group:
                for failure in group.exceptions:
                    findings.faults.setdefault((operation.label, _kind(failure, response)), str(group))

        try:
            send()
        except Exception as error:
            if "Unsatisfiable" not in type(error).__name__:
                raise

    def _put_in_what_exists(self, case: Case[Any], data: st.DataObject, *, always: bool) -> None:
        """Replace generated identifiers by existing ones, mostly."""
        containers = (case.path_parameters, case.query, case.body)
        for container in containers:
            if not isinstance(container, dict):
                continue
            for name in [name for name in container if name in self.known]:
                if self.known[name] and (always or data.draw(st.integers(0, 3)) > 0):
                    container[name] = data.draw(st.sampled_from(list(self.known[name])))


def _kind(failure: BaseException, response: Response) -> str:
    return f"{type(failure).__name__} ({response.status_code})"


def admits(access: Mapping[str, Any] | None, held: Iterable[str]) -> bool:
    """Whether an operation's declared rule lets a holder of the roles in."""
    if access is None or access["kind"] in ("public", "anyone"):
        return True
    roles = set(held)
    return bool(roles) and (access["kind"] == "signed_in" or bool(roles & set(access["roles"])))
