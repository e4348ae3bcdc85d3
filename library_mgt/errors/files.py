"""Refusals about what is sent in files: lists of books, and the desk's offline journal."""

from configuration.kit.errors import Conflict, NotFound, Refusal


class ImportUnreadable(Refusal):
    """A books file from which no rows can be told."""

    code = "IMPORT_UNREADABLE"
    title = "The file cannot be read"


class ImportTooLarge(Refusal):
    """A books file that is larger than what is taken at once."""

    status = 413
    code = "IMPORT_TOO_LARGE"
    title = "The file is too large"


class ImportIncomplete(Conflict):
    """Not all of a books file has arrived."""

    code = "IMPORT_INCOMPLETE"
    title = "The file has not arrived whole"


class JournalEntryNotFound(NotFound):
    """No such entry of the offline journal, or none that is open."""

    code = "JOURNAL_ENTRY_NOT_FOUND"
    title = "There is no such open conflict"


class JournalEntryTaken(Conflict):
    """Somebody else replays the same line of a journal at this moment."""

    code = "JOURNAL_ENTRY_TAKEN"
    title = "This line is being replayed already"
