"""Files that people send: taken in while they arrive, kept once under their digest, handed out as attachments."""

from configuration.kit.features.files.kinds import is_taken, media_type, shown_name
from configuration.kit.features.files.model import (
    LARGEST_FILE,
    Arrived,
    FileEmpty,
    FileMissing,
    FileNotFound,
    FileTooLarge,
    FileTypeRefused,
    Limits,
    NoRoom,
    StoredFile,
    TooManyFiles,
    Upload,
    UploadUnreadable,
)
from configuration.kit.features.files.receiving import receiving
from configuration.kit.features.files.serving import attachment
from configuration.kit.features.files.store import FileStore
from configuration.kit.features.files.sweeping import Damage, Swept, damages, sweep, sweeping
from configuration.kit.features.files.use_cases import record, record_all

__all__ = [
    "LARGEST_FILE",
    "Arrived",
    "Damage",
    "FileEmpty",
    "FileMissing",
    "FileNotFound",
    "FileStore",
    "FileTooLarge",
    "FileTypeRefused",
    "Limits",
    "NoRoom",
    "StoredFile",
    "Swept",
    "TooManyFiles",
    "Upload",
    "UploadUnreadable",
    "attachment",
    "damages",
    "is_taken",
    "media_type",
    "receiving",
    "record",
    "record_all",
    "shown_name",
    "sweep",
    "sweeping",
]
