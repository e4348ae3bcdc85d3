"""Persons, their names, contacts and profiles: kept alike by the services that vouch for people."""

from configuration.kit.features.people.errors import REFUSALS, PersonNotFound
from configuration.kit.features.people.model import PersonOnRecord, Standing
from configuration.kit.features.people.records import Records, on_record

__all__ = ["REFUSALS", "PersonNotFound", "PersonOnRecord", "Records", "Standing", "on_record"]
