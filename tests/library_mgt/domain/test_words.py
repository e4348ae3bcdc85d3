"""The one tokeniser of both search engines."""

# ruff: noqa: RUF001 - the look-alikes are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library_mgt.domain.words import Asked, asked, index_words, sort_key, words


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("The Hunger Games", ["the", "hunger", "games"]),
            ("Émile ZOLA", ["emile", "zola"]),
            ("Straße", ["strasse"]),
            ("Ўзбек тили", ["узбек", "тили"]),
            ("नेपाली भाषा", ["नेपाली", "भाषा"]),
            ("한국어 東京", ["한국어", "東京"]),
            ("ﬁne ２０２６", ["fine", "2026"]),
            ("C++/CLI: a_b", ["c", "cli", "a", "b"]),
            ("O’Brien 'quoted'", ["o'brien", "quoted"]),
            ("", []),
        ],
    )
    def test_a_word_is_a_run_of_letters_marks_and_digits(self, text: str, expected: list[str]) -> None:
        assert words(text) == expected

    def test_a_word_with_an_apostrophe_is_stored_whole_and_in_parts(self) -> None:
        assert index_words(["Sorcerer's Stone"]) == "sorcerers sorcerer s stone"

    def test_a_star_right_after_a_word_asks_for_beginnings(self) -> None:
        assert asked("harry pot* * foo-bar*") == [
            Asked("harry"), Asked("pot", prefix=True), Asked("foo"), Asked("bar", prefix=True),
        ]  # fmt: skip

    @given(st.text(max_size=60))
    def test_whatever_is_stored_is_found_by_its_own_text(self, text: str) -> None:
        stored = set(index_words([text]).split(" "))

        assert {one.word for one in asked(text)} <= stored

    @given(st.text(max_size=60))
    def test_stored_words_need_no_quoting(self, text: str) -> None:
        assert not set(index_words([text])) & set("'\"\\:&|!()*<>\n\t\0")


class TestSortKey:
    @pytest.mark.parametrize(
        ("title", "key"), [("The Hobbit", "hobbit"), ("A", "a"), ("Ânima!", "anima"), ("The The", "the")]
    )
    def test_titles_are_filed_without_a_leading_article(self, title: str, key: str) -> None:
        assert sort_key(title) == key
