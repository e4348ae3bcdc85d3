"""Where a browser may be sent: only to pages of our own, named by a path."""

from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request


def safe_next(target: str | None, prefix: str, fallback: str) -> str:
    """`target` if it is a path below `prefix`, else `fallback`.

    A target decides where somebody lands after signing in, so anything a browser could read as another host is
    refused: schemes, `//host`, backslashes, control characters, dot segments, plain or percent-encoded.
    """
    if not target or len(target) > 2000:
        return fallback
    for form in (target, unquote(target)):
        if "\\" in form or not form.isprintable() or form.startswith("//"):
            return fallback
        path = urlsplit(form).path
        if any(segment in (".", "..") for segment in path.split("/")):
            return fallback
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not (parts.path == prefix or parts.path.startswith(prefix + "/")):
        return fallback
    return target


def with_next(path: str, target: str | None) -> str:
    """`path` with `target` as its `next` parameter."""
    return f"{path}?next={quote(target, safe='/')}" if target else path


def next_link(request: Request, cursor: str | None) -> str:
    """The address of a list's next page, which keeps the other parameters; empty at the end."""
    return f"{request.url.path}?{request.url.include_query_params(cursor=cursor).query}" if cursor else ""
