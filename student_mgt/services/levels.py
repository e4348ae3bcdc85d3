"""The tables that levels follow from."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.features.people.errors import UnknownReference
from configuration.kit.security.actor import Actor
from student_mgt.models.data.student import LevelRuleRow
from student_mgt.models.request.profile import LevelRuleBody
from student_mgt.repository import studies


def level_rules(tx: Transaction, *, after: int, limit: int) -> list[LevelRuleRow]:
    """The rules in the order they were made."""
    return studies.level_rule_page(tx, after=after, limit=limit)


def add_level_rule(tx: Transaction, new: LevelRuleBody, *, by: Actor, now: datetime) -> LevelRuleRow:
    """Give a programme, or all others, a rule for a level; there is at most one of each."""
    level_id = studies.level_id(tx, new.level)
    if level_id is None:
        detail = f"{new.level!r} is no level of the university."
        raise UnknownReference(detail, blockers=[Blocker(UnknownReference.code, detail, "/level")])
    made = studies.add_level_rule(tx, level_id, new.programme, new.credits_from)
    facts = {"level": new.level, "programme": new.programme, "credits_from": str(new.credits_from)}
    audit.record(tx, "level_rule.added", f"level_rule:{made}", by=by, now=now, facts=facts)
    return LevelRuleRow(made, new.level, new.programme, new.credits_from)
