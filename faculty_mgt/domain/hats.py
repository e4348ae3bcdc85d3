"""Under which number somebody comes: a person may be of several services, and acts as one of them at a time."""

from configuration.kit.security.actor import Actor, Service


def number_as(actor: Actor, service: Service) -> int | None:
    """The number somebody has in a service, when they act as one of its people; else nothing."""
    home, _, number = actor.person.partition(":")
    return int(number) if home == service and actor.issuer == service else None
