"""Building blocks free of any domain: they take values as arguments and never read settings."""
