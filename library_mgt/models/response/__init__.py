"""Outbound bodies."""
