"""The mails about accounts: short, without links to click."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """Subject and text."""

    subject: str
    text: str


def reset_code(name: str, code: str) -> Mail:
    """Somebody, most likely the owner, asked for a new password."""
    return Mail(
        "Your code for a new password",
        f"Hello {name},\n\nyour code is {code}. It holds for 15 minutes and can be used once.\n\n"
        "If you did not ask for it, do nothing: your password stays as it is.\n",
    )


def activation_code(name: str, user_name: str, code: str) -> Mail:
    """An account was made for somebody."""
    return Mail(
        "Your account at the university",
        f"Hello {name},\n\nan account was made for you.\n\nUser name: {user_name}\nActivation code: {code}\n\n"
        "The code holds for 14 days and can be used once; you choose the password yourself.\n",
    )


def password_changed(name: str) -> Mail:
    """The owner is told of every new password."""
    return Mail(
        "Your password was changed",
        f"Hello {name},\n\nyour password was changed just now, and all other sessions were ended.\n\n"
        "If that was not you, ask at the desk at once.\n",
    )


def code_printed(name: str) -> Mail:
    """The owner is told when staff print a code for them."""
    return Mail(
        "A code for a new password was printed at a desk",
        f"Hello {name},\n\na member of staff printed a one-time code for your account just now.\n\n"
        "If you were not there, tell them at once.\n",
    )


def decided(name: str, approved: bool, reason: str | None) -> Mail:
    """The applicant is told of the decision."""
    said = "approved. You can sign in now" if approved else "rejected"
    why = f"\n\nReason: {reason}" if reason else ""
    return Mail("Your application for an account", f"Hello {name},\n\nyour application was {said}.{why}\n")
