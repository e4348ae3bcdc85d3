"""What every service needs in its own database, written once."""
