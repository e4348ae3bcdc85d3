"""Stories that cross the services, told to real server processes: mounted and alone, on SQLite and PostgreSQL."""
