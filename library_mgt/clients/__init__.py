"""What the library asks the other services."""
