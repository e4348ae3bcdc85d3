"""A simulated year of the library, lived through the real services and drawn as a page of pictures."""
