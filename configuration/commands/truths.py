"""What must be true of the accounts of every service; `erp audit` asks it beside the service's own truths."""

from sqlalchemy import String, cast, exists, func, literal_column, select

from configuration.kit.database import Statement
from configuration.kit.features.accounts.tables import account, credential, person_number, role_grant, sign_in
from configuration.kit.features.audit import Invariant
from configuration.kit.features.audit.tables import audit

_active = account.c.state == literal_column("'active'")

ACCOUNTS: tuple[Invariant, ...] = (
    Invariant(
        "active_accounts_have_credentials",
        "Every active account has something to sign in with.",
        Statement(select(account.c.id).where(_active, ~exists().where(credential.c.account_id == account.c.id))),
    ),
    Invariant(
        "closed_accounts_are_signed_out",
        "Nobody is signed in with an account that is not active.",
        Statement(
            select(sign_in.c.id)
            .join(account, account.c.id == sign_in.c.account_id)
            .where(sign_in.c.ended_at.is_(None), account.c.state != literal_column("'active'"))
        ),
    ),
    Invariant(
        "accounts_are_on_record",
        "The record of acts says of every account that it was made.",
        Statement(
            select(account.c.id).where(
                ~exists()
                .where(audit.c.subject == literal_column("'account:'", String) + cast(account.c.id, String))
                .correlate(account)
            )
        ),
    ),
    Invariant(
        "numbers_are_not_given_twice",
        "The next number to be given out is above every number in use.",
        Statement(
            select(account.c.person_no).where(
                account.c.person_no > select(func.max(person_number.c.last)).scalar_subquery()
            )
        ),
    ),
    Invariant(
        "grants_have_reasons",
        "Every grant of a role says why it was made.",
        Statement(select(role_grant.c.id).where(role_grant.c.reason == literal_column("''"))),
    ),
)
