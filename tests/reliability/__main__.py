"""`python -m tests.reliability`: races, walks, kills, journeys and generated requests at length, with tables."""

import argparse
import os
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
OTHERS = [FOLDER.with_name("contracts"), FOLDER.with_name("journeys"), FOLDER.with_name("library_mgt") / "model"]


def main() -> int:
    """Run the suite of this folder with the given lengths; pytest's exit code."""
    told = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    told.add_argument("--rounds", type=int, default=300, help="rounds of each race (default: %(default)s)")
    told.add_argument("--cycles", type=int, default=25, help="kills of each loop (default: %(default)s)")
    told.add_argument("--examples", type=int, default=12, help="requests per operation (default: %(default)s)")
    told.add_argument("--walks", type=int, default=300, help="walks through the circulation (default: %(default)s)")
    told.add_argument("--steps", type=int, default=80, help="acts of each walk (default: %(default)s)")
    told.add_argument("--clients", type=int, default=128, help="clients of the crowd (default: %(default)s)")
    told.add_argument("--backend", choices=("sqlite", "postgresql"), help="only on this one (default: both)")
    told.add_argument("--races", metavar="WORDS", default="", help="only races whose names hold this")
    told.add_argument("--only", metavar="WORDS", help="only tests whose names match, as pytest's -k")
    given = told.parse_args()
    os.environ["ERP_TEST_RACES"] = given.races
    os.environ["ERP_TEST_ROUNDS"] = str(given.rounds)
    os.environ["ERP_TEST_CYCLES"] = str(given.cycles)
    os.environ["ERP_TEST_EXAMPLES"] = str(given.examples)
    os.environ["ERP_TEST_WALKS"] = str(given.walks)
    os.environ["ERP_TEST_STEPS"] = str(given.steps)
    os.environ["ERP_TEST_CLIENTS"] = str(given.clients)
    if given.backend:
        os.environ["ERP_TEST_BACKENDS"] = given.backend
    chosen = ["-k", given.only] if given.only else []
    return pytest.main([str(FOLDER), *map(str, OTHERS), "-q", "-s", "-p", "no:cacheprovider", *chosen])


if __name__ == "__main__":
    sys.exit(main())
