"""The key of the call that a request makes to another service, derived from the request's own."""

import hashlib
import secrets

from configuration.kit.features.idempotency.key import HeldKey, Key


def onward(key: Key | HeldKey | None) -> str:
    """A key for the one call that this request leads to.

    The same request gives the same key, so that a repeated one has one effect at the other service too, which also
    compares what was asked. A request without a key gets one of its own: that makes a retry of the call harmless.
    """
    if key is None:
        return f"own.{secrets.token_hex(16)}"
    named = "\n".join((key.principal, key.route, key.key)).encode("utf-8", "surrogatepass")
    return f"for.{hashlib.sha256(named).hexdigest()}"
