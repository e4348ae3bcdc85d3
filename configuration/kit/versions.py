"""Versions of what can change: the ETag that was seen, and `If-Match` on the change, so that none is lost."""

import re
from typing import Annotated, Any

from fastapi import Depends, Header

from configuration.kit.errors import VersionMismatch, VersionRequired

_TAG = re.compile(r'(?:W/)?"([0-9]{1,18})"')


def etag(seen: Any) -> str:
    """The ETag of what carries a version."""
    return f'"{seen.version}"'


async def _version_or_not(
    if_match: Annotated[str | None, Header(max_length=200, description="The ETag of what you saw.")] = None,
) -> int | None:
    if if_match is None:
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise VersionMismatch("If-Match has to be the ETag as it was given, in quotes.")
    return int(found[1])


VersionOrNot = Annotated[int | None, Depends(_version_or_not)]


async def _version(version: VersionOrNot) -> int:
    if version is None:
        raise VersionRequired("Send the ETag you saw as If-Match, so that nobody's change is lost.")
    return version


Version = Annotated[int, Depends(_version)]
