"""Rules about names, passwords, tries and states, over plain values."""

import re
import unicodedata
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

from configuration.kit.errors import Blocker

State = Literal["invited", "pending", "active", "locked", "disabled"]
Act = Literal["disable", "lock", "enable"]
Purpose = Literal["activation", "reset"]
Decision = Literal["approve", "reject"]

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
FEWEST_DIFFERENT = 5
FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=5)
LONGEST_WAIT_ON_CAMPUS = timedelta(seconds=10)
FORGET_TRIES = timedelta(hours=1)

RESET_LIFE = timedelta(minutes=15)
ACTIVATION_LIFE = timedelta(days=14)
MOST_CODE_TRIES = 20
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

SESSION_LIFE = timedelta(hours=12)
API_LIFE = timedelta(days=30)
REFRESH_LIFE = timedelta(days=14)
SAME_SUCCESSOR = timedelta(seconds=30)

AFTER: dict[Act, tuple[frozenset[State], State]] = {
    "disable": (frozenset({"invited", "pending", "active", "locked"}), "disabled"),
    "lock": (frozenset({"active"}), "locked"),
    "enable": (frozenset({"locked", "disabled"}), "active"),
}
"""For each act of staff: the states it starts from and the one it leads to."""

# Words people build passwords from; endings, repetitions and spellings with digits are derived.
_WORDS = """
password passwort passw0rd welcome letmein login admin administrator master monkey dragon football baseball iloveyou
sunshine princess qwerty qwertz azerty asdfgh zxcvbn abc secret changeme default guest test hello whatever trustno
starwars pokemon summer winter spring autumn university college student faculty library librarian lecturer professor
registrar school campus erp correct horse battery staple
"""
COMMON = frozenset(_WORDS.split())
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm")
SPELLINGS = str.maketrans("0134578@$!", "oleastbasi")


def user_key(user_name: str) -> str:
    """A user name as it is compared: no difference by case, width or composition."""
    return unicodedata.normalize("NFKC", user_name).casefold().strip()


def clean_code(code: str) -> str:
    """A code as it was made, however it was typed."""
    return re.sub(r"[\s-]", "", code).upper().replace("0", "O").replace("1", "I")


def password_faults(password: str, user_name: str, pointer: str = "/password") -> list[Blocker]:
    """Everything that makes a password too weak, at once; an empty list when it is fine."""
    faults = []
    if len(password) < SHORTEST_PASSWORD:
        faults.append(("PASSWORD_TOO_SHORT", f"The password needs at least {SHORTEST_PASSWORD} characters."))
    if len(password) > LONGEST_PASSWORD:
        faults.append(("PASSWORD_TOO_LONG", f"The password may have at most {LONGEST_PASSWORD} characters."))
    if user_name and user_key(password) == user_key(user_name):
        faults.append(("PASSWORD_IS_USER_NAME", "The password must not be the user name."))
    elif _is_common(password, user_name):
        faults.append(("PASSWORD_TOO_COMMON", "This password is among the first that anybody would try."))
    return [Blocker(code, detail, pointer) for code, detail in faults]


def _is_common(password: str, user_name: str) -> bool:
    """Whether little is left of a password without common words, rows of keys, and what stands around them."""
    text = unicodedata.normalize("NFKC", password).casefold()
    if len(set(text)) < FEWEST_DIFFERENT or _row_run(text) >= len(text):
        return True
    key = user_key(user_name)
    own = {part for part in (_letters(key), *re.split(r"[\W\d_]+", key)) if len(part) > 2}
    words = sorted(COMMON | own, key=len, reverse=True)
    core = re.sub(r"^[^a-z@$!]*[^a-z]*|[^a-z]*$", "", text)
    return any(_made_of(_letters(form), words) for form in (core, core.translate(SPELLINGS)))


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())


def _row_run(text: str) -> int:
    """How many characters from the start are neighbours on the keyboard, in the alphabet, or in counting."""
    longest = 0
    for row in ROWS:
        for path in (row * 2, row[::-1] * 2):
            length = longest
            while length < len(text) and text[: length + 1] in path:
                length += 1
            longest = max(longest, length)
    return longest


def _made_of(text: str, words: list[str]) -> bool:
    """Whether the letters are common words and rows of keys, with at most two letters left."""
    used, left = set(), 0
    while text:
        run = _row_run(text)
        word = next((word for word in words if text.startswith(word)), text[:run] if run > 2 else "")
        if word:
            used.add(word)
        else:
            left += 1
        text = text[max(len(word), 1) :]
    # Four or more different common words in a row are a passphrase, not a common password.
    return left <= 2 and len(used) < 4


def wait_after(failures: int, *, on_campus: bool) -> timedelta:
    """How long the pair of account and address waits after so many failures in a row: none, then doubling."""
    if failures < FREE_TRIES:
        return timedelta(0)
    longest = LONGEST_WAIT_ON_CAMPUS if on_campus else LONGEST_WAIT
    return min(timedelta(seconds=2 ** min(failures - FREE_TRIES, 20)), longest)


def origin_of(address: str) -> str:
    """Where tries come from: an IPv4 address, or the network of 64 bits that one IPv6 customer has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def is_campus(address: str, networks: tuple[str, ...]) -> bool:
    """Whether many people share this address, by the university's own setting."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in ip_network(network, strict=False) for network in networks)


def display_name(given: str, middle: str, family: str, fallback: str) -> str:
    """The name shown: given, middle and family name as far as they are there; else the fallback."""
    return " ".join(part for part in (given, middle, family) if part) or fallback


def grant_dates_fit(role: str, start: datetime, until: datetime | None, now: datetime) -> str | None:
    """The sentence that says why the dates of a grant do not fit, or `None`."""
    if role == "auditor" and until is None:
        return "An auditor's grant needs an end date."
    if until is not None and until <= max(start, now):
        return "The grant would end before it begins."
    return None
