"""SQL of accounts: modules of functions over a transaction."""
