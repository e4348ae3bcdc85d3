"""Persons of the student service: students, and the registrar's staff."""

from configuration.kit.features.people.tables import contact, describe_in, person, person_name, profile
from student_mgt.models.data.base import metadata

describe_in(metadata)

__all__ = ["contact", "person", "person_name", "profile"]
