"""The nights: what the library does without anybody asking, run as a server's clockwork runs it, at the year's time."""

from configuration.kit.features import audit, jobs
from library_mgt.commands.year.setting import Library
from library_mgt.controllers.clockwork import tasks

LONG = ("forget-answers",)
"""Tasks of a night that have nothing to do here: nobody repeats a request under a key."""


class Nights:
    """The library's own tasks, under the clock of the simulated year."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._tasks = [one for one in tasks(library.settings) if one.work is not None and one.name not in LONG]

    def run(self) -> None:
        """Let expire, resume, remind and forget what is due, and seal what the record of acts says since."""
        library, zone = self._library, self._library.settings.zone_info
        for one in self._tasks:
            jobs.run_now(library.database, self._tasks, one.name, clock=library.clock, zone=zone)
        while library.database.write_sync(audit.seal, library.clock()):
            pass
