"""Studies as records, credits, and the levels they make."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction, insert_into
from configuration.kit.features.people.spells import SpellTable
from student_mgt.domain.levels import LevelRule
from student_mgt.models.data.person import person
from student_mgt.models.data.reference import level, level_rule
from student_mgt.models.data.student import LevelRuleRow, StudentRow, StudyOnRecord, earned_credits, student, study

STUDIES = SpellTable(
    study,
    StudyOnRecord,
    owner="student_id",
    owners=study.join(student, student.c.id == study.c.student_id).join(person, person.c.id == student.c.person_id),
)
_RULES = Statement(
    select(level.c.name.label("level"), level_rule.c.programme, level_rule.c.credits_from)
    .join(level, level.c.id == level_rule.c.level_id)
    .order_by(level.c.rank),
    LevelRule,
)
_RULE_PAGE = Statement(
    select(level_rule.c.id, level.c.name.label("level"), level_rule.c.programme, level_rule.c.credits_from)
    .join(level, level.c.id == level_rule.c.level_id)
    .where(level_rule.c.id > bindparam("after"))
    .order_by(level_rule.c.id)
    .limit(bindparam("limit")),
    LevelRuleRow,
)
_LEVEL_ID: Statement[Any] = Statement(select(level.c.id).where(level.c.name == bindparam("name")))
_ADD_RULE: Statement[Any] = Statement(insert_into(level_rule, returning=("id",)))
_STUDENT = Statement(
    select(
        student.c.id,
        student.c.standing,
        earned_credits.c.credits,
        earned_credits.c.as_of.label("credits_as_of"),
    )
    .outerjoin(earned_credits, earned_credits.c.student_id == student.c.id)
    .where(student.c.person_id == bindparam("of_person"))
    .order_by(earned_credits.c.id.desc())
    .limit(1),
    StudentRow,
)
_ADD_CREDITS: Statement[Any] = Statement(insert_into(earned_credits))


def student_row(tx: Transaction, person_id: int) -> StudentRow | None:
    """The person as a student, with the credits that count now."""
    return tx.first(_STUDENT, of_person=person_id)


def level_rules(tx: Transaction) -> list[LevelRule]:
    """From how many credits on somebody is of which level."""
    return tx.all(_RULES)


def level_rule_page(tx: Transaction, *, after: int, limit: int) -> list[LevelRuleRow]:
    """The rules in the order they were made."""
    return tx.all(_RULE_PAGE, after=after, limit=limit)


def level_id(tx: Transaction, name: str) -> int | None:
    """The level of that name."""
    found: int | None = tx.scalar(_LEVEL_ID, name=name)
    return found


def add_level_rule(tx: Transaction, level_id: int, programme: str | None, credits_from: Decimal) -> int:
    """From how many credits on students of the programme, or of all others, are of the level; answers the rule's id."""
    made: int = tx.scalar(_ADD_RULE, level_id=level_id, programme=programme, credits_from=credits_from)
    return made


def set_credits(tx: Transaction, student_id: int, earned: Decimal, *, reason: str, by: str, now: datetime) -> None:
    """What a student has earned in all, by hand of the registrar."""
    tx.run(_ADD_CREDITS, student_id=student_id, credits=earned, source="manual", as_of=now, set_by=by, reason=reason)
