"""Revisions of the faculty service's database."""
