"""Revisions of the library's database."""
