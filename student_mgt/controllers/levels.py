"""Levels over HTTP: from how many credits on somebody is of which."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer, KeyDep
from configuration.kit.pagination import After, LimitDep, Page, cut, set_next_link
from configuration.kit.security.access import signed_in
from configuration.kit.security.actor import Actor
from student_mgt.dependencies import DatabaseDep, Now, Registrar
from student_mgt.models.data.student import LevelRuleRow
from student_mgt.models.request.profile import LevelRuleBody
from student_mgt.models.response.profile import LevelRuleRead
from student_mgt.services import levels

router = APIRouter(prefix="/levels", tags=["people"])
Reader = Annotated[Actor, Depends(signed_in("any signed-in person: everybody may know what a level takes"))]


@router.get("", name="level:list", response_model=Page[LevelRuleRead])
async def level_rules(
    request: Request, response: Response, _: Reader, db: DatabaseDep, after: After, limit: LimitDep
) -> dict[str, list[LevelRuleRow] | str | None]:
    """From how many credits on somebody is of which level."""
    found = await db.read(levels.level_rules, after=after, limit=limit + 1)
    items, following = cut(found, limit, lambda rule: (rule.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.post("", name="level:add", status_code=201, response_model=LevelRuleRead)
async def add_level_rule(body: LevelRuleBody, db: DatabaseDep, by: Registrar, now: Now, key: KeyDep) -> Answer:
    """Give a programme, or all others, a rule for a level."""
    return await act(db, key, levels.add_level_rule, body, about="level_rule:new", by=by, now=now, answer=LevelRuleRead)
