"""Data, inbound and outbound models of the student service."""
