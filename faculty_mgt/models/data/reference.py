"""Reference data: rows that the dean's office keeps, not words in the program."""

from configuration.kit.features.people.tables import department, major

__all__ = ["department", "major"]
