"""How a title and a copy are written in a form's fields, and read from them again."""

from collections.abc import Callable, Iterable
from typing import Any

from configuration.kit.web.dependencies import FieldError, Fields
from configuration.kit.web.forms import whole
from library_mgt.models.data.catalogue import TitleRecord

PLAIN = ("title", "subtitle", "publisher", "edition", "language", "material_type")
COPY_FIELDS = ("barcode", "location", "call_number", "item_type", "status", "part")
_NAMES = {"classifications": "classification"}


def title_values(
    fields: Fields, say: Callable[[str], str], *, emptied: bool = False
) -> tuple[dict[str, Any], list[FieldError]]:
    """The form as a body; `emptied` says that an empty field empties the title's."""
    values: dict[str, Any] = {name: fields[name] or None for name in PLAIN if fields[name] or emptied}
    values["contributors"] = [_person(line) for line in _lines(fields["contributors"])]
    values["isbns"] = _lines(fields["isbns"])
    values["subjects"] = _lines(fields["subjects"])
    values["classifications"] = [fields["classification"]] if fields["classification"] else []
    errors = []
    for name in ("year", "number"):
        text, number = fields[name], whole(fields[name])
        if number is not None:
            values[name] = number
        elif text:
            errors.append(FieldError(say("This consists of digits."), name))
        elif emptied:
            values[name] = None
    return values, errors


def fields_of(record: TitleRecord) -> Fields:
    """The title as the form shows it."""
    title = record.title
    plain = {name: str(getattr(title, name) or "") for name in PLAIN}
    people = (one.name if one.role == "author" else f"{one.name} | {one.role}" for one in record.contributors)
    return Fields(
        plain,
        year="" if title.year is None else str(title.year),
        number="" if title.number is None else str(title.number),
        version=str(title.version),
        contributors="\n".join(people),
        isbns="\n".join(one.raw for one in record.identifiers),
        subjects="\n".join(record.subjects),
        classification=record.classifications[0] if record.classifications else "",
    )


def placed(errors: Iterable[FieldError]) -> list[FieldError]:
    """The faults under the names of the form's fields."""
    return [FieldError(e.text, _NAMES.get(e.field, e.field), e.code, e.override) for e in errors]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _person(line: str) -> dict[str, str]:
    name, bar, role = line.partition("|")
    return {"name": name.strip(), "role": role.strip() or "author"} if bar else {"name": name.strip()}
