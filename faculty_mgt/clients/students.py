"""What the student service says of its students."""

from configuration.kit.homes import STANDING as EVERYBODY
from configuration.kit.homes import HomesDep, HomeServices

STANDING = EVERYBODY["student"]

__all__ = ["STANDING", "HomeServices", "HomesDep", "name_of"]


async def name_of(homes: HomeServices, number: int) -> str | None:
    """What a student is called; `None` when the student service knows nobody of the number.

    Raises `PeerUnavailable` or `PeerTimeout` when it does not answer.
    """
    standing = await homes.standing("student", number)
    return None if standing is None else standing.display_name
