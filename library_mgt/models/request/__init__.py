"""Inbound bodies."""
