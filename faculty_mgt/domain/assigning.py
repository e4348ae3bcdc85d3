"""The states of an assignment."""

STATES = ("draft", "published", "closed")
