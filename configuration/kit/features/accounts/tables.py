"""The tables of accounts: who may sign in, as whom, with what, and what they were allowed by whom.

Secrets are never here: passwords as Argon2id, session secrets, refresh tokens and codes as SHA-256 of random values.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Table, Text, text

from configuration.kit.database import NAMING, Instant, JsonText, id_column

STATES = ("invited", "pending", "active", "locked", "disabled")
CREDENTIALS = ("password", "oidc")
SIGN_INS = ("api", "browser")
PURPOSES = ("activation", "reset")
APPLICATION_STATES = ("draft", "submitted", "approved", "rejected", "withdrawn")

metadata = MetaData(naming_convention=NAMING)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A check that a text column holds one of a few words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def unique_where(name: str, *columns: str, where: str) -> Index:
    """Unique among the rows for which `where` holds."""
    condition = text(where)
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


# `version` grows with every change of state, password or grants: access tokens that carry an older one end at home.
# `user_key` is the user name as it is compared; `person_no` the person's number in the service that vouches.
account = Table(
    "account",
    metadata,
    id_column(),
    Column("person_no", BigInteger, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("user_key", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("email", Text),
    Column("external_id", Text),
    Column("state", Text, nullable=False),
    Column("state_at", Instant, nullable=False),
    Column("state_by", Text, nullable=False),
    Column("state_reason", Text),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("erased_at", Instant),
    one_of("state", STATES),
    CheckConstraint("person_no > 0", name="person_no"),
    Index("uq_account_person_no", "person_no", unique=True),
    Index("uq_account_user_key", "user_key", unique=True),
    Index("uq_account_external_id", "external_id", unique=True),
)

credential = Table(
    "credential",
    metadata,
    id_column(),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("password_hash", Text),
    Column("issuer", Text),
    Column("subject", Text),
    Column("changed_at", Instant, nullable=False),
    one_of("kind", CREDENTIALS),
    CheckConstraint("(kind = 'password') = (password_hash IS NOT NULL)", name="password"),
    CheckConstraint("(kind = 'oidc') = (issuer IS NOT NULL AND subject IS NOT NULL)", name="oidc"),
    unique_where("uq_credential_password", "account_id", where="kind = 'password'"),
    Index("uq_credential_issuer_subject", "issuer", "subject", unique=True),
    Index("ix_credential_account_id", "account_id"),
)

# A grant is never changed, only ended; `scope` is `university`, `department:<id>` or `section:<id>`.
role_grant = Table(
    "role_grant",
    metadata,
    id_column(),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    Column("end_reason", Text),
    CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="dates"),
    CheckConstraint("role <> 'auditor' OR valid_until IS NOT NULL", name="auditor_ends"),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    unique_where("uq_role_grant_live", "account_id", "role", "scope", where="ended_at IS NULL"),
)

# One sign-in: a family of refresh tokens (`api`) or a browser's session (`browser`, which has a secret).
sign_in = Table(
    "sign_in",
    metadata,
    id_column(),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("secret_hash", Text),
    Column("agent", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("end_reason", Text),
    one_of("kind", SIGN_INS),
    CheckConstraint("(kind = 'browser') = (secret_hash IS NOT NULL)", name="secret"),
    Index("uq_sign_in_secret_hash", "secret_hash", unique=True),
    Index("ix_sign_in_account_id", "account_id"),
)

# The successor of a used token is derived from the token and `nonce`: neither the database nor an old token alone
# gives it, and every client that races with the same token gets the same one.
refresh_token = Table(
    "refresh_token",
    metadata,
    id_column(),
    Column("sign_in_id", BigInteger, ForeignKey("sign_in.id"), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("nonce", Text),
    CheckConstraint("(used_at IS NULL) = (nonce IS NULL)", name="used"),
    Index("uq_refresh_token_token_hash", "token_hash", unique=True),
    Index("uq_refresh_token_generation", "sign_in_id", "generation", unique=True),
)

one_time_code = Table(
    "one_time_code",
    metadata,
    id_column(),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("ended_at", Instant),
    Column("ended_how", Text),
    one_of("purpose", PURPOSES),
    CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended"),
    unique_where("uq_one_time_code_live", "account_id", "purpose", where="ended_at IS NULL"),
)

# `applicant` is the person reference of somebody who was signed in, here or elsewhere, when applying.
application = Table(
    "application",
    metadata,
    id_column(),
    Column("person_no", BigInteger),
    Column("user_name", Text, nullable=False),
    Column("user_key", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("middle_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("email", Text),
    Column("password_hash", Text),
    Column("details", JsonText, nullable=False),
    Column("applicant", Text),
    Column("receipt_hash", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("submitted_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Text),
    Column("reason", Text),
    Column("account_id", BigInteger, ForeignKey("account.id")),
    one_of("state", APPLICATION_STATES),
    CheckConstraint("person_no > 0", name="person_no"),
    CheckConstraint("(state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)", name="decided"),
    CheckConstraint("(state = 'approved') = (account_id IS NOT NULL)", name="account"),
    CheckConstraint("(state IN ('draft', 'submitted')) = (password_hash IS NOT NULL)", name="password"),
    Index("uq_application_account_id", "account_id", unique=True),
    unique_where("uq_application_user_key", "user_key", where="state IN ('draft', 'submitted')"),
    Index("ix_application_state_id", "state", "id"),
)

# Failures of one pair of account and address; the pair is kept as a hash, and forgotten after a day.
sign_in_throttle = Table(
    "sign_in_throttle",
    metadata,
    Column("pair", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("free_at", Instant, nullable=False),
    Index("ix_sign_in_throttle_last_at", "last_at"),
)

# The other hats of the same human. `statement` is the other service's signed word that they were signed in to both.
person_link = Table(
    "person_link",
    metadata,
    id_column(),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("statement_id", Text, nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    Column("end_reason", Text),
    unique_where("uq_person_link_live", "account_id", "person", where="ended_at IS NULL"),
    Index("uq_person_link_statement_id", "statement_id", "person", unique=True),
)

# The last person number given out; one row. A number is never given twice, not even after a person was erased.
person_number = Table(
    "person_number",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
