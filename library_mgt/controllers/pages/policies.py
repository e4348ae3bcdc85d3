"""Lending rules for librarians: all rows, which of them decides what, what looks wrong, and trying changes out."""

from datetime import datetime, timedelta, tzinfo
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.errors import Refusal
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.forms import read, version_of, whole
from configuration.kit.web.urls import next_link
from library_mgt.controllers import replaying
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.dependencies import DatabaseDep, Id, LibrarianDep, Now, Zone
from library_mgt.domain.money import Currency
from library_mgt.domain.policy import NAMES
from library_mgt.models.data.policies import PolicyView
from library_mgt.models.request.policy import PolicyChange, PolicyCreate, PolicyScope, PolicyValues, ReplayCreate
from library_mgt.models.response.policy import PolicyRead
from library_mgt.services import desk, fees, policies

SCOPE = ("location", "group_code", "item_type")
FLAGS = frozenset({"loanable", "requests_allowed", "auto_approve", "recall_allowed", "fine_closed_days"})
AMOUNTS = frozenset({"fine_minor", "fine_cap_minor", "lost_fee_minor", "block_debt_minor"})
WORDS = frozenset({"loan_unit", "closed_days", "renewal_from", "fine_unit", "term_schedule"})
ROWS = 100
router = APIRouter(include_in_schema=False)
Chosen = Annotated[str, Query(max_length=40)]


def _offered(tx: Transaction) -> Said:
    """What the forms let choose from."""
    return {
        "currency": fees.currency(tx),
        "locations": desk.choices(tx, "location"),
        "groups": desk.choices(tx, "patron_group"),
        "item_types": desk.choices(tx, "item_type"),
        "rows": policies.policies_listed(tx, limit=ROWS),
        "schedules": [(one.code, one.name) for one in policies.terms_listed(tx)],
    }


def _overview(tx: Transaction, asked: PolicyScope, after: int, now: Now, zone: Zone) -> Said:
    return {
        "listed": policies.policies_listed(tx, after=after, limit=ROWS + 1),
        "findings": policies.findings(tx, now=now, zone=zone),
        "resolved": policies.resolve(tx, asked),
        **_offered(tx),
    }


@router.get("/policy", name="pages:policies")
async def overview(
    request: Request,
    db: DatabaseDep,
    pages: PagesDep,
    _actor: LibrarianDep,
    now: Now,
    zone: Zone,
    cursor: CursorDep,
    *,
    location: Chosen = "",
    group_code: Chosen = "",
    item_type: Chosen = "",
) -> Response:
    """Every row, what looks wrong, and for one place, group and type the row that decides each value."""
    values = Fields(location=location, group_code=group_code, item_type=item_type)
    asked, errors = read(PolicyScope, {name: values[name] or None for name in SCOPE})
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    try:
        shown = await db.read(_overview, asked or PolicyScope(), after, now, zone)
    except Refusal as refusal:
        errors = faults_of(refusal)
        shown = await db.read(_overview, PolicyScope(), after, now, zone)
    rows, following = cut(shown.pop("listed"), ROWS, lambda row: (row.id,))
    return pages.render(
        request,
        "policies.html",
        422 if errors else 200,
        next_url=next_link(request, following),
        values=values,
        errors=errors,
        **{**shown, "rows": rows},
    )


@router.get("/policy/new", name="pages:policy:new")
async def new_form(
    request: Request, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep, now: Now, zone: Zone
) -> Response:
    """The form for a new row, with nothing set."""
    offered = await db.read(_offered)
    values = Fields(since=_a_year_ago(now, zone))
    return pages.render(request, "policy-form.html", policy=None, values=values, errors=[], told=None, **offered)


@router.post("/policy/new", name="pages:policy:add")
async def add(actor: LibrarianDep, doing: DoingDep) -> Response:
    """Add the row, or say what past loans would have become under it."""
    return await _saved(None, actor, doing)


@router.get("/policy/{policy_id}", name="pages:policy:edit")
async def edit_form(
    request: Request, policy_id: Id, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep, now: Now, zone: Zone
) -> Response:
    """The form with what the row sets."""
    policy = await db.read(policies.policy_row, policy_id)
    offered = await db.read(_offered)
    values = _fields_of(policy, offered["currency"], since=_a_year_ago(now, zone))
    return pages.render(request, "policy-form.html", policy=policy, values=values, errors=[], told=None, **offered)


@router.post("/policy/{policy_id}", name="pages:policy:change")
async def change(policy_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Save the row, or say what past loans would have become under it."""
    return await _saved(await doing.db.read(policies.policy_row, policy_id), actor, doing)


@router.post("/policy/{policy_id}/remove", name="pages:policy:remove")
async def remove(policy_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Delete the row; its values fall through."""
    version = version_of(doing.fields)
    try:
        await doing.act(
            policies.remove_policy, policy_id, version=version, about=f"policy:{policy_id}", by=actor, answer=None
        )
    except Refusal as refusal:
        return doing.back(f"/policy/{policy_id}", refusal.detail, "danger")
    return doing.back("/policy", doing.say("The row is removed; what it set falls through."), "info")


async def _saved(policy: PolicyView | None, actor: Actor, doing: Doing) -> Response:
    body, errors = await _body(doing)
    told: Said | None = None
    status = 422
    if body is not None and not errors:
        try:
            if doing.fields["try"]:
                told, status = await _tried(policy, body, doing), 200
            else:
                await _kept(policy, body, actor, doing)
                return doing.back("/policy", doing.say("The rule is saved. Loans that stand keep theirs."))
        except Refusal as refusal:
            errors, status = _placed(faults_of(refusal)), refusal.status
    offered = await doing.db.read(_offered)
    return doing.pages.render(
        doing.request,
        "policy-form.html",
        status,
        policy=policy,
        values=doing.fields,
        errors=errors,
        told=told,
        **offered,
    )


async def _kept(policy: PolicyView | None, body: PolicyCreate, actor: Actor, doing: Doing) -> None:
    if policy is None:
        await doing.act(policies.add_policy, body, about="policy:new", by=actor, answer=PolicyRead)
        return
    # The form shows every value of the row, so an empty field lets its value fall through.
    every = PolicyChange(values=PolicyValues(**{name: getattr(body.values, name) for name in NAMES}))
    await doing.act(
        policies.change_policy,
        policy.id,
        every,
        version=version_of(doing.fields),
        about=f"policy:{policy.id}",
        by=actor,
        answer=PolicyRead,
    )


async def _tried(policy: PolicyView | None, body: PolicyCreate, doing: Doing) -> Said:
    """What past loans would have become if the row were as the form says."""
    if policy is not None:
        body = body.model_copy(update={name: getattr(policy, name) for name in SCOPE})
    asked = {name: doing.fields[name] for name in ("since", "until") if doing.fields[name]}
    proposal, faults = read(ReplayCreate, asked)
    if proposal is None:
        raise Refusal(faults[0].text)
    proposal = proposal.model_copy(update={"rows": [body], "without": [policy.id] if policy else []})
    told = await replaying.replay(doing.db, proposal, now=doing.now, zone=doing.zone)
    return {"outcome": told.outcome, "whole": told.whole}


async def _body(doing: Doing) -> tuple[PolicyCreate | None, list[FieldError]]:
    currency = await doing.db.read(fees.currency)
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name in NAMES:
        text = doing.fields[name]
        if not text:
            continue
        if name in FLAGS:
            values[name] = text == "yes"
        elif name in WORDS:
            values[name] = text
        elif name in AMOUNTS:
            if (amount := currency.minor(text)) is None:
                errors.append(FieldError(doing.say("This is no amount of money."), name))
            values[name] = amount
        elif (number := whole(text)) is not None:
            values[name] = number
        else:
            errors.append(FieldError(doing.say("This consists of digits."), name))
    scope = {name: doing.fields[name] or None for name in SCOPE}
    found, faults = read(PolicyValues, values)
    if found is None:
        return None, errors + faults
    body, faults = read(PolicyCreate, {**scope, "values": found})
    return body, errors + faults


def _a_year_ago(now: datetime, zone: tzinfo) -> str:
    """From when on loans are replayed unless somebody says otherwise."""
    return (local_day(now, zone) - timedelta(days=365)).isoformat()


def _fields_of(policy: PolicyView, currency: Currency, *, since: str) -> Fields:
    shown = {name: currency.typed(value) if name in AMOUNTS else _text(value) for name, value in policy.values.items()}
    return Fields(shown, version=str(policy.version), since=since)


def _text(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _placed(errors: list[FieldError]) -> list[FieldError]:
    """The faults under the names of the form's fields."""
    return [FieldError(e.text, e.field.rpartition("/")[2] if e.field else e.field, e.code, e.override) for e in errors]
