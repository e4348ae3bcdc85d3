"""Calls to other services for our own people: by an operation that is declared, with a token of a minute.

A client module declares what it uses of a peer as `Operation` values; tests/contracts compares each of them with the
peer's own document. What the peer refuses reaches the person as it was said, with its status and code. What makes no
sense is never passed on: it counts as the peer being away.
"""

from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

import httpx
from fastapi import Depends
from loguru import logger
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.clock import Clock
from configuration.kit.errors import Blocker, Refusal
from configuration.kit.peers import PeerRegistry, PeerUnavailable
from configuration.kit.problems import MEDIA_TYPE, MOST_ERRORS
from configuration.kit.security.access import signed_in
from configuration.kit.security.actor import Actor, Service
from configuration.kit.security.authenticator import Authenticator

REPLAYED = "Idempotency-Replayed"
LARGEST_PROBLEM = 64 * 1024
PASSED_ON = frozenset({403, 404, 409, 412, 413, 415, 422, 428, 429})
"""Refusals that speak to the person. Any other one (a token not believed, an address unknown) is between services."""
OURS = frozenset({"NO_SUCH_PAGE", "METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE", "NOT_FROM_HERE"})
"""Codes that say the call itself was wrong, whatever the status."""

T = TypeVar("T", bound=BaseModel)


class Told(BaseModel):
    """What we read of a peer's answer; whatever else it says is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


@dataclass(frozen=True, slots=True)
class Operation(Generic[T]):
    """One operation of a peer, as far as we use it.

    `path` is the path below the peer's prefix, with the peer's names of parameters; `answer` is read from the answer of
    `status`; `sends` is the body. `public` says that the peer asks nobody who they are, so that no token is spent.
    """

    service: Service
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    answer: type[T]
    status: int = 200
    sends: type[BaseModel] | None = None
    parameters: frozenset[str] = frozenset()
    public: bool = False


class PeerRefused(Refusal):
    """A peer's refusal, passed on as it was said; `service` names the peer."""

    def __init__(self, told: "_Problem", status: int, service: Service, headers: Mapping[str, str]) -> None:
        blockers = [Blocker(one.code, one.detail, one.pointer, one.override, one.facts) for one in told.errors]
        super().__init__(told.detail, blockers=blockers, headers=headers, service=service)
        self.status, self.code, self.title = status, told.code, told.title


class _Entry(Told):
    code: str = Field(max_length=100)
    detail: str = Field(max_length=2000)
    pointer: str | None = Field(default=None, max_length=300)
    override: str | None = Field(default=None, max_length=100)
    facts: dict[str, Any] = Field(default_factory=dict)


class _Problem(Told):
    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]{1,99}$")
    title: str = Field(max_length=300)
    detail: str = Field(max_length=20_000)
    errors: list[_Entry] = Field(default=[], max_length=MOST_ERRORS)


class Envoy:
    """Goes to the other services; one per request."""

    def __init__(self, peers: PeerRegistry, authenticator: Authenticator, prefix: str, clock: Clock) -> None:
        self._peers = peers
        self._authenticator = authenticator
        self._prefix = prefix
        self._clock = clock

    async def ask(
        self,
        operation: Operation[T],
        *,
        by: Actor,
        key: str | None = None,
        body: BaseModel | None = None,
        **values: int | str | None,
    ) -> "Answered[T]":
        """Call the operation for one of our own people; `values` are its parameters, those that are `None` left out.

        Raises `PeerRefused` with the peer's own status and code, `PeerUnavailable` (503) and `PeerTimeout` (504).
        """
        given = {name: str(value) for name, value in values.items() if value is not None}
        answer = await self._peers.call(
            operation.service,
            operation.method,
            self.path_of(operation, given),
            token=self.token(operation, by),
            key=key,
            json=None if body is None else body.model_dump(mode="json", exclude_unset=True),
            params={name: given[name] for name in sorted(operation.parameters & given.keys())},
        )
        return understood(operation, answer)

    async def carry(
        self,
        operation: Operation[T],
        content: AsyncIterable[bytes],
        headers: Mapping[str, str],
        *,
        by: Actor,
        key: str,
        **values: int | str,
    ) -> "Answered[T]":
        """Carry a body on as it arrives, described by `headers`. Raises as `ask` does."""
        answer = await self._peers.upload(
            operation.service,
            self.path_of(operation, {name: str(value) for name, value in values.items()}),
            content=content,
            token=self._authenticator.delegate(by, operation.service, self._clock()),
            key=key,
            headers=headers,
        )
        return understood(operation, answer)

    def path_of(self, operation: Operation[Any], values: Mapping[str, str]) -> str:
        """The full public path; ids are numbers or checked before, so nothing in them needs escaping."""
        return f"{self._prefix}/{operation.service}{operation.path.format_map(values)}"

    def token(self, operation: Operation[Any], by: Actor) -> str | None:
        """A token for exactly this peer, or none where nobody is asked."""
        return None if operation.public else self._authenticator.delegate(by, operation.service, self._clock())


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """A peer's answer, understood."""

    value: T
    replayed: bool = False

    def told_to(self, response: Response) -> T:
        """The value for our own answer, which says as well when it is one given before."""
        if self.replayed:
            response.headers[REPLAYED] = "true"
        return self.value


def understood(operation: Operation[T], answer: httpx.Response) -> Answered[T]:
    """The answer as the operation declares it, or the peer's refusal raised."""
    service = operation.service
    try:
        if answer.status_code == operation.status:
            value = operation.answer.model_validate_json(answer.content)
            return Answered(value, answer.headers.get(REPLAYED) == "true")
        if (refusal := _refused(service, answer)) is not None:
            raise refusal
    except ValidationError as error:
        logger.error("{} answered {} {} with {}", service, operation.method, operation.path, _faults(error))
    else:
        logger.error(
            "{} answered {} {} with an unexpected {}", service, operation.method, operation.path, answer.status_code
        )
    raise PeerUnavailable(f"The {service} service gave an answer that makes no sense.", headers={"Retry-After": "2"})


def _refused(service: Service, answer: httpx.Response) -> PeerRefused | None:
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if answer.status_code not in PASSED_ON or kind != MEDIA_TYPE or len(answer.content) > LARGEST_PROBLEM:
        return None
    told = _Problem.model_validate_json(answer.content)
    if told.code in OURS:
        return None
    wait = answer.headers.get("retry-after", "")
    return PeerRefused(told, answer.status_code, service, {"Retry-After": wait} if wait.isdigit() else {})


def _faults(error: ValidationError) -> str:
    """Where an answer is not what it should be, without what it says."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))[:100]}: {fault['type']}" for fault in found[:5])


async def _envoy(request: Request) -> Envoy:
    state = request.app.state
    return Envoy(state.peers, state.authenticator, state.settings.root_prefix, state.clock)


EnvoyDep = Annotated[Envoy, Depends(_envoy)]
"""The way to the other services."""
OwnPersonDep = Annotated[Actor, Depends(signed_in("anybody with an account here, for themselves", at_home=True))]
"""One of our own people: a service speaks elsewhere for nobody else."""
