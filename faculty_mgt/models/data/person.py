"""Persons of the faculty service: those who teach, and the deans."""

from configuration.kit.features.people.tables import contact, describe_in, person, person_name, profile
from faculty_mgt.models.data.base import metadata

describe_in(metadata)

__all__ = ["contact", "person", "person_name", "profile"]
