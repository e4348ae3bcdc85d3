"""Pure rules of the student service."""
