"""What a walk does next: acts, how often each is to come, and what it is about.

Hypothesis' own rules all come equally often, and half of them never in a walk; a library lends more than it deletes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Act:
    """A method of the walk with what it is called with."""

    method: Callable[..., None]
    often: int
    needs: str | None
    drawn: Mapping[str, st.SearchStrategy[Any]]

    def __repr__(self) -> str:
        return self.method.__name__

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(repr(self))


def act(
    needs: str | None = None, /, *, often: int = 2, **drawn: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A step of a walk that has any of what it `needs`; `often` weighs it against the others."""

    def marked(method: Callable[..., None]) -> Callable[..., None]:
        setattr(method, "act", Act(method, often, needs, drawn))  # noqa: B010 - functions have no such field
        return method

    return marked


def possible(walk: object, *, but: Collection[Act]) -> list[Act]:
    """The acts that may come next, each as often as it weighs, the most frequent first.

    Not those that came just now: Hypothesis likes to repeat what it drew, and a refusal repeated tells nothing.
    """
    methods = (getattr(type(walk), name) for name in dir(type(walk)))
    acts: list[Act] = [method.act for method in methods if hasattr(method, "act")]
    fitting = [one for one in acts if one not in but and (one.needs is None or getattr(walk, one.needs))]
    fitting.sort(key=lambda one: (-one.often, one.method.__name__))
    return [one for one in fitting for _ in range(one.often)]


def of_the(name: str) -> st.SearchStrategy[Any]:
    """One of the walk's things of that name."""
    return st.runner().flatmap(lambda walk: st.sampled_from(getattr(walk, name)))


def some(*values: Any) -> st.SearchStrategy[Any]:
    """One of these; the first is the plain case, and what a failure shrinks to."""
    return st.sampled_from(values)
