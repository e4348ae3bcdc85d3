"""Rules about names, passwords and tries."""

from datetime import timedelta

import pytest

from configuration.kit.features.accounts.domain import (
    clean_code,
    display_name,
    grant_dates_fit,
    origin_of,
    password_faults,
    user_key,
    wait_after,
)
from tests.people import NOW


class TestPasswords:
    """A new password is long, and not among the first that anybody would try."""

    @pytest.mark.parametrize(
        "password",
        [
            "tulip river cloud",
            "x9!kLm#2pQz7",
            "correct horse battery staple",
            "Zürich im Regen!",
            "hunter of the pale elk",
        ],
    )
    def test_a_password_that_nobody_guesses_first_is_fine(self, password: str) -> None:
        assert password_faults(password, "anna.lee") == []

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("short", "PASSWORD_TOO_SHORT"),
            ("elevenchars", "PASSWORD_TOO_SHORT"),
            ("x9!k" * 40, "PASSWORD_TOO_LONG"),
            ("Anna.Lee.Anna", "PASSWORD_TOO_COMMON"),
            ("anna.lee.2026!!", "PASSWORD_TOO_COMMON"),
            ("password123456", "PASSWORD_TOO_COMMON"),
            ("P@ssw0rd!2026", "PASSWORD_TOO_COMMON"),
            ("qwertyuiopas", "PASSWORD_TOO_COMMON"),
            ("123456789012", "PASSWORD_TOO_COMMON"),
            ("abcdefghijklm", "PASSWORD_TOO_COMMON"),
            ("aaaaaaaaaaaa", "PASSWORD_TOO_COMMON"),
            ("UniversityLibrary1", "PASSWORD_TOO_COMMON"),
        ],
    )
    def test_a_weak_password_is_refused_with_its_reason(self, password: str, code: str) -> None:
        assert code in [fault.code for fault in password_faults(password, "anna.lee")]

    def test_the_user_name_is_no_password_however_it_is_written(self) -> None:
        faults = password_faults("ANNA.LEE.EXAMPLE", "anna.lee.example")

        assert [fault.code for fault in faults] == ["PASSWORD_IS_USER_NAME"]

    def test_all_faults_are_said_at_once(self) -> None:
        faults = password_faults("ann", "ann")

        assert {fault.code for fault in faults} == {"PASSWORD_TOO_SHORT", "PASSWORD_IS_USER_NAME"}


class TestNames:
    """User names are compared as people read them."""

    @pytest.mark.parametrize("other", ["Ann", " ann ", "ANN", "\uff41\uff4e\uff4e"])
    def test_case_width_and_blanks_make_no_difference(self, other: str) -> None:
        assert user_key(other) == user_key("ann")

    def test_a_person_without_a_family_name_has_a_display_name(self) -> None:
        assert display_name("Suharto", "", "", "s") == "Suharto"
        assert display_name("", "", "", "user") == "user"

    def test_a_code_may_be_typed_as_it_is_read(self) -> None:
        assert clean_code("abcd-efgh 2345") == "ABCDEFGH2345"


class TestWaiting:
    """Wrong tries slow the pair of account and address, never more than some minutes."""

    def test_the_first_tries_cost_nothing(self) -> None:
        assert [wait_after(failures, on_campus=False) for failures in range(5)] == [timedelta(0)] * 5

    def test_then_the_wait_doubles_up_to_five_minutes(self) -> None:
        waits = [wait_after(failures, on_campus=False).total_seconds() for failures in (5, 6, 7, 13, 14, 1000)]

        assert waits == [1, 2, 4, 256, 300, 300]

    def test_on_campus_many_share_an_address_so_the_wait_stays_short(self) -> None:
        assert wait_after(1000, on_campus=True) == timedelta(seconds=10)

    @pytest.mark.parametrize(
        ("address", "origin"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
            ("testclient", "unknown"),
        ],
    )
    def test_one_customer_of_an_ipv6_network_is_one_origin(self, address: str, origin: str) -> None:
        assert origin_of(address) == origin


class TestGrantDates:
    """A grant ends after it begins; an auditor's has an end."""

    def test_an_auditor_needs_an_end_date(self) -> None:
        assert grant_dates_fit("auditor", NOW, None, NOW) is not None
        assert grant_dates_fit("auditor", NOW, NOW + timedelta(days=1), NOW) is None

    def test_a_grant_that_would_have_ended_already_is_refused(self) -> None:
        assert grant_dates_fit("dean", NOW, NOW - timedelta(days=1), NOW) is not None
        assert grant_dates_fit("dean", NOW, None, NOW) is None
