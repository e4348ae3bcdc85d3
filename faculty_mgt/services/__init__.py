"""Use cases of the faculty service: plain functions over a transaction."""
