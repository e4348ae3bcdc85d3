"""What is wrong with a set of rules although each row is well formed: what never counts, what contradicts itself."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from library_mgt.domain.policy import NAMES, Policy
from library_mgt.domain.rules import PolicyRow, Rules

OF_THE_READER = ("max_loans", "max_requests", "block_debt_minor", "block_overdue")
"""Values that count everything a reader has, wherever and of whatever type."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at. `policy_ids` are the rows to change, `values` the names in question."""

    code: str
    detail: str
    policy_ids: tuple[int, ...]
    values: tuple[str, ...] = ()


_CONTRADICTIONS: Mapping[str, tuple[tuple[str, ...], Callable[[Policy], bool], str]] = {
    "RENEWAL_WITHOUT_GAIN": (
        ("renewals", "renewal_period"),
        lambda p: p.renewals > 0 and p.renewal_period <= 0,
        "Loans may be renewed, but a renewal adds no time.",
    ),
    "NOTHING_MAY_BE_REQUESTED": (
        ("requests_allowed", "max_requests"),
        lambda p: p.requests_allowed and p.max_requests == 0,
        "Requests are allowed, but each reader may have none.",
    ),
    "NOTHING_MAY_BE_LENT": (
        ("loanable", "max_loans"),
        lambda p: p.loanable and p.max_loans == 0,
        "Copies are lent, but each reader may have none.",
    ),
    "FINE_NEVER_TAKEN": (
        ("fine_minor", "fine_cap_minor"),
        lambda p: p.fine_minor > 0 and p.fine_cap_minor == 0,
        "There is a fine, but no cap above nothing, so it is never taken.",
    ),
    "CAP_BELOW_RATE": (
        ("fine_minor", "fine_cap_minor"),
        lambda p: 0 < p.fine_cap_minor < p.fine_minor,
        "The cap is below the rate: the first day or hour costs the cap, and the rate never shows.",
    ),
    "RECALL_PAST_THE_GUARANTEE": (
        ("recall_allowed", "recall_interval_days", "recall_guarantee_days"),
        lambda p: p.recall_allowed and p.recall_interval_days > p.recall_guarantee_days,
        "After a recall a reader has longer than a loan is guaranteed for.",
    ),
    "RECALL_NEVER_SHORTENS": (
        ("recall_allowed", "recall_guarantee_days", "loan_period"),
        lambda p: p.recall_allowed and p.loan_unit == "days" and p.recall_guarantee_days >= p.loan_period,
        "Loans may be recalled, but the time guaranteed is the whole loan.",
    ),
    "PICKUP_TODAY_ONLY": (
        ("requests_allowed", "pickup_days"),
        lambda p: p.requests_allowed and p.pickup_days == 0,
        "A copy set aside is kept for the rest of one day only.",
    ),
    "LOST_WITHIN_GRACE": (
        ("lost_after_days", "fine_grace_days"),
        lambda p: p.lost_after_days <= p.fine_grace_days,
        "A copy counts as lost before its delay costs anything.",
    ),
}


def lint(
    rules: Rules,
    *,
    locations: Collection[str],
    groups: Collection[str],
    item_types: Collection[str],
    today: date,
) -> list[Finding]:
    """Every finding, those about single rows first. It looks at each place, group and type that there is."""
    everywhere = list(product(locations, groups, item_types))
    deciding = [(asked, rules.resolve(*asked)) for asked in everywhere]
    found = [
        *_never_decided(rules.rows, [decided for _, decided in deciding]),
        *_limits_of_readers(rules.rows),
        *_terms_over(rules, today),
    ]
    seen: dict[Finding, None] = {}
    for asked, decided in deciding:
        seen.update(dict.fromkeys(_contradictions(rules.policy(*asked), decided)))
    return [*found, *seen]


def _never_decided(rows: Iterable[PolicyRow], decided: Iterable[Mapping[str, PolicyRow]]) -> Iterable[Finding]:
    used = {(name, row.id) for each in decided for name, row in each.items()}
    for row in rows:
        if not any(row.weight):
            continue
        idle = tuple(name for name in NAMES if name in row.values and (name, row.id) not in used)
        if len(idle) == len(row.values):
            detail = "The row decides nothing: other rows, which are more specific, decide all it sets."
            yield Finding("ROW_UNREACHABLE", detail, (row.id,), idle)
        elif idle:
            yield Finding(
                "VALUE_UNREACHABLE", "More specific rows decide these values wherever the row holds.", (row.id,), idle
            )


def _limits_of_readers(rows: Iterable[PolicyRow]) -> Iterable[Finding]:
    for row in rows:
        named = tuple(name for name in OF_THE_READER if name in row.values)
        if named and (row.location is not None or row.item_type is not None):
            detail = "These values count all that a reader has, not only what the row is for; set them by group alone."
            yield Finding("LIMIT_OF_THE_READER", detail, (row.id,), named)


def _terms_over(rules: Rules, today: date) -> Iterable[Finding]:
    for row in rules.rows:
        schedule = row.values.get("term_schedule", "none")
        if schedule != "none" and not any(end >= today for end in rules.terms.get(schedule, ())):
            detail = f"The schedule {schedule!r} has no end of a term ahead, so no loan is cut short by it."
            yield Finding("TERMS_OVER", detail, (row.id,), ("term_schedule",))


def _contradictions(policy: Policy, decided: Mapping[str, PolicyRow]) -> Iterable[Finding]:
    for code, (names, contradicts, detail) in _CONTRADICTIONS.items():
        if contradicts(policy):
            yield Finding(code, detail, tuple(dict.fromkeys(decided[name].id for name in names)), names)
