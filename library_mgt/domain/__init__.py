"""Rules of the library, over plain values."""
