"""Rules about a person's facts, over plain values."""

from datetime import date

OLDEST = 130


def age_on(birth: date, day: date) -> int:
    """The age in full years. Whoever was born on 29 February is a year older on 1 March of other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birth_fault(birth: date, today: date) -> str | None:
    """The sentence that says why somebody cannot have been born then, or `None`."""
    if birth > today:
        return "A birth date cannot lie in the future."
    if age_on(birth, today) > OLDEST:
        return f"Nobody here is older than {OLDEST} years."
    return None
