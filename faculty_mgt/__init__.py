"""The faculty service."""
