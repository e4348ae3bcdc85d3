"""Who may knock at a route: a person of each role, and everybody who should not be let in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from configuration.kit.database import Transaction
from configuration.kit.features.accounts import Roles, change_state
from configuration.kit.features.accounts.use_cases import granting, signing_in
from configuration.kit.security.actor import Actor, Service
from configuration.kit.security.sessions import COOKIE
from configuration.kit.security.tokens import SERVICES, issue_access
from tests.apps import Erp
from tests.people import HOMES, OPERATOR, Someone, roles_of, signed_in

STAFF: Mapping[Service, str] = {"student": "registrar", "faculty": "dean", "library": "librarian"}
"""The role that may do most in each service."""


@dataclass(frozen=True)
class Caller:
    """One who knocks: with which credentials, and what these are worth."""

    name: str
    headers: Callable[[], Mapping[str, str]]
    issuer: Service | None = None
    roles: frozenset[str] = frozenset()
    via: str = "bearer"
    refused_at: frozenset[str] = frozenset()

    def valid_at(self, here: str) -> bool:
        """Whether `here` believes who this is."""
        return self.via != "invalid" and here not in self.refused_at


@dataclass(frozen=True)
class Cast:
    """The people of a running university."""

    erp: Erp
    people: Mapping[str, Someone]
    callers: list[Caller] = field(default_factory=list)

    def of(self, name: str) -> Someone:
        """The person of that role."""
        return self.people[name]


async def assemble(erp: Erp) -> Cast:
    """Make everybody. `student 2` is another student, for what belongs to the first."""
    people = {role: await signed_in(erp.app(home), role) for role, home in HOMES.items()}
    people["student 2"] = await signed_in(erp.app("student"), "student")
    for service in SERVICES:
        people[f"operator of {service}"] = await signed_in(erp.app(service), "operator")
        people[f"auditor of {service}"] = await _auditor(erp, service)
    cast = Cast(erp, people)
    for name, someone in people.items():
        issuer = someone.actor.issuer
        cast.callers.append(Caller(name, _bearer(someone.token), issuer, frozenset(someone.actor.grants)))
    for service in SERVICES:
        cast.callers.extend(await _refused(erp, service))
        cast.callers.extend(_services(erp, service))
        cast.callers.append(_delegated(erp, service))
        cast.callers.append(await _session(erp, service))
    cast.callers.append(Caller("anonymous", dict, via="nobody"))
    return cast


async def _auditor(erp: Erp, service: Service) -> Someone:
    """Somebody who was of the staff, and audits now."""
    app = erp.app(service)
    former = await signed_in(app, STAFF[service])
    await app.state.database.write(_become_auditor, roles_of(service), former.account.id, now=app.state.clock())
    return await _again(erp, service, former)


def _become_auditor(tx: Transaction, config: Roles, account_id: int, *, now: datetime) -> None:
    for grant in granting.grants_of(tx, account_id, now=now):
        granting.end_grant(tx, config, account_id, grant.id, reason="left the office", by=OPERATOR, now=now)
    until = now + timedelta(days=1)
    granting.grant_role(
        tx, config, account_id, "auditor", reason="audits the year", by=OPERATOR, now=now, valid_until=until
    )


async def _again(erp: Erp, service: Service, someone: Someone) -> Someone:
    """The same person with a token of now."""
    app = erp.app(service)
    now = app.state.clock()
    signed = await app.state.database.write(
        signing_in.open_sign_in, service, someone.account.id, "api", agent="test", now=now
    )
    standing = signed.standing
    token, _ = issue_access(app.state.keyring, standing.actor, now, version=standing.version, until=standing.until)
    return Someone(someone.account, standing.actor, token, signed)


async def _refused(erp: Erp, service: Service) -> list[Caller]:
    """Whoever holds the service's strongest role, and whose credentials are no good any more, or here."""
    app, role = erp.app(service), STAFF[service]
    now, ring = app.state.clock(), app.state.keyring
    gone = await signed_in(app, role)
    await app.state.database.write(
        change_state, roles_of(service), gone.account.id, "disable", reason="left", by=OPERATOR, now=now
    )
    someone = await signed_in(app, role)
    version = someone.signed.standing.version
    old, _ = issue_access(ring, someone.actor, now - timedelta(minutes=11), version=version)
    elsewhere = tuple(name for name in SERVICES if name != service)[:1]
    other, _ = issue_access(ring, someone.actor, now, version=version, audience=elsewhere)
    held = frozenset({role})
    return [
        # Abroad a disabled person's token is good until it ends, ten minutes at most.
        Caller(f"disabled {role}", _bearer(gone.token), service, held, refused_at=frozenset({service})),
        Caller(f"expired {role}", _bearer(old), service, held, via="invalid"),
        Caller(
            f"{role} with a token for {elsewhere[0]}",
            _bearer(other),
            service,
            held,
            refused_at=frozenset(SERVICES) - set(elsewhere),
        ),
    ]


def _services(erp: Erp, here: Service) -> list[Caller]:
    """Another service with a bare token for `here`, in each scope."""
    peer: Service = next(name for name in SERVICES if name != here)
    return [
        Caller(
            f"{peer} service, {scope} of {here}",
            partial(_service_token, erp, peer, scope, here),
            peer,
            frozenset({f"service:{scope}"}),
            via="service",
            refused_at=frozenset(SERVICES) - {here},
        )
        for scope in ("facts", "events")
    ]


def _service_token(erp: Erp, peer: Service, scope: Literal["facts", "events"], here: Service) -> dict[str, str]:
    """Such tokens live for a minute, so each knock gets its own."""
    state = erp.app(peer).state
    return _bearer(state.authenticator.service_token(scope, here, state.clock()))()


def _delegated(erp: Erp, here: Service) -> Caller:
    """Another service that acts for one of its staff at `here`."""
    peer: Service = next(name for name in SERVICES if name != here)
    actor = Actor(
        f"{peer}:4242", peer, "Somebody", {STAFF[peer]: frozenset({"university"})}, frozenset({f"{peer}:4242"})
    )
    return Caller(
        f"{peer} for its {STAFF[peer]} at {here}",
        partial(_delegated_token, erp, actor, here),
        peer,
        frozenset({STAFF[peer]}),
        via="delegated",
        refused_at=frozenset(SERVICES) - {here},
    )


def _delegated_token(erp: Erp, actor: Actor, here: Service) -> dict[str, str]:
    state = erp.app(actor.issuer).state
    return _bearer(state.authenticator.delegate(actor, here, state.clock()))()


async def _session(erp: Erp, service: Service) -> Caller:
    """A browser whose forms carry no token."""
    someone = await signed_in(erp.app(service), STAFF[service], kind="browser")
    cookie = f"{COOKIE}={service}.{someone.signed.secret}"
    return Caller(
        f"{STAFF[service]} by cookie", lambda: {"Cookie": cookie}, service, frozenset({STAFF[service]}), via="session"
    )


def _bearer(token: str) -> Callable[[], dict[str, str]]:
    return lambda: {"Authorization": f"Bearer {token}"}
