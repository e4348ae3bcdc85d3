"""The early mornings: what the library does without anybody asking, as a server's clockwork does it at its time."""

from configuration.kit.features import audit, jobs
from library_mgt.commands.year.setting import Library
from library_mgt.controllers.clockwork import tasks


class Nights:
    """The library's own tasks, under the clock of the simulated year. Mail is left to a server."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._tasks = [one for one in tasks(library.settings) if one.work is not None]

    def run(self) -> None:
        """Let expire, resume, remind and forget what is due, and seal what the record of acts says since."""
        library = self._library
        jobs.run_due(library.database, self._tasks, clock=library.clock, zone=library.settings.zone_info)
        while library.database.write_sync(audit.seal, library.clock()):
            pass
