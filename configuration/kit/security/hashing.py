"""Passwords: Argon2id in a small pool of its own, so that a rush of sign-ins starves nothing else.

Parameters are OWASP's (19 MiB, two passes, one lane): about 25 ms of one core, and memory of `threads` hashes at most.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from configuration.kit.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
MOST_WAITING = 512
"""More than this many waiting passwords would wait longer than people do."""


class Hasher:
    """Hashes and verifies passwords. `threads` bounds how many cores sign-ins may take."""

    def __init__(self, threads: int | None = None) -> None:
        self._argon2 = PasswordHasher(
            time_cost=PASSES,
            memory_cost=MEMORY_KIB,
            parallelism=LANES,
            hash_len=RFC_9106_LOW_MEMORY.hash_len,
            salt_len=RFC_9106_LOW_MEMORY.salt_len,
        )
        workers = threads or max(1, min(4, (os.cpu_count() or 1)))
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="argon2")
        self._waiting = 0
        self.verifications = 0
        """How many passwords were verified, real and dummy: equal work for known and unknown names is shown by it."""
        self._dummy = self._argon2.hash(os.urandom(24))

    async def hash(self, password: str) -> str:
        """The encoded hash of a password."""
        return await self._run(self.hash_now, password)

    async def verify(self, known: str | None, password: str) -> bool:
        """Whether the password has this hash. Without a hash the same work is done, and the answer is no."""
        self.verifications += 1
        return await self._run(self._verify, known, password)

    def hash_now(self, password: str) -> str:
        """The same as `hash`, for command lines."""
        return self._argon2.hash(_encoded(password))

    def _verify(self, known: str | None, password: str) -> bool:
        try:
            right = self._argon2.verify(known or self._dummy, _encoded(password))
        except (VerificationError, InvalidHashError):
            return False
        return right and known is not None

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Too many people sign in at this moment.", headers={"Retry-After": "5"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *args, **kwargs))
        finally:
            self._waiting -= 1


def _encoded(password: str) -> bytes:
    """Bytes of any text, half surrogate pairs too: those are refused elsewhere, not here."""
    return password.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def shared_hasher() -> Hasher:
    """The one hasher of this process; the three services share its threads."""
    return Hasher()
