"""Data, inbound and outbound models of the faculty service."""
