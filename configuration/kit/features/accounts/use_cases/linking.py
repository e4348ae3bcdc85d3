"""Linking: one human signs in to two services, and each keeps the other's signed word for it.

Links only ever forbid more (*not oneself*, *another person*), so their owner cannot undo them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.features.accounts.errors import LinkRefused
from configuration.kit.features.accounts.model import Link
from configuration.kit.features.accounts.repository import accounts, links
from configuration.kit.security.actor import Actor
from configuration.kit.security.tokens import is_person, linked_persons


def link(tx: Transaction, statement: str, claims: Mapping[str, Any], *, by: Actor, now: datetime) -> list[Link]:
    """Keep the word of another service that the actor is signed in there. `claims` were verified before."""
    assert by.account_id is not None
    person, name = claims.get("sub"), claims.get("name")
    if not isinstance(person, str) or not isinstance(name, str) or not is_person(person, claims["iss"]):
        raise LinkRefused("The statement names nobody.")
    if claims.get("answers") not in (None, by.person):
        raise LinkRefused("The statement is about somebody else.")
    known = {known.person for known in links.of(tx, by.account_id)}
    for reference in dict.fromkeys((person, *linked_persons(claims))):
        if reference not in known and reference != by.person:
            links.add(
                tx,
                by.account_id,
                person=reference,
                name=name,
                statement=statement,
                statement_id=claims["jti"],
                now=now,
            )
    accounts.touch(tx, by.account_id)
    audit.record(tx, "account.link", f"account:{by.account_id}", by=by, now=now)
    return links.of(tx, by.account_id)


def links_of(tx: Transaction, *, by: Actor) -> list[Link]:
    """The actor's links."""
    assert by.account_id is not None
    return links.of(tx, by.account_id)
