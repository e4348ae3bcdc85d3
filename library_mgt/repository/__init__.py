"""SQL of the library, asked by name; nothing here commits."""
