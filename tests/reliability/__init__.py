"""Races, kills and planted faults against real server processes of this machine's loopback."""
