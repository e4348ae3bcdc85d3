"""What a validator finds wrong, in the words of a person, and in the visitor's language."""

from collections.abc import Callable, Mapping
from typing import Any

from configuration.kit.web.site import marked

NEEDED = marked("This is needed.")
_WHOLE = marked("A whole number is needed.")
_DAY = marked("A day is needed, such as 2026-03-31.")
_INSTANT = marked("A day and a time are needed.")
_TIME = marked("A time is needed, such as 09:30.")
_ANSWER = marked("Yes or no is needed.")
_CHOICE = marked("Choose one of what is offered.")
_BY_TYPE: Mapping[str, str] = {
    "missing": NEEDED,
    "string_type": NEEDED,
    "string_too_short": marked("At least {min_length} characters are needed."),
    "string_too_long": marked("At most {max_length} characters fit."),
    "string_pattern_mismatch": marked("This is not written as it has to be."),
    "too_short": marked("At least {min_length} are needed."),
    "too_long": marked("At most {max_length} fit."),
    "greater_than": marked("More than {gt} is needed."),
    "greater_than_equal": marked("At least {ge} is needed."),
    "less_than": marked("Less than {lt} is needed."),
    "less_than_equal": marked("At most {le} is possible."),
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    **dict.fromkeys(("int_parsing", "int_parsing_size", "int_from_float"), _WHOLE),
    **dict.fromkeys(("date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DAY),
    **dict.fromkeys(("datetime_parsing", "datetime_from_date_parsing"), _INSTANT),
    **dict.fromkeys(("time_parsing", "time_type"), _TIME),
    **dict.fromkeys(("bool_parsing", "bool_type"), _ANSWER),
}


class Sentence(str):
    """A sentence in English that can be said in another language: its message and the facts that fill it."""

    __slots__ = ("facts", "message")
    message: str
    facts: Mapping[str, Any]

    def __new__(cls, message: str, facts: Mapping[str, Any]) -> "Sentence":
        """The message with its places filled; one without facts has no places, and its braces are its own."""
        made = super().__new__(cls, message.format_map(facts) if facts else message)
        made.message, made.facts = message, facts
        return made

    def said(self, say: Callable[[str], str]) -> str:
        """The same in the language that `say` speaks."""
        spoken = say(self.message)
        return spoken.format_map(self.facts) if self.facts else spoken


def sentence_of(fault: Mapping[str, Any]) -> Sentence:
    """What a fault of a model says, `type`, `msg` and `ctx` as Pydantic gives them.

    Our own validators speak for themselves. A text that has to be there, and is not, is too short for a machine only.
    """
    kind, facts = str(fault["type"]), dict(fault.get("ctx") or {})
    if kind == "string_too_short" and facts.get("min_length", 1) == 1:
        return Sentence(NEEDED, {})
    if kind in _BY_TYPE and (facts or "{" not in _BY_TYPE[kind]):
        return Sentence(_BY_TYPE[kind], facts)
    text = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    return Sentence(f"{text[:1].upper()}{text[1:]}.", {})
