"""A level follows from the credits earned."""

from decimal import Decimal

import pytest
from sqlalchemy import insert, literal, select

from configuration.kit.database import Database, Statement
from configuration.kit.errors import Refusal
from configuration.kit.features.people import belonging, profiles
from configuration.kit.features.people.errors import KeptByOffice, UnknownReference
from configuration.kit.security.actor import Actor
from student_mgt.domain.levels import LevelRule, level_of
from student_mgt.errors import LevelRuleExists, NoStudent
from student_mgt.models.data.reference import level, level_rule
from student_mgt.models.data.student import earned_credits
from student_mgt.models.request.profile import CreditsBody, LevelRuleBody, StudyBeginning, StudyEnding
from student_mgt.services.levels import add_level_rule, level_rules
from student_mgt.services.profiles import OFFICE, set_credits
from tests.people import NOW, actor_of, add_account, roles_of

RULES = [LevelRule("Freshman", None, Decimal(0)), LevelRule("Sophomore", None, Decimal(30))]
OWN = [*RULES, LevelRule("First year", "MBA", Decimal(5))]
EARNED = Statement(select(earned_credits.c.credits, earned_credits.c.source).order_by(earned_credits.c.id))
OF_MBA = Statement(
    insert(level_rule).from_select(
        ["level_id", "programme", "credits_from"],
        select(level.c.id, literal("MBA"), literal(1000)).where(level.c.name == "Senior"),
    )
)


@pytest.fixture
def registrar(db: Database) -> Actor:
    """Keeps the records."""
    made = db.write_sync(add_account, roles_of("student"), "registrar", person_no=7)
    return actor_of("student", made, "registrar")


@pytest.fixture
def ann(db: Database) -> Actor:
    """A student."""
    made = db.write_sync(add_account, roles_of("student"), "student", person_no=1001)
    return actor_of("student", made, "student")


def earn(db: Database, number: int, earned: str, by: Actor) -> str | None:
    """Set what somebody has earned; answers the level."""
    body = CreditsBody.model_validate({"credits": earned, "reason": "transfer of results"})
    answered: str | None = db.write_sync(set_credits, number, body, by=by, now=NOW).level
    return answered


class TestRule:
    """The highest level whose credits are earned."""

    @pytest.mark.parametrize(
        ("earned", "programme", "name"),
        [
            ("0", None, "Freshman"),
            ("29.99", None, "Freshman"),
            ("30", None, "Sophomore"),
            ("500", "BSc", "Sophomore"),
            ("5", "MBA", "First year"),
            ("4.99", "MBA", None),
        ],
    )
    def test_it_is_the_programme_s_own_table_where_there_is_one(
        self, earned: str, programme: str | None, name: str | None
    ) -> None:
        assert level_of(Decimal(earned), OWN, programme) == name

    def test_without_a_table_there_is_no_level(self) -> None:
        assert level_of(Decimal(1), [], None) is None


class TestCredits:
    """Set by the registrar, kept one after the other."""

    def test_the_level_follows_and_earlier_figures_stay(self, db: Database, registrar: Actor, ann: Actor) -> None:
        before = db.read_sync(profiles.own_profile, OFFICE, by=ann, now=NOW).level
        levels = [earn(db, 1001, earned, registrar) for earned in ("29.99", "30", "90", "61.5")]

        assert (before, levels) == ("Freshman", ["Freshman", "Sophomore", "Senior", "Junior"])
        assert [(row.credits, row.source) for row in db.read_sync(lambda tx: tx.all(EARNED))] == [
            (Decimal(earned), "manual") for earned in ("29.99", "30", "90", "61.50")
        ]

    def test_a_programme_may_have_levels_of_its_own(self, db: Database, registrar: Actor, ann: Actor) -> None:
        db.write_sync(lambda tx: tx.run(OF_MBA))
        body = StudyBeginning(programme="MBA")
        db.write_sync(belonging.begin_spell, OFFICE, 1001, body, by=registrar, now=NOW)

        assert [earn(db, 1001, earned, registrar) for earned in ("9", "10")] == [None, "Senior"]

    def test_only_students_have_them_and_nobody_sets_their_own(self, db: Database, registrar: Actor) -> None:
        db.write_sync(add_account, roles_of("student"), "registrar", person_no=8)

        with pytest.raises(NoStudent):
            earn(db, 8, "1", registrar)
        with pytest.raises(KeptByOffice):
            earn(db, 7, "1", registrar)

    @pytest.mark.parametrize("earned", ["-1", "1000.01", "1.001", "many"])
    def test_nonsense_is_refused(self, earned: str) -> None:
        with pytest.raises(ValueError, match="credits"):
            CreditsBody.model_validate({"credits": earned, "reason": "transfer of results"})


class TestRules:
    """One rule for each level and programme."""

    def test_a_programme_gets_its_own_and_no_level_two(self, db: Database, registrar: Actor) -> None:
        new = LevelRuleBody.model_validate({"level": "Senior", "programme": "MBA", "credits_from": "10"})
        general = LevelRuleBody.model_validate({"level": "Senior", "credits_from": "10"})
        db.write_sync(add_level_rule, new, by=registrar, now=NOW)

        for again in (new, general):
            with pytest.raises(LevelRuleExists):
                db.write_sync(add_level_rule, again, by=registrar, now=NOW)
        rules = db.read_sync(level_rules, after=0, limit=9)
        assert [(rule.level, rule.programme, rule.credits_from) for rule in rules][-2:] == [
            ("Senior", None, Decimal(90)),
            ("Senior", "MBA", Decimal(10)),
        ]

    def test_a_level_that_nobody_entered_gets_none(self, db: Database, registrar: Actor) -> None:
        new = LevelRuleBody.model_validate({"level": "Doyen", "credits_from": "10"})

        with pytest.raises(UnknownReference):
            db.write_sync(add_level_rule, new, by=registrar, now=NOW)


class TestStudies:
    """How a study ended is told, and a registrar becomes no student in passing."""

    def test_an_ended_study_says_how(self, db: Database, registrar: Actor, ann: Actor) -> None:
        study = db.read_sync(profiles.own_profile, OFFICE, by=ann, now=NOW).spells[0]
        body = StudyEnding(status="withdrawn", reason="moved away")

        told = db.write_sync(belonging.end_spell, OFFICE, 1001, study.id, body, by=registrar, now=NOW)

        assert (told.spells[0].status, told.spells[0].valid_until, told.present) == ("withdrawn", NOW.date(), ())

    def test_a_registrar_with_a_major_is_still_no_student(self, db: Database, registrar: Actor) -> None:
        body = OFFICE.models.addition.model_validate({"given_name": "Rita", "major": "CS"})

        with pytest.raises(Refusal):
            db.write_sync(profiles.add_profile, OFFICE, body, by=registrar, now=NOW)
        assert db.read_sync(profiles.own_profile, OFFICE, by=registrar, now=NOW).level is None
