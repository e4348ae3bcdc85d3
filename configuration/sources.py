"""Where settings come from, and how their faults are told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values
from pydantic import ValidationError

PREFIX = "ERP_"
TEST_PREFIX = "ERP_TEST_"
"""Variables of the test suite; they configure no installation."""
ENVIRONMENT = "environment"
SAMPLE_DATA = "ERP_SAMPLE_DATA"
"""Where real data to try things on lies; read by `erp demo` and by tests."""


class SettingsFault(Exception):
    """The installation is configured wrongly; the message lists every fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        count = "one fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__("\n".join([f"The settings have {count}:", *(f"  - {fault}" for fault in self.faults)]))


@dataclass(frozen=True, slots=True)
class Source:
    """What one source says, by dotted name; `labels` name each setting as its author wrote it."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def variable(name: str) -> str:
    """`library.port` as `ERP_LIBRARY_PORT`."""
    return PREFIX + name.replace(".", "_").upper()


def _unknown(label: str, source: str, candidates: Collection[str]) -> str:
    near = get_close_matches(label, candidates, n=1, cutoff=0.75)
    return f"{label} ({source}) is not a setting" + (f"; did you mean {near[0]}?" if near else ".")


def read_properties(path: Path, known: Collection[str]) -> Source:
    """Lines `name=value`; blank lines and those that start with # or ! say nothing."""
    source = Source(path.name)
    if not path.exists():
        return source
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line[0] in "#!":
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals:
            source.faults.append(f"line {number} of {source.name} is not of the form name=value.")
        elif name not in known:
            source.faults.append(_unknown(name, source.name, known))
        else:
            source.values[name] = value
            source.labels[name] = name
    return source


def _read_variables(name: str, given: Mapping[str, str | None], known: Collection[str]) -> Source:
    source = Source(name)
    names = {variable(setting): setting for setting in known}
    for label, value in given.items():
        if name != ENVIRONMENT and label in known:
            source.faults.append(f"{label} ({name}) is written {variable(label)} here.")
        if not label.upper().startswith(PREFIX) or label.startswith((TEST_PREFIX, SAMPLE_DATA)):
            continue
        if label not in names:
            source.faults.append(_unknown(label, name, names))
        elif value:  # An empty variable is how shells and container files unset one.
            source.values[names[label]] = value
            source.labels[names[label]] = label
    return source


def read_dotenv(path: Path, known: Collection[str]) -> Source:
    """The file `.env`, without expanding anything in it."""
    return _read_variables(path.name, dotenv_values(path, interpolate=False) if path.exists() else {}, known)


def read_environment(environment: Mapping[str, str], known: Collection[str]) -> Source:
    """The process environment; foreign variables are no business of ours, an unknown `ERP_*` is a fault."""
    return _read_variables(ENVIRONMENT, environment, known)


def collect_faults(error: ValidationError, sources: Sequence[Source]) -> dict[str, str]:
    """A sentence for each faulty setting, naming the strongest source that said it.

    Values are not repeated: some are secret.
    """
    faults = {}
    for item in error.errors(include_input=False, include_url=False, include_context=False):
        path = [str(part) for part in item["loc"]]
        dotted = ".".join(path[1:] if path and path[0] == "server" else path[:2])
        origin = next((source for source in reversed(sources) if dotted in source.labels), None)
        label = f"{origin.labels[dotted]} ({origin.name}): " if origin else f"{dotted}: " if dotted else ""
        faults[dotted] = f"{label}{item['msg'].removeprefix('Value error, ')}."
    return faults
