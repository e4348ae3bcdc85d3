"""Revisions of the student service's database."""
