"""What a page's controller may ask for by annotation."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from configuration.kit.web.forms import (
    FieldError,
    Fields,
    FormKeyDep,
    faults_of,
    fields_of,
)
from configuration.kit.web.pages import Pages


async def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


PagesDep = Annotated[Pages, Depends(_pages)]
"""The service's pages."""
FieldsDep = Annotated[Fields, Depends(fields_of)]
"""What the form says; name it after the actor, whose access rule reads the form first."""

__all__ = ["FieldError", "Fields", "FieldsDep", "FormKeyDep", "PagesDep", "faults_of"]
