"""Use cases of the library: plain functions over an open transaction."""
