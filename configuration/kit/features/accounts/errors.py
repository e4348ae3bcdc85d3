"""Refusals about accounts, named after the fact."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from math import ceil

from configuration.kit.errors import Blocker, Conflict, Forbidden, NotFound, NotSignedIn, Refusal


class SignInRefused(NotSignedIn):
    """Name and password do not belong together. Whether the name exists is nobody's business."""

    code = "SIGN_IN_REFUSED"
    title = "User name or password is wrong"

    def __init__(self) -> None:
        super().__init__("User name or password is wrong.", headers={"WWW-Authenticate": "Bearer"})


class AccountNotActive(Forbidden):
    """The password was right, and the account may not be used."""

    code = "ACCOUNT_NOT_ACTIVE"
    title = "This account cannot be used"

    def __init__(self, state: str) -> None:
        said = {
            "invited": "The account is not activated yet; use the code you were sent.",
            "pending": "The account still waits for a decision.",
            "locked": "The account is locked; ask at the desk.",
            "disabled": "The account is disabled; ask at the desk.",
        }
        super().__init__(said.get(state, self.title))


class TooManyTries(Refusal):
    """Too many wrong tries for this account from this address; others are not affected."""

    status = 429
    code = "TOO_MANY_TRIES"
    title = "Too many tries; wait a little"

    def __init__(self, free_at: datetime, now: datetime) -> None:
        seconds = max(1, ceil((free_at - now) / timedelta(seconds=1)))
        super().__init__(f"Too many tries from here; wait {seconds} seconds.", headers={"Retry-After": str(seconds)})


class RefreshRefused(NotSignedIn):
    """The refresh token is unknown, expired, or was used before."""

    code = "REFRESH_REFUSED"
    title = "Sign in again"

    def __init__(self) -> None:
        super().__init__("This refresh token is not valid, or no longer.", headers={"WWW-Authenticate": "Bearer"})


class CodeRefused(Refusal):
    """The one-time code is wrong, used, or too old; or there is no such account."""

    code = "CODE_REFUSED"
    title = "This code is not valid, or no longer"


class PasswordRefused(Refusal):
    """The new password is too easy to guess."""

    code = "PASSWORD_REFUSED"
    title = "Choose another password"

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__(" ".join(blocker.detail for blocker in blockers), blockers=blockers)


class WrongPassword(Refusal):
    """The present password was not right."""

    code = "WRONG_PASSWORD"
    title = "The present password is not right"

    def __init__(self) -> None:
        blocker = Blocker(self.code, "The present password is not right.", pointer="/old_password")
        super().__init__(blocker.detail, blockers=[blocker])


class UserNameTaken(Conflict):
    """Somebody has, or has applied for, this user name."""

    code = "USER_NAME_TAKEN"
    title = "This user name is taken"

    def __init__(self) -> None:
        detail = "This user name is taken; choose another."
        super().__init__(detail, blockers=[Blocker(self.code, detail, pointer="/user_name")])


class NumberTaken(Conflict):
    """The person with this number has an account."""

    code = "PERSON_HAS_ACCOUNT"
    title = "The person with this number has an account"


class ExternalIdTaken(Conflict):
    """Another account came under the same external id."""

    code = "EXTERNAL_ID_TAKEN"
    title = "Another account has this external id"


class PersonExists(Conflict):
    """The number belongs to a person on record; attaching an account to them is said in so many words."""

    code = "PERSON_EXISTS"
    title = "A person with this number is on record"


class SignUpClosed(Forbidden):
    """Nobody may apply for an account by themselves at present."""

    code = "SIGN_UP_CLOSED"
    title = "Applications are closed"


class ApplicationNotFound(NotFound):
    """No such application, or a wrong receipt."""

    code = "APPLICATION_NOT_FOUND"
    title = "There is no such application"


class AlreadyDecided(Conflict):
    """The application was decided or withdrawn before."""

    code = "ALREADY_DECIDED"
    title = "This application is decided already"


class ReasonNeeded(Refusal):
    """A rejection says why."""

    code = "REASON_REQUIRED"
    title = "Say why"


class OwnApplication(Forbidden):
    """Nobody decides their own application."""

    code = "OWN_APPLICATION"
    title = "Nobody decides their own application"


class AccountNotFound(NotFound):
    """No such account."""

    code = "ACCOUNT_NOT_FOUND"
    title = "There is no such account"


class OwnAccount(Forbidden):
    """An act that needs another person than the account's own."""

    code = "OWN_ACCOUNT"
    title = "Somebody else has to do this"


class NotYoursToManage(Forbidden):
    """The account holds a role, or the role is one, that the acting person may not give or take."""

    code = "ROLE_NOT_YOURS_TO_GIVE"
    title = "You cannot decide about this role"


class StateUnfit(Conflict):
    """The account is not in a state in which this can be done."""

    code = "ACCOUNT_STATE"
    title = "The account is in another state"


class RoleUnknown(Refusal):
    """This service has no such role."""

    code = "ROLE_UNKNOWN"
    title = "There is no such role here"


class GrantNotFound(NotFound):
    """No such grant, or it has ended."""

    code = "GRANT_NOT_FOUND"
    title = "There is no such grant"


class GrantExists(Conflict):
    """The account holds this role for this scope."""

    code = "GRANT_EXISTS"
    title = "The role is granted already"


class GrantDates(Refusal):
    """The dates of the grant do not fit."""

    code = "GRANT_DATES"
    title = "The dates do not fit"


class SessionNotFound(NotFound):
    """No such sign-in of yours, or it has ended."""

    code = "SESSION_NOT_FOUND"
    title = "There is no such session"


class LinkRefused(Refusal):
    """The statement is not the other service's word about you."""

    code = "LINK_REFUSED"
    title = "These accounts cannot be linked this way"


class LinkExists(Conflict):
    """The two persons are linked already, or the statement was used."""

    code = "LINK_EXISTS"
    title = "These accounts are linked already"


REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    "uq_account_user_key": UserNameTaken,
    "uq_application_user_key": UserNameTaken,
    "uq_account_person_no": NumberTaken,
    "uq_account_external_id": ExternalIdTaken,
    "uq_application_account_id": AlreadyDecided,
    "uq_role_grant_live": GrantExists,
    "uq_person_link_live": LinkExists,
    "uq_person_link_statement_id": LinkExists,
}
"""What a broken constraint of these tables means; every service gives them to its database."""
