"""Policies: the rows, which of them decides what, what looks wrong, and what they would have made of past loans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.days import end_of_day, local_day, start_of_day
from configuration.kit.errors import Blocker, VersionMismatch
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.policy import NAMES
from library_mgt.domain.policy_lint import Finding, lint
from library_mgt.domain.replay import Outcome, replay
from library_mgt.domain.rules import PolicyRow, Rules
from library_mgt.errors import DefaultPolicy, PolicyExists, PolicyNotFound, UnknownReference
from library_mgt.models.data.calendars import NO_SCHEDULE
from library_mgt.models.data.policies import PolicyView
from library_mgt.models.request.policy import (
    PolicyChange,
    PolicyCreate,
    PolicyScope,
    PolicyValues,
    ReplayCreate,
    TermsPut,
)
from library_mgt.repository import policies, policy_rows, references

CHUNK = 500
"""Loans that a replay looks at in one unit: a tenth of a second of reading and reckoning."""
LAST = 2**63 - 1
_LISTS = {"location": "location", "group_code": "patron_group", "item_type": "item_type"}


@dataclass(frozen=True, slots=True)
class Decided:
    """A value and the row that gave it."""

    name: str
    value: Any
    policy_id: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """Every value for a location, group and type of copy."""

    location: str | None
    group_code: str | None
    item_type: str | None
    values: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """A schedule and the last days of its terms."""

    code: str
    name: str
    version: int
    last_days: tuple[date, ...]


def policies_listed(tx: Transaction, *, after: int = 0, limit: int = 50) -> list[PolicyView]:
    """Rows in the order they were made; the first is the one for all."""
    return policy_rows.page(tx, after=after, limit=limit)


def policy_row(tx: Transaction, policy_id: int) -> PolicyView:
    """One row."""
    found = policy_rows.by_id(tx, policy_id)
    if found is None:
        raise PolicyNotFound()
    return found


def add_policy(tx: Transaction, new: PolicyCreate, *, by: Actor, now: datetime) -> PolicyView:
    """A row for a location, group and type, of which there is one at most."""
    _known(tx, new)
    scope = {"location": new.location, "group_code": new.group_code, "item_type": new.item_type}
    if policy_rows.id_of(tx, policy_rows.scope_of(*scope.values())) is not None:
        raise PolicyExists()
    values = _given(new.values)
    policy_id = policy_rows.add(tx, scope, values, by=by.person, now=now)
    audit.record(tx, "policy.added", f"policy:{policy_id}", by=by, now=now, facts={"scope": scope, "values": values})
    return policy_row(tx, policy_id)


def change_policy(
    tx: Transaction, policy_id: int, change: PolicyChange, *, version: int, by: Actor, now: datetime
) -> PolicyView:
    """Change values of a row. Loans that stand keep the rule they were made under."""
    present = _present(tx, policy_id, version)
    _known(tx, PolicyCreate(values=change.values))
    values = {**present.values, **change.values.model_dump(exclude_unset=True)}
    missing = [name for name in NAMES if values.get(name) is None]
    if missing and not _is_special(present):
        blockers = [
            Blocker(DefaultPolicy.code, f"The row for all needs a {name}.", f"/values/{name}") for name in missing
        ]
        raise DefaultPolicy(" ".join(blocker.detail for blocker in blockers), blockers=blockers)
    policy_rows.change(tx, policy_id, values, by=by.person, now=now)
    changed = {name: values.get(name) for name in NAMES if values.get(name) != present.values.get(name)}
    was = {name: present.values.get(name) for name in changed}
    audit.record(tx, "policy.changed", f"policy:{policy_id}", by=by, now=now, facts={"was": was, "becomes": changed})
    return policy_row(tx, policy_id)


def remove_policy(tx: Transaction, policy_id: int, *, version: int, by: Actor, now: datetime) -> None:
    """Delete a row; its values fall through. The row for all stays."""
    present = _present(tx, policy_id, version)
    if not _is_special(present):
        raise DefaultPolicy("The policy for all answers what no other row does; change it instead.")
    policy_rows.remove(tx, policy_id)
    facts = {"scope": _scope(present), "values": dict(present.values)}
    audit.record(tx, "policy.removed", f"policy:{policy_id}", by=by, now=now, facts=facts)


def resolve(tx: Transaction, asked: PolicyScope) -> Resolved:
    """Each value for a location, group and type, and the row that gave it; what is left open only open rows decide."""
    _known(tx, asked)
    return resolved(policies.in_force(tx), asked)


def resolved(rules: Rules, asked: PolicyScope) -> Resolved:
    """The same of rules that were read already."""
    deciding = rules.resolve(asked.location, asked.group_code, asked.item_type)
    values = tuple(Decided(name, row.values[name], row.id) for name, row in deciding.items())
    return Resolved(asked.location, asked.group_code, asked.item_type, values)


def findings(tx: Transaction, *, now: datetime, zone: tzinfo) -> list[Finding]:
    """What looks wrong with the rules as they stand."""
    locations, groups, types = ([row.code for row in references.listed(tx, name)] for name in _LISTS.values())
    rules = policies.in_force(tx)
    return lint(rules, locations=locations, groups=groups, item_types=types, today=local_day(now, zone))


def replayed(
    tx: Transaction,
    proposal: ReplayCreate,
    *,
    before: int = LAST,
    counted: Outcome | None = None,
    now: datetime,
    zone: tzinfo,
) -> tuple[Outcome, int | None]:
    """What past loans of a time would have become under a proposed set of rows. Nothing is changed.

    A chunk of them is looked at, the latest before the id `before` first, and counted on top of `counted`; answers the
    outcome so far, and before which id to go on, `None` at the end.
    """
    for row in proposal.rows:
        _known(tx, row)
    rules = policies.in_force(tx)
    proposed = Rules(_proposed(rules.rows, proposal), rules.weeks, rules.terms)
    since = start_of_day(proposal.since, zone) if proposal.since else None
    until = end_of_day(proposal.until, zone) if proposal.until else None
    past = policy_rows.past_loans(tx, before=before, since=since, until=until, now=now, limit=CHUNK)
    return replay(past, proposed, zone, counted), past[-1].id if len(past) == CHUNK else None


def terms_listed(tx: Transaction) -> list[Terms]:
    """Every schedule with its terms."""
    return [
        Terms(one.code, one.name, one.version, tuple(policy_rows.terms(tx, one.code)))
        for one in policy_rows.schedules(tx)
    ]


def put_terms(tx: Transaction, code: str, terms: TermsPut, *, version: int | None, by: Actor, now: datetime) -> Terms:
    """Write a schedule: a new one, or one that was seen at `version`."""
    present = policy_rows.locked_schedule(tx, code)
    if code == NO_SCHEDULE and terms.last_days:
        raise DefaultPolicy("The schedule `none` is the one that ends no loan.")
    if (present.version if present else None) != version:
        raise VersionMismatch("The schedule is not as you saw it; look at it again.")
    policy_rows.put_schedule(tx, code, terms.name, terms.last_days, new=present is None)
    facts = {"last_days": [day.isoformat() for day in terms.last_days]}
    audit.record(tx, "policy.terms", f"terms:{code}", by=by, now=now, facts=facts)
    return next(one for one in terms_listed(tx) if one.code == code)


def _proposed(rows: Sequence[PolicyRow], proposal: ReplayCreate) -> list[PolicyRow]:
    """The rows in force with the proposal laid over them."""
    kept = [row for row in rows if row.id not in proposal.without or not any(row.weight)]
    by_scope = {(row.location, row.group_code, row.item_type): row for row in kept}
    for place, wish in enumerate(proposal.rows, start=1):
        scope = (wish.location, wish.group_code, wish.item_type)
        present = by_scope.get(scope, PolicyRow(-place, *scope, {}))
        by_scope[scope] = replace(present, values={**present.values, **_given(wish.values)})
    return list(by_scope.values())


def _given(values: PolicyValues) -> dict[str, Any]:
    return values.model_dump(exclude_none=True)


def _known(tx: Transaction, named: PolicyScope) -> None:
    """Refuse codes that are not among the library's rows, all together."""
    blockers = [
        Blocker("UNKNOWN_CODE", f"{code!r} is no {table.replace('_', ' ')} of the library.", f"/{field}")
        for field, table in _LISTS.items()
        if (code := getattr(named, field)) is not None and not references.exists(tx, table, code)
    ]
    schedule = named.values.term_schedule if isinstance(named, PolicyCreate) else None
    if schedule is not None and not policy_rows.has_schedule(tx, schedule):
        detail = f"{schedule!r} is no term schedule of the library."
        blockers.append(Blocker("UNKNOWN_CODE", detail, "/values/term_schedule"))
    if blockers:
        raise UnknownReference(" ".join(blocker.detail for blocker in blockers), blockers=blockers)


def _present(tx: Transaction, policy_id: int, version: int) -> PolicyView:
    row = policy_rows.locked(tx, policy_id)
    if row is None:
        raise PolicyNotFound()
    if row.version != version:
        raise VersionMismatch(f"The policy is at version {row.version} now; look at it again.")
    return policy_row(tx, policy_id)


def _scope(row: PolicyView) -> Mapping[str, str | None]:
    return {"location": row.location, "group_code": row.group_code, "item_type": row.item_type}


def _is_special(row: PolicyView) -> bool:
    return any(_scope(row).values())
