"""HTTP in and out of the library."""
