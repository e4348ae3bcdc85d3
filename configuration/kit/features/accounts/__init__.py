"""Accounts: applications, sign-in, sessions, passwords, grants. Each service has its own, of its own people."""

from configuration.kit.features.accounts import migrations, tables

__all__ = ["migrations", "tables"]
