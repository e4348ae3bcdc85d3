"""Policies over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import Page, cut, set_next_link
from configuration.kit.versions import etag
from library_mgt.controllers import replaying
from library_mgt.dependencies import (
    After,
    DatabaseDep,
    Id,
    KeyDep,
    LibrarianDep,
    LimitDep,
    Now,
    Version,
    VersionOrNot,
    Zone,
)
from library_mgt.domain.policy_lint import Finding
from library_mgt.models.data.policies import PolicyView
from library_mgt.models.request.fields import Code
from library_mgt.models.request.policy import PolicyChange, PolicyCreate, PolicyScope, ReplayCreate, TermsPut
from library_mgt.models.response.policy import (
    FindingsRead,
    PolicyRead,
    ReplayRead,
    ResolvedRead,
    TermsListed,
    TermsRead,
)
from library_mgt.services import policies

router = APIRouter(prefix="/policies", tags=["policies"])
CodeText = Annotated[Code | None, Query(description="Left out: for all.")]
ScheduleCode = Annotated[Code, Path(description="The schedule.")]


@router.get("", name="library:policies", response_model=Page[PolicyRead])
async def policies_listed(
    request: Request, response: Response, db: DatabaseDep, _librarian: LibrarianDep, after: After, limit: LimitDep
) -> dict[str, list[PolicyView] | str | None]:
    """Rows in the order they were made; the first is the one for all."""
    found = await db.read(policies.policies_listed, after=after, limit=limit + 1)
    items, following = cut(found, limit, lambda one: (one.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.post("", name="library:add_policy", status_code=201, response_model=PolicyRead)
async def add_policy(policy: PolicyCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep) -> Answer:
    """Add a row for a location, a group and a type of copy, each of which may be left open."""
    return await act(
        db, key, policies.add_policy, policy, about="policy:new", by=librarian, now=now, answer=PolicyRead, etag=etag
    )


@router.get("/resolve", name="library:resolve_policy", response_model=ResolvedRead)
async def resolve(
    db: DatabaseDep,
    _librarian: LibrarianDep,
    location: CodeText = None,
    group_code: CodeText = None,
    item_type: CodeText = None,
) -> policies.Resolved:
    """Say each value for a location, a group and a type of copy, and the row that gave it."""
    asked = PolicyScope(location=location, group_code=group_code, item_type=item_type)
    return await db.read(policies.resolve, asked)


@router.get("/lint", name="library:lint_policies", response_model=FindingsRead)
async def lint(db: DatabaseDep, _librarian: LibrarianDep, now: Now, zone: Zone) -> dict[str, list[Finding]]:
    """Say what looks wrong: rows that decide nothing, and values that contradict one another."""
    return {"items": await db.read(policies.findings, now=now, zone=zone)}


@router.post("/replay", name="library:replay_policies", response_model=ReplayRead)
async def replay(
    proposal: ReplayCreate, db: DatabaseDep, _librarian: LibrarianDep, now: Now, zone: Zone
) -> replaying.Replay:
    """Say what past loans would have become under proposed rows, without changing anything."""
    return await replaying.replay(db, proposal, now=now, zone=zone)


@router.get("/terms", name="library:terms", response_model=TermsListed)
async def terms_listed(db: DatabaseDep, _librarian: LibrarianDep) -> dict[str, list[policies.Terms]]:
    """Every term schedule with the last days of its terms."""
    return {"items": await db.read(policies.terms_listed)}


@router.put("/terms/{code}", name="library:put_terms", response_model=TermsRead)
async def put_terms(
    code: ScheduleCode, terms: TermsPut, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: VersionOrNot
) -> Answer:
    """Write a term schedule: a new one, or with `If-Match` one that was seen."""
    return await act(
        db, None, policies.put_terms, code, terms, version=version, about=f"terms:{code}", by=librarian, now=now,
        answer=TermsRead, status=200, etag=etag,
    )  # fmt: skip


@router.get("/{policy_id}", name="library:policy", response_model=PolicyRead)
async def policy_row(policy_id: Id, response: Response, db: DatabaseDep, _librarian: LibrarianDep) -> PolicyView:
    """One row."""
    found = await db.read(policies.policy_row, policy_id)
    response.headers["ETag"] = etag(found)
    return found


@router.patch("/{policy_id}", name="library:change_policy", response_model=PolicyRead)
async def change_policy(
    policy_id: Id, change: PolicyChange, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: Version
) -> Answer:
    """Change values of a row; null lets a value fall through. Loans that stand keep the rule they were made under."""
    return await act(
        db, None, policies.change_policy, policy_id, change, version=version, about=f"policy:{policy_id}",
        by=librarian, now=now, answer=PolicyRead, status=200, etag=etag,
    )  # fmt: skip


@router.delete("/{policy_id}", name="library:remove_policy", status_code=204)
async def remove_policy(policy_id: Id, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: Version) -> Answer:
    """Delete a row, so that its values fall through. The row for all stays."""
    return await act(
        db, None, policies.remove_policy, policy_id, version=version, about=f"policy:{policy_id}", by=librarian,
        now=now, answer=None, status=204,
    )  # fmt: skip
