"""HTTP of accounts: handlers at module level; `router.py` says under which rule each of them stands."""
