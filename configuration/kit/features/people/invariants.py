"""What is always true of persons and their profiles; every row that a statement finds breaks it."""

from sqlalchemy import Text, and_, cast, exists, func, literal_column, select

from configuration.kit.database import Statement
from configuration.kit.features.accounts.tables import account
from configuration.kit.features.audit import Invariant
from configuration.kit.features.audit.tables import audit
from configuration.kit.features.people.tables import person, person_name, profile

_subject = literal_column("'profile:'", Text).op("||")(cast(person.c.number, Text))
_acts = (
    select(func.count())
    .select_from(audit)
    .where(audit.c.subject == _subject, audit.c.outcome == literal_column("'done'", Text))
    .correlate(person)
    .scalar_subquery()
)

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "people_have_a_legal_name",
        "Everybody on record has a legal name now.",
        Statement(
            select(person.c.number).where(
                person.c.erased_at.is_(None),
                ~exists().where(
                    and_(
                        person_name.c.person_id == person.c.id,
                        person_name.c.kind == literal_column("'legal'", Text),
                        person_name.c.valid_until.is_(None),
                    )
                ),
            )
        ),
    ),
    Invariant(
        "accounts_bear_the_person_s_name",
        "An account shows the name that its person has on record.",
        Statement(
            select(person.c.number)
            .join(account, account.c.person_no == person.c.number)
            .where(person.c.erased_at.is_(None), account.c.display_name != person.c.display_name)
        ),
    ),
    Invariant(
        "profile_versions_count_the_acts",
        "The version of a profile is the number of acts on it in the record of acts.",
        Statement(
            select(person.c.number, profile.c.version)
            .join(profile, profile.c.person_id == person.c.id)
            .where(profile.c.version != _acts)
        ),
    ),
)
