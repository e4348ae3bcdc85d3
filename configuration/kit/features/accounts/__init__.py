"""Accounts: applications, sign-in, sessions, passwords, grants. Each service has its own, of its own people.

A service gives `router(ROLES)` to its application, `REFUSALS` and `tables.metadata` to its database, and calls
`migrations.create_v1()` in its first migration. `ROLES` is a `Roles`: which roles manage accounts, who grants what, and
how a person is put on record (`People`).

For command lines and demonstrations (all inside `db.write` or `db.write_sync`, `by` with `via="command"`):

- `invite(tx, ROLES, by=by, now=now, user_name=..., roles=["registrar"], given_name=...)` makes a person and an invited
  account and answers `CodeIssued`, whose `code` its owner activates it with; this is how the first staff of a
  university come to be (`create_first_staff` is the same).
- `register(tx, ROLES, by=by, now=now, user_name=..., roles=[...], password_hash=...)` makes an account that can be used
  at once; make the hash outside the transaction (`shared_hasher().hash_now(password)`).
- `create_account(tx, user_name=..., person_no=..., ...)` makes the account of a person who is on record.
- `print_reset(tx, ROLES, account_id, ...)` and `invite_again(...)` answer new codes, `change_state(...)` locks.

For pages: `ContextDep` and the functions of `flows` (`sign_in_for_browser`, `sign_out`, `change_password`, `use_code`,
`ask_reset`, `apply`, `decide`, ...), `staffing.list_sign_ins`; `configuration.kit.security.sessions` sets the cookie.
The form token of a session is in `request.state.form_token`; a public form checks `csrf.require_same_origin`.
"""

from configuration.kit.features.accounts import flows, migrations, requests, tables
from configuration.kit.features.accounts.context import Context, ContextDep
from configuration.kit.features.accounts.errors import REFUSALS
from configuration.kit.features.accounts.model import (
    Account,
    Application,
    CodeIssued,
    Newcomer,
    NoPeople,
    People,
    Person,
    Registration,
    Roles,
)
from configuration.kit.features.accounts.repository.accounts import by_number, by_user_name, rename, take_number
from configuration.kit.features.accounts.router import router
from configuration.kit.features.accounts.use_cases import applying, granting, linking, staffing
from configuration.kit.features.accounts.use_cases.granting import end_grant, grant_role
from configuration.kit.features.accounts.use_cases.passwords import print_reset
from configuration.kit.features.accounts.use_cases.registering import (
    create_account,
    create_first_staff,
    invite,
    invite_again,
    register,
)
from configuration.kit.features.accounts.use_cases.staffing import change_state

__all__ = [
    "REFUSALS",
    "Account",
    "Application",
    "CodeIssued",
    "Context",
    "ContextDep",
    "Newcomer",
    "NoPeople",
    "People",
    "Person",
    "Registration",
    "Roles",
    "applying",
    "by_number",
    "by_user_name",
    "change_state",
    "create_account",
    "create_first_staff",
    "end_grant",
    "flows",
    "grant_role",
    "granting",
    "invite",
    "invite_again",
    "linking",
    "migrations",
    "print_reset",
    "register",
    "rename",
    "requests",
    "router",
    "staffing",
    "tables",
    "take_number",
]
