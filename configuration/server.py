"""How the processes are started: uvicorn with our protocol, our log, and no lines of its own."""

import uvicorn

from configuration.kit.limits import bounded_protocol
from configuration.settings import Settings, settings_for_serving


def serve(target: str, settings: Settings, *, port: int, host: str | None = None) -> None:
    """Serve `module:attribute` until told to stop; SIGTERM lets requests under way finish."""
    uvicorn.run(
        target,
        host=host or settings.host,
        port=port,
        workers=settings.workers,
        http=bounded_protocol(settings.header_timeout, settings.body_timeout),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.drain_seconds,
    )


def serve_alone(service: str) -> None:
    """`python -m <service>_mgt`: one service on its own port, as `uvicorn main:<service>_app` would."""
    settings = settings_for_serving(service)
    serve(f"main:{service}_app", settings, port=settings.of(service).port)
