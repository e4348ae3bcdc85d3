"""How an assignment is written in a form's fields, and read from it: percent, hours and megabytes for people."""

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from configuration.kit.web.dependencies import FieldError, Fields
from configuration.kit.web.forms import whole
from faculty_mgt.models.data.assignments import Assignment

MIB = 1024 * 1024
TEXTS = ("title", "body", "points", "opens_at", "due_at", "locks_at")
NUMBERS = ("number", "attempts", "max_files")
SCALED = {
    "grace": ("grace_seconds", 60),
    "late_interval": ("late_interval_seconds", 1),
    "size": ("max_file_bytes", MIB),
}
PERCENT = {"late_rate": "late_rate_bp", "late_floor": "late_floor_bp"}
INTERVALS = (3600, 86_400, 604_800)
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = (
    "",
    "application/pdf",
    f"application/pdf {_OFFICE} application/vnd.oasis.opendocument.text",
    "image/*",
    "text/plain text/csv text/markdown text/x-python text/x-java text/x-c",
)
_SHOWN = {name: field for field, (name, _) in SCALED.items()} | {name: field for field, name in PERCENT.items()}
FRESH = Fields(
    points="100",
    attempts="1",
    grace="0",
    late_rate="0",
    late_interval="86400",
    late_floor="0",
    max_files="5",
    size="25",
)


def assignment_values(fields: Fields, say: Callable[[str], str]) -> tuple[dict[str, Any], list[FieldError]]:
    """The form as a body. What is left empty is left out."""
    errors = []
    values: dict[str, Any] = {name: fields[name] for name in TEXTS if fields[name] or name == "body"}
    for field in (*NUMBERS, *SCALED):
        number = whole(fields[field])
        name, factor = SCALED.get(field, (field, 1))
        if number is not None:
            values[name] = number * factor
        elif fields[field]:
            errors.append(FieldError(say("This consists of digits."), field))
    for field, name in PERCENT.items():
        share = _hundredths(fields[field])
        if share is not None:
            values[name] = share
        elif fields[field]:
            errors.append(FieldError(say("This is a percentage such as 10 or 12.5."), field))
    values["file_types"] = fields["kinds"].split()
    return values, errors


def _hundredths(text: str) -> int | None:
    try:
        share = Decimal(text.replace(",", ".")) * 100
    except InvalidOperation:
        return None
    return int(share) if share.is_finite() and share == share.to_integral_value() and abs(share) <= 10**6 else None


def fields_of(row: Assignment, zone: tzinfo) -> Fields:
    """The assignment as the form shows it."""
    return Fields(
        title=row.title,
        body=row.body,
        points=plain(row.points),
        number="" if row.number is None else str(row.number),
        version=str(row.version),
        opens_at=local(row.opens_at, zone),
        due_at=local(row.due_at, zone),
        locks_at=local(row.locks_at, zone),
        attempts=str(row.attempts),
        max_files=str(row.max_files),
        grace=str(row.grace_seconds // 60),
        late_interval=str(row.late_interval_seconds),
        late_rate=percent(row.late_rate_bp),
        late_floor=percent(row.late_floor_bp),
        size=str(row.max_file_bytes // MIB),
        kinds=" ".join(row.file_types),
    )


def unchanged(values: dict[str, Any], row: Assignment, zone: tzinfo) -> dict[str, Any]:
    """The values without those that the form shows as they are: what it cannot show exactly stays exact."""
    shown = fields_of(row, zone)
    same = {name for name in ("opens_at", "due_at", "locks_at") if values.get(name) == shown[name]}
    same |= {
        name
        for field, (name, factor) in SCALED.items()
        if name in values and str(values[name] // factor) == shown[field]
    }
    return {name: value for name, value in values.items() if name not in same}


def local(instant: datetime, zone: tzinfo) -> str:
    """An instant as a date field shows it; seconds only where there are some."""
    wall = instant.astimezone(zone)
    return wall.strftime("%Y-%m-%dT%H:%M:%S" if wall.second else "%Y-%m-%dT%H:%M")


def plain(number: Decimal) -> str:
    """A number without zeros that say nothing."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def percent(basis_points: int) -> str:
    """Hundredths of a percent as a percentage."""
    return plain(Decimal(basis_points) / 100)


def placed(errors: Iterable[FieldError], prefix: str = "") -> list[FieldError]:
    """The faults under the ids of the form's fields."""
    return [
        FieldError(e.text, f"{prefix}{_SHOWN.get(e.field, e.field)}" if e.field else "", e.code, e.override)
        for e in errors
    ]
