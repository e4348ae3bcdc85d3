"""How a person's record is written in a form's fields, and read from them again."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, get_args

from pydantic import BaseModel

from configuration.kit.database import Transaction
from configuration.kit.features.people import reference
from configuration.kit.features.people.changes import KINDS, NAME_PARTS
from configuration.kit.features.people.model import Profile
from configuration.kit.web.dependencies import FieldError, Fields
from configuration.kit.web.forms import whole

PREFERRED = {f"preferred_{part.removesuffix('_name')}": part for part in NAME_PARTS}
CONTACTS = {"email": "email", "phone": "phone", "postal_address": "postal"}
_PLACES = {"preferred_name": "preferred_given", "fname": "given_name", "mname": "middle_name", "lname": "family_name"}


def own_values(fields: Fields) -> dict[str, Any]:
    """What people change in their own record; an empty field empties."""
    preferred = {part: fields[name] for name, part in PREFERRED.items() if fields[name]}
    return {**{name: fields[name] or None for name in CONTACTS}, "preferred_name": preferred or None}


def kept_values(fields: Fields) -> dict[str, Any]:
    """What the office changes beside it."""
    names = {part: fields[part] or ("" if part != "given_name" else None) for part in NAME_PARTS}
    return {**names, **{name: fields[name] or None for name in ("birth_date", "major", "department")}}


def stated_values(fields: Fields) -> dict[str, Any]:
    """A profile that is stated for the first time: what was left empty is not said."""
    said = {**own_values(fields), **kept_values(fields)}
    return {name: value for name, value in said.items() if value}


def fields_of(profile: Profile) -> Fields:
    """The record as a form shows it."""
    reached: dict[str, str] = {one.kind: one.value for one in profile.contacts}
    shown = {name: reached.get(kind, "") for name, kind in CONTACTS.items()}
    for part in NAME_PARTS:
        shown[part] = getattr(profile.legal_name, part, "")
    for name, part in PREFERRED.items():
        shown[name] = getattr(profile.preferred_name, part, "")
    spell = profile.present[-1] if profile.present else None
    shown |= {name: getattr(spell, name, None) or "" for name in ("major", "department")}
    birth = profile.birth_date.isoformat() if profile.birth_date else ""
    return Fields(shown, birth_date=birth, version=str(profile.version))


def version_of(fields: Fields) -> int:
    """The version that the form was filled in from."""
    found = whole(fields["version"])
    return -1 if found is None else found


def placed(errors: Iterable[FieldError]) -> list[FieldError]:
    """Faults beside the field that shows them."""
    return [replace(error, field=_PLACES.get(error.field, error.field)) for error in errors]


def offered(tx: Transaction) -> dict[str, Any]:
    """The majors and departments to choose from."""
    return {f"{kind}s": [(row.code, row.name) for row in reference.offered(tx, kind)] for kind in KINDS}


def words_of(model: type[BaseModel], *names: str) -> dict[str, tuple[str, ...]]:
    """The words that a body's fields are chosen from, of those it has."""
    return {name: get_args(model.model_fields[name].annotation) for name in names if name in model.model_fields}
