"""The front of the university: portals, landing, merged documents, and the way to services that run elsewhere."""
