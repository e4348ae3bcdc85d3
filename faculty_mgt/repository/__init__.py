"""SQL of the faculty service: modules of functions over a transaction."""
