"""nginx with the configuration that the project brings, as an ordinary process of this machine's loopback."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from configuration.settings import ROOT
from tests.apps import free_port
from tests.reliability.processes import ServerProcess, clean_environment

CONFIGURATION = ROOT / "configuration" / "deploy" / "nginx.conf"
PORTS: Mapping[str, int] = {"gateway": 8000, "library": 8001, "faculty": 8002, "student": 8003}
"""Where the configuration expects the processes."""
PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
MISSING = "there is no nginx on this machine"

AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/university-erp.conf;
}}
"""


def nginx_before(ports: Mapping[str, int], folder: Path, *, ready: str, **changes: str) -> ServerProcess:
    """nginx, not yet started, on a free port before these; `changes` of words of its configuration are for tests."""
    assert PROGRAM is not None, MISSING
    folder.mkdir()
    port = free_port()
    text = _replaced(CONFIGURATION.read_text(encoding="utf-8"), "listen 80;", f"listen 127.0.0.1:{port};")
    for name, expected in PORTS.items():
        text = _replaced(text, f"127.0.0.1:{expected};", f"127.0.0.1:{ports[name]};")
    for directive, value in changes.items():
        line = next(line.strip() for line in text.splitlines() if line.strip().startswith(f"{directive} "))
        text = _replaced(text, line, f"{directive} {value};")
    (folder / "university-erp.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
    return ServerProcess(
        ("-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")),
        program=(PROGRAM,),
        port=port,
        ready=ready,
        environment=clean_environment(),
        output=folder / "nginx.out",
    )


def _replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {CONFIGURATION.name}"
    return text.replace(old, new)
