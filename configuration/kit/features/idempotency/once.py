"""Run a use case at most once per key, and store its answer with its effect."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.features.idempotency.answer import Answer
from configuration.kit.features.idempotency.key import Key, KeyReused
from configuration.kit.features.idempotency.tables import idempotency

_SAME_KEY = (
    idempotency.c.principal == bindparam("principal"),
    idempotency.c.route == bindparam("route"),
    idempotency.c.key == bindparam("key"),
)
_STORED = Statement(
    select(idempotency.c.fingerprint, idempotency.c.status, idempotency.c.body, idempotency.c.etag).where(*_SAME_KEY)
)
_STORE = Statement(insert_into(idempotency))
_CLAIM = Statement(
    postgresql_insert(idempotency)
    .values({name: bindparam(name) for name in ("principal", "route", "key", "fingerprint", "created_at")})
    .on_conflict_do_nothing()
    .inline()
)
_FILL = Statement(
    update(idempotency)
    .values(status=bindparam("new_status"), body=bindparam("new_body"), etag=bindparam("new_etag"))
    .where(*_SAME_KEY)
)
_FORGET = Statement(delete(idempotency).where(idempotency.c.created_at < bindparam("before", type_=Instant)))


def once(
    tx: Transaction,
    key: Key | None,
    use_case: Callable[..., Any],
    /,
    *args: Any,
    answer: type[BaseModel] | None,
    status: int = 201,
    etag: Callable[[Any], str] | None = None,
    **kwargs: Any,
) -> Answer:
    """Run `use_case(tx, *args, **kwargs)` and encode its result as `answer`, inside the unit of work.

    With a key, the answer is stored with the effect, and a duplicate gets it again instead of a second effect. A
    duplicate that arrives meanwhile waits. Refusals roll back and are not stored, so that a later try may succeed. The
    same key with another request is refused. `etag` makes the ETag header's value, quotes included, from the result.
    """
    if key is not None and (stored := _earlier(tx, key)) is not None:
        return stored
    result = use_case(tx, *args, **kwargs)
    body = (
        None if answer is None else answer.model_validate(result, from_attributes=True).model_dump_json(by_alias=True)
    )
    tag = etag(result) if etag is not None else None
    if key is not None:
        _keep(tx, key, status, body, tag)
    return Answer(status, body, tag)


def forget_before(tx: Transaction, before: datetime) -> int:
    """Delete the answers older than the instant; answers how many. `forgetting` does it while a service runs."""
    return tx.run(_FORGET, before=before)


def _earlier(tx: Transaction, key: Key) -> Answer | None:
    """The stored answer. On PostgreSQL the key is claimed first, which waits for whoever claimed it before."""
    if tx.dialect == "postgresql" and _claimed(tx, key):
        return None
    return _stored(tx, key)


def _stored(tx: Transaction, key: Key) -> Answer | None:
    found = tx.first(_STORED, principal=key.principal, route=key.route, key=key.key)
    if found is None:
        return None
    if found.fingerprint != key.fingerprint:
        raise KeyReused("The same Idempotency-Key came before with a different request; choose a new key.")
    return Answer(found.status, found.body, found.etag, replayed=True)


def _claimed(tx: Transaction, key: Key) -> bool:
    return bool(
        tx.run(
            _CLAIM,
            principal=key.principal,
            route=key.route,
            key=key.key,
            fingerprint=key.fingerprint,
            created_at=key.at,
        )
    )


def _keep(tx: Transaction, key: Key, status: int, body: str | None, etag: str | None) -> None:
    if tx.dialect == "postgresql":
        tx.run(
            _FILL,
            principal=key.principal,
            route=key.route,
            key=key.key,
            new_status=status,
            new_body=body,
            new_etag=etag,
        )
        return
    tx.run(
        _STORE,
        principal=key.principal,
        route=key.route,
        key=key.key,
        fingerprint=key.fingerprint,
        status=status,
        body=body,
        etag=etag,
        created_at=key.at,
    )
