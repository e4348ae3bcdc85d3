"""What the faculty service asks the other services."""
