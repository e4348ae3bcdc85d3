"""How the processes are started: uvicorn with our protocol, our log, and no lines of its own."""

from typing import Any

import uvicorn

from configuration.kit.limits import bounded_protocol
from configuration.settings import Settings, load_settings

PROTOCOL = f"{__name__}:Protocol"
"""Named, not given: a class made here cannot be sent to worker processes, so each makes its own from the settings."""


def __getattr__(name: str) -> Any:
    """`Protocol`: our protocol with the limits of this installation."""
    if name != "Protocol":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    settings = load_settings()  # Only limits are wanted here: which keys a process needs is known to whom it serves.
    return bounded_protocol(settings.header_timeout, settings.body_timeout)


def serve(target: str, settings: Settings, *, port: int, host: str | None = None) -> None:
    """Serve `module:attribute` until told to stop; SIGTERM lets requests under way finish."""
    uvicorn.run(
        target,
        host=host or settings.host,
        port=port,
        workers=settings.workers,
        http=PROTOCOL,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
