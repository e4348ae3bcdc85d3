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
    try:
        return target if _is_own_path(target, prefix) else fallback
    except ValueError:  # Such as half a bracket of an IPv6 address: what cannot be taken apart is no path of ours.
        return fallback


def _is_own_path(target: str, prefix: str) -> bool:
    for form in (target, unquote(target)):
        if "\\" in form or not form.isprintable() or form.startswith("//"):
            return False
        path = urlsplit(form).path
        if any(segment in (".", "..") for segment in path.split("/")):
            return False
    parts = urlsplit(target)
    return not (parts.scheme or parts.netloc) and (parts.path == prefix or parts.path.startswith(prefix + "/"))


def with_next(path: str, target: str | None) -> str:
    """`path` with `target` as its `next` parameter."""
    return f"{path}?next={quote(target, safe='/')}" if target else path


def next_link(request: Request, cursor: str | None) -> str:
    """The address of a list's next page, which keeps the other parameters; empty at the end."""
    return f"{request.url.path}?{request.url.include_query_params(cursor=cursor).query}" if cursor else ""
