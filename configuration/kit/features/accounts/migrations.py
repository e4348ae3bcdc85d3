"""The steps by which a service's migrations bring up the tables of accounts."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, JsonText, id_column
from configuration.kit.database.steps import create_index_where


def create_v1() -> None:
    """Accounts, credentials and grants; sign-ins and their tokens; codes, applications, throttling, links."""
    _create_account()
    _create_credential()
    _create_role_grant()
    _create_sign_in()
    _create_refresh_token()
    _create_one_time_code()
    _create_application()
    _create_sign_in_throttle()
    _create_person_link()
    _create_person_number()


def _create_account() -> None:
    op.create_table(
        "account",
        id_column(),
        sa.Column("person_no", sa.BigInteger, nullable=False),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("user_key", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("external_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_at", Instant, nullable=False),
        sa.Column("state_by", sa.Text, nullable=False),
        sa.Column("state_reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("erased_at", Instant),
        sa.CheckConstraint(
            "state IN ('invited', 'pending', 'active', 'locked', 'disabled')", name=op.f("ck_account_state")
        ),
        sa.CheckConstraint("person_no > 0", name=op.f("ck_account_person_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_index("uq_account_external_id", "account", ["external_id"], unique=True)
    op.create_index("uq_account_person_no", "account", ["person_no"], unique=True)
    op.create_index("uq_account_user_key", "account", ["user_key"], unique=True)


def _create_credential() -> None:
    op.create_table(
        "credential",
        id_column(),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("issuer", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("changed_at", Instant, nullable=False),
        sa.CheckConstraint(
            "(kind = 'oidc') = (issuer IS NOT NULL AND subject IS NOT NULL)", name=op.f("ck_credential_oidc")
        ),
        sa.CheckConstraint("(kind = 'password') = (password_hash IS NOT NULL)", name=op.f("ck_credential_password")),
        sa.CheckConstraint("kind IN ('password', 'oidc')", name=op.f("ck_credential_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credential_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
    )
    op.create_index("ix_credential_account_id", "credential", ["account_id"])
    op.create_index("uq_credential_issuer_subject", "credential", ["issuer", "subject"], unique=True)
    create_index_where("uq_credential_password", "credential", ["account_id"], "kind = 'password'")


def _create_role_grant() -> None:
    op.create_table(
        "role_grant",
        id_column(),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("valid_from", Instant, nullable=False),
        sa.Column("valid_until", Instant),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_at", Instant, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("ended_by", sa.Text),
        sa.Column("end_reason", sa.Text),
        sa.CheckConstraint("role <> 'auditor' OR valid_until IS NOT NULL", name=op.f("ck_role_grant_auditor_ends")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_role_grant_ended")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name=op.f("ck_role_grant_dates")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    create_index_where("uq_role_grant_live", "role_grant", ["account_id", "role", "scope"], "ended_at IS NULL")


def _create_sign_in() -> None:
    op.create_table(
        "sign_in",
        id_column(),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("secret_hash", sa.Text),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("end_reason", sa.Text),
        sa.CheckConstraint("(kind = 'browser') = (secret_hash IS NOT NULL)", name=op.f("ck_sign_in_secret")),
        sa.CheckConstraint("kind IN ('api', 'browser')", name=op.f("ck_sign_in_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"])
    op.create_index("uq_sign_in_secret_hash", "sign_in", ["secret_hash"], unique=True)


def _create_refresh_token() -> None:
    op.create_table(
        "refresh_token",
        id_column(),
        sa.Column("sign_in_id", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
        sa.Column("nonce", sa.Text),
        sa.CheckConstraint("(used_at IS NULL) = (nonce IS NULL)", name=op.f("ck_refresh_token_used")),
        sa.ForeignKeyConstraint(["sign_in_id"], ["sign_in.id"], name=op.f("fk_refresh_token_sign_in_id_sign_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_token")),
    )
    op.create_index("uq_refresh_token_generation", "refresh_token", ["sign_in_id", "generation"], unique=True)
    op.create_index("uq_refresh_token_token_hash", "refresh_token", ["token_hash"], unique=True)


def _create_one_time_code() -> None:
    op.create_table(
        "one_time_code",
        id_column(),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("issued_by", sa.Text, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("ended_how", sa.Text),
        sa.CheckConstraint("purpose IN ('activation', 'reset')", name=op.f("ck_one_time_code_purpose")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_one_time_code_ended")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_one_time_code_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    create_index_where("uq_one_time_code_live", "one_time_code", ["account_id", "purpose"], "ended_at IS NULL")


def _create_application() -> None:
    op.create_table(
        "application",
        id_column(),
        sa.Column("person_no", sa.BigInteger),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("user_key", sa.Text, nullable=False),
        sa.Column("given_name", sa.Text, nullable=False),
        sa.Column("middle_name", sa.Text, nullable=False),
        sa.Column("family_name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("password_hash", sa.Text),
        sa.Column("details", JsonText, nullable=False),
        sa.Column("applicant", sa.Text),
        sa.Column("receipt_hash", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("submitted_at", Instant, nullable=False),
        sa.Column("decided_at", Instant),
        sa.Column("decided_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("account_id", sa.BigInteger),
        sa.CheckConstraint("(state = 'approved') = (account_id IS NOT NULL)", name=op.f("ck_application_account")),
        sa.CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)", name=op.f("ck_application_decided")
        ),
        sa.CheckConstraint(
            "(state IN ('draft', 'submitted')) = (password_hash IS NOT NULL)", name=op.f("ck_application_password")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_application_state")
        ),
        sa.CheckConstraint("person_no > 0", name=op.f("ck_application_person_no")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_application_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    op.create_index("ix_application_state_id", "application", ["state", "id"])
    op.create_index("uq_application_account_id", "application", ["account_id"], unique=True)
    create_index_where("uq_application_user_key", "application", ["user_key"], "state IN ('draft', 'submitted')")


def _create_sign_in_throttle() -> None:
    op.create_table(
        "sign_in_throttle",
        sa.Column("pair", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("free_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("pair", name=op.f("pk_sign_in_throttle")),
    )
    op.create_index("ix_sign_in_throttle_last_at", "sign_in_throttle", ["last_at"])


def _create_person_link() -> None:
    op.create_table(
        "person_link",
        id_column(),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("statement_id", sa.Text, nullable=False),
        sa.Column("linked_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("ended_by", sa.Text),
        sa.Column("end_reason", sa.Text),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_link_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_link")),
    )
    create_index_where("uq_person_link_live", "person_link", ["account_id", "person"], "ended_at IS NULL")
    op.create_index("uq_person_link_statement_id", "person_link", ["statement_id", "person"], unique=True)


def _create_person_number() -> None:
    op.create_table(
        "person_number",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_person_number_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_number")),
    )
    op.execute("INSERT INTO person_number (id, last) VALUES (1, 100000)")
