"""The files of a service in a backup: one member for each, named by its digest, beside the copy of the database.

They are taken after the database was copied: a file is there before its row is, so every row of the copy finds its
file. Going back they are added to what lies there, before the database is replaced: no file is ever taken away.
"""

import os
import shutil
from pathlib import Path

from configuration.kit.features.files import FileStore
from configuration.kit.features.files.store import PIECE

_BETWEEN = ".file."


def files_out(store: FileStore, service: str, folder: Path) -> None:
    """Put every file of a service into the folder from which an archive is packed. They never change: links will do."""
    for path in store.contents():
        target = folder / f"{service}{_BETWEEN}{path.name}"
        try:
            os.link(path, target)
        except OSError:
            shutil.copyfile(path, target)


def files_in(folder: Path, service: str, store: FileStore) -> int:
    """Put the files of a service from an unpacked archive to where they belong; how many were not there."""
    added = 0
    for path in sorted(folder.glob(f"{service}{_BETWEEN}*")):
        if store.digest(path.name.rpartition(".")[2]) is not None:
            continue
        arriving = store.begin(path.name)
        try:
            with path.open("rb") as content:
                while piece := content.read(PIECE):
                    arriving.write(piece)
            arriving.finish()
            store.keep(arriving)
        finally:
            arriving.close()
        added += 1
    return added
