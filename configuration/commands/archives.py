"""Backups: one archive with the databases and files of the services, the digest of each, and a seal over that.

SQLite is copied with its online backup, PostgreSQL table by table from one snapshot: both while people write. Whoever
alters the archive must alter the manifest, and then the seal, the digest of the manifest, is another one. The seals of
the backups made here are kept beside them; elsewhere the seal that was printed has to be given.
"""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from configuration import migrate
from configuration.commands import copies
from configuration.commands.part import Installation
from configuration.commands.stored_files import files_in, files_out
from configuration.kit.features.files import FileStore

FORMAT = 1
MANIFEST = "manifest.json"
SEALS = "seals.json"


class ArchiveRefused(Exception):
    """The archive is not one of ours, is damaged, or was changed."""


@dataclass(frozen=True)
class Archive:
    """An archive that was unpacked and found whole."""

    folder: Path
    manifest: Mapping[str, Any]
    seal: str


def backup_folder(house: Installation) -> Path:
    """Where backups go unless told otherwise."""
    folder = house.settings.var / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def back_up(house: Installation, services: Sequence[str], *, label: str = "backup", to: Path | None = None) -> Path:
    """Copy the databases of the services into one archive, readable by its owner alone; answers its path."""
    now = house.clock()
    path = to or backup_folder(house) / f"{label}-{now:%Y%m%dT%H%M%SZ}.tar"
    if path.exists():
        raise FileExistsError(f"{path} exists already.")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".making-") as scratch:
        folder = Path(scratch)
        described = {name: _copy_out(house, name, folder) for name in services}
        for name in services:
            files_out(FileStore(house.of(name).files_dir), name, folder)
        files = {file.name: _digest(file) for file in sorted(folder.iterdir())}
        manifest = {
            "format": FORMAT,
            "university": house.settings.university,
            "made_at": now.isoformat(),
            "services": described,
            "files": files,
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
        unfinished = folder / "archive"
        _pack(folder, unfinished, [MANIFEST, *files])
        unfinished.replace(path)
    _remember(path, seal_of(path))
    return path


def seal_of(path: Path) -> str:
    """The digest of an archive's manifest."""
    with tarfile.open(path) as tar:
        member = tar.extractfile(MANIFEST)
        if member is None:
            raise ArchiveRefused(f"{path} has no manifest.")
        return hashlib.sha256(member.read()).hexdigest()


def known_seal(path: Path) -> str | None:
    """The seal noted when the archive was made on this machine."""
    notes = path.parent / SEALS
    if not notes.exists():
        return None
    found: str | None = json.loads(notes.read_text(encoding="utf-8")).get(path.name)
    return found


@contextmanager
def opened(path: Path, *, seal: str) -> Iterator[Archive]:
    """Unpack an archive and compare everything. Raises `ArchiveRefused` where anything differs."""
    with tempfile.TemporaryDirectory(prefix="erp-restore-") as scratch:
        folder = Path(scratch)
        try:
            with tarfile.open(path) as tar:
                names = [member.name for member in tar.getmembers()]
                if len(set(names)) != len(names) or not all(member.isreg() for member in tar.getmembers()):
                    raise ArchiveRefused(f"{path} is not a backup of this program.")
                tar.extractall(folder, filter="data")
        except (tarfile.TarError, OSError, EOFError) as fault:
            raise ArchiveRefused(f"{path} cannot be read: {fault}") from fault
        if MANIFEST not in names:
            raise ArchiveRefused(f"{path} has no manifest.")
        content = (folder / MANIFEST).read_bytes()
        if hashlib.sha256(content).hexdigest() != seal:
            raise ArchiveRefused(f"{path} was changed: its manifest does not have the seal {seal[:16]}...")
        manifest = json.loads(content)
        if manifest.get("format") != FORMAT:
            raise ArchiveRefused(f"{path} has format {manifest.get('format')}; this program reads {FORMAT}.")
        found = {name: _digest(folder / name) for name in names if name != MANIFEST}
        if found != manifest["files"]:
            told = manifest["files"]
            wrong = sorted(name for name in found.keys() | told.keys() if found.get(name) != told.get(name))
            raise ArchiveRefused(f"{path} was changed or is damaged: {', '.join(wrong)}.")
        yield Archive(folder, manifest, seal)


def put_back(house: Installation, archive: Archive, service: str) -> Path | None:
    """Replace the database of a service by the archive's; answers where the former one now lies, if it was kept."""
    described = archive.manifest["services"][service]
    url = house.of(service).database
    backend = make_url(url).get_backend_name()
    if described["backend"] != backend:
        raise ArchiveRefused(
            f"The {service} service was backed up from {described['backend']} and is set to {backend} here."
        )
    package = house.parts[service].package
    files_in(archive.folder, service, FileStore(house.of(service).files_dir))
    if backend == "sqlite":
        return copies.sqlite_in(archive.folder / f"{service}.db", Path(make_url(url).database or ""), house.clock())
    copies.postgresql_in(
        archive.folder,
        service,
        url,
        described=described["tables"],
        order=[table.name for each in house.parts[service].metadata for table in each.sorted_tables],
        make_tables=lambda: migrate.upgrade(package, url, described["revision"]),
    )
    return None


def _copy_out(house: Installation, service: str, folder: Path) -> dict[str, Any]:
    url = house.of(service).database
    revision = migrate.current(house.parts[service].package, url)
    backend = make_url(url).get_backend_name()
    copied: dict[str, Any] = {"backend": backend, "revision": revision}
    if backend == "sqlite":
        return copied | {"rows": copies.sqlite_out(Path(make_url(url).database or ""), folder / f"{service}.db")}
    return copied | {"tables": copies.postgresql_out(url, folder, service)}


def _pack(folder: Path, path: Path, names: Sequence[str]) -> None:
    """Write the archive so that it is on the disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w") as tar:
            for name in names:
                info = tar.gettarinfo(folder / name, arcname=name)
                info.uid = info.gid = 0
                info.uname = info.gname = ""
                info.mode = 0o600
                with (folder / name).open("rb") as content:
                    tar.addfile(info, content)
        raw.flush()
        os.fsync(raw.fileno())


def _remember(path: Path, seal: str) -> None:
    notes = path.parent / SEALS
    known = json.loads(notes.read_text(encoding="utf-8")) if notes.exists() else {}
    handle = os.open(notes.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        json.dump(known | {path.name: seal}, written, indent=1, sort_keys=True)
    notes.with_suffix(".new").replace(notes)


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
