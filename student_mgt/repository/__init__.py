"""SQL of the student service: modules of functions over a transaction."""
