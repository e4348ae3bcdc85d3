"""An answer that is encoded inside the unit of work, so that it can be stored with the effect."""

from starlette.responses import Response

REPLAYED = "Idempotency-Replayed"


class Answer(Response):
    """A JSON response whose body is ready; `replayed` marks one that was stored by an earlier request."""

    media_type = "application/json"

    def __init__(self, status: int, body: str | None, etag: str | None = None, *, replayed: bool = False) -> None:
        headers = {}
        if etag is not None:
            headers["ETag"] = etag
        if replayed:
            headers[REPLAYED] = "true"
        super().__init__(body or b"", status_code=status, headers=headers)
