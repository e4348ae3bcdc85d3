"""Which service is where, as the gateway sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from configuration.settings import Settings

PORTALS: Mapping[int, str] = {1: "student", 2: "faculty", 3: "library"}
"""The book's portal ids."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One service: its name for people, its public path, and its base URL where it does not run in this process."""

    service: str
    label: str
    prefix: str
    remote: str | None


def directory_of(settings: Settings) -> Sequence[Entry]:
    """Every service of the university."""
    return [
        Entry(own.service, own.application, own.prefix, None if own.url == "local" else own.url)
        for own in settings.services
    ]
