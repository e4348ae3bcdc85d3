"""What the student service asks the other services."""
