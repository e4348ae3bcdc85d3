"""Use cases of the student service: plain functions over a transaction."""
