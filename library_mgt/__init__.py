"""The library service: titles, copies, readers, requests and loans."""
