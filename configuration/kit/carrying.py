"""The body of a request that is carried on to another service while it arrives, read by nobody on the way."""

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from configuration.kit.errors import Refusal

PASSED = ("content-type", "content-length")


class CutOff(Refusal):
    """The client went away in the middle."""

    status = 422
    code = "UPLOAD_CUT_OFF"
    title = "The upload was cut off"


class AlreadyRead(Refusal):
    """The form token was looked for in the form, which is gone by now."""

    status = 422
    code = "FORM_TOKEN_IN_FORM"
    title = "Send the form token in a header"


async def body_of(request: Request) -> AsyncIterator[bytes]:
    """The pieces of the body as they come."""
    if getattr(request, "_form", None) is not None:
        raise AlreadyRead("Send the form token as X-Form-Token: what is carried on is not read here.")
    try:
        async for piece in request.stream():
            if piece:
                yield piece
    except ClientDisconnect:
        raise CutOff() from None


def headers_of(request: Request) -> dict[str, str]:
    """What describes the body."""
    return {name: request.headers[name] for name in PASSED if name in request.headers}
