"""Where a server's time goes: `ERP_TEST_PROFILE=folder` makes `tests.benchmarks.whole` profile itself.

Each thread has a profile of its own, written as text a few seconds after `touch folder/go` and each time after that.
Profiling makes calls of small functions look dearer than they are: read it for what is called, not for ratios.
"""

import cProfile
import io
import pstats
import threading
import time
from pathlib import Path
from typing import Any

LINES = 60
SECONDS = 4.0


def profile_into(folder: Path) -> None:
    """Profile this thread and every thread that starts from now on."""
    profiles: dict[str, cProfile.Profile] = {}

    def begin(*_: Any) -> None:
        own = cProfile.Profile(time.thread_time)
        profiles[f"{threading.current_thread().name}-{threading.get_ident()}"] = own
        own.enable()

    threading.setprofile(begin)
    threading.Thread(target=_report, args=(folder, profiles), daemon=True, name="report").start()
    begin()


def _report(folder: Path, profiles: dict[str, cProfile.Profile]) -> None:
    while True:
        time.sleep(0.05)
        if (folder / "go").exists():
            (folder / "go").unlink()
            for own in list(profiles.values()):
                own.clear()
            time.sleep(SECONDS)
            for name, own in list(profiles.items()):
                _write(folder / f"{name}.txt", own)


def _write(path: Path, profile: cProfile.Profile) -> None:
    text = io.StringIO()
    try:
        shown = pstats.Stats(profile, stream=text)
    except TypeError:  # A thread that did nothing meanwhile.
        return
    shown.sort_stats("tottime").print_stats(LINES)
    shown.sort_stats("cumulative").print_stats(LINES)
    path.write_text(text.getvalue(), encoding="utf-8")
