"""Races, kills and planted faults against real server processes of this machine's loopback.

`make reliability` runs the long form with progress and tables (`ARGS="--rounds 1000 --cycles 200 --backend sqlite"`
makes it longer, or shorter); `make test` runs a short form of all of it. `ERP_TEST_ROUNDS` and `ERP_TEST_CYCLES` are
the same two numbers for pytest.

| to add | go to |
|---|---|
| a race | `races.py`: set the stage, one request per client, look at what really happened |
| something the writers write | `deeds.py`: the deeds, what must be there of them, how it is counted |
| a fault to plant | `server.py`, and a test in `test_planted_faults.py` that sees it |
"""
