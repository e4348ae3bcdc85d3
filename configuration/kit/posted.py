"""The form that a browser posted: UTF-8 text and files."""

from starlette.datastructures import FormData
from starlette.requests import Request

from configuration.kit.errors import Refusal

MOST_FIELDS = 100


class FormUnreadable(Refusal):
    """The form says that it is written in something other than UTF-8."""

    status = 422
    code = "MALFORMED_BODY"
    title = "The form cannot be read"


async def posted(request: Request) -> FormData:
    """The form of a request, parsed once.

    Whoever sends it may name any codec of Python in its content type, also one that fails in its own way or that makes
    half surrogate pairs, which no page can show and no table can hold.
    """
    try:
        form = await request.form(max_fields=MOST_FIELDS)
        for name, value in form.multi_items():
            f"{name}{value if isinstance(value, str) else value.filename}".encode()
    except UnicodeError:
        raise FormUnreadable("Forms are sent as UTF-8.") from None
    return form
