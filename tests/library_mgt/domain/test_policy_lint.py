"""What a set of rules is told about itself."""

from datetime import date
from typing import Any

import pytest

from library_mgt.domain.policy_lint import lint
from library_mgt.domain.rules import PolicyRow, Rules
from tests.library_mgt.domain.calendars import POLICY

SOUND = POLICY.snapshot() | {"recall_guarantee_days": 7}


def found(*rows: tuple[tuple[str | None, str | None, str | None], dict[str, Any]], **default: Any) -> list[Any]:
    own = [PolicyRow(number, *where, values) for number, (where, values) in enumerate(rows, start=2)]
    rules = Rules([PolicyRow(1, None, None, None, SOUND | default), *own], {}, {"old": [date(2025, 7, 31)]})
    places: Any = {"locations": ["main", "law"], "groups": ["student", "faculty"], "item_types": ["book", "disc"]}
    return [(one.code, one.policy_ids, one.values) for one in lint(rules, **places, today=date(2026, 3, 2))]


class TestLint:
    def test_sound_rules_have_no_findings(self) -> None:
        assert found() == []
        assert found(((None, "faculty", None), {"loan_period": 90})) == []

    @pytest.mark.parametrize(
        ("default", "code"),
        [
            ({"renewal_period": 0}, "RENEWAL_WITHOUT_GAIN"),
            ({"max_requests": 0}, "NOTHING_MAY_BE_REQUESTED"),
            ({"max_loans": 0}, "NOTHING_MAY_BE_LENT"),
            ({"fine_minor": 50}, "FINE_NEVER_TAKEN"),
            ({"fine_minor": 50, "fine_cap_minor": 10}, "CAP_BELOW_RATE"),
            ({"recall_allowed": True, "recall_interval_days": 8}, "RECALL_PAST_THE_GUARANTEE"),
            ({"recall_allowed": True, "recall_guarantee_days": 14}, "RECALL_NEVER_SHORTENS"),
            ({"pickup_days": 0}, "PICKUP_TODAY_ONLY"),
            ({"lost_after_days": 0}, "LOST_WITHIN_GRACE"),
            ({"term_schedule": "old"}, "TERMS_OVER"),
        ],
    )
    def test_each_contradiction_is_found_once_with_the_row_to_change(self, default: dict[str, Any], code: str) -> None:
        assert [(one, ids) for one, ids, _ in found(**default)] == [(code, (1,))]

    def test_a_contradiction_between_two_rows_names_both(self) -> None:
        assert found(((None, "student", None), {"fine_minor": 50})) == [
            ("FINE_NEVER_TAKEN", (2, 1), ("fine_minor", "fine_cap_minor"))
        ]

    def test_a_row_that_others_overrule_everywhere_is_unreachable(self) -> None:
        overruled = ((None, None, "disc"), {"loan_period": 3, "renewals": 0})
        by_each = [((place, None, None), {"loan_period": 7}) for place in ("main", "law")]

        assert found(overruled, *by_each) == [("VALUE_UNREACHABLE", (2,), ("loan_period",))]
        assert found(((None, None, "disc"), {"loan_period": 3}), *by_each)[0][0] == "ROW_UNREACHABLE"
        assert found(((None, None, "disc"), {}))[0][0] == "ROW_UNREACHABLE"

    def test_a_limit_that_counts_everything_is_no_matter_of_place_or_type(self) -> None:
        assert found(((None, "student", "disc"), {"max_loans": 2})) == [("LIMIT_OF_THE_READER", (2,), ("max_loans",))]
