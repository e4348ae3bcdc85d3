"""Reasons why something stands as it does, as they go out: with a sentence in a language."""

from collections.abc import Iterable
from typing import Any

from library_mgt.domain.explaining import Reason, Speech, words


def spelled(reasons: Iterable[Reason], speech: Speech) -> list[dict[str, Any]]:
    """The reasons with their sentences."""
    return [{"code": one.code, "text": words(one, speech), "facts": one.facts, "at": one.at} for one in reasons]
