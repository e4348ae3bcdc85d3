"""`erp task`: what is done by itself, listed, and done now."""

from tests.configuration.commands.conftest import Erp


class TestTasks:
    def test_they_are_listed_and_run(self, migrated: Erp) -> None:
        before = migrated("task", "list").output

        ran = migrated("task", "run", "forget-answers").output
        after = migrated("task", "list").output

        assert "forget-answers" in before and "0 done" not in before
        assert "forget-answers: 0 done" in ran
        assert "0 done" in after
        assert "tasks of library: " in migrated("doctor").output

    def test_what_needs_a_server_says_so_and_a_wrong_name_too(self, migrated: Erp) -> None:
        alone = migrated("task", "run", "deliver-notices", expect=3).output
        wrong = migrated("task", "run", "make-coffee", expect=2).output

        assert "Only a running server" in alone
        assert "One of: expire-requests" in wrong
