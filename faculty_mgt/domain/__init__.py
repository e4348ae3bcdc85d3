"""Pure rules of the faculty service."""
