"""The one tokeniser that feeds both search engines, so that both find the same.

A word is a run of letters, marks and digits of any script. Latin accents are dropped (*Émile* is found by *emile*),
marks that carry a vowel in other scripts are kept. A word with an apostrophe stands in the index whole and in parts,
so that *sorcerers*, *sorcerer's* and *sorcerer* all find *Sorcerer's Stone*.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_WORD = 64
MOST_WORDS = 2000
MOST_ASKED = 16
SORT_LENGTH = 200

_APOSTROPHES = "'\u2019\u02bc\u2018`"
_JOINERS = dict.fromkeys((0x200C, 0x200D, 0x00AD, 0xFEFF))
_ACCENTS = re.compile("[\u0300-\u036f]")
_PLAIN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_ARTICLES = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a query; `prefix` means any word that begins with it."""

    word: str
    prefix: bool = False


def fold(text: str) -> str:
    """Without case, composition and Latin accents; apostrophes made one."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold().translate(_JOINERS)))
    plain = unicodedata.normalize("NFKC", plain).casefold()
    return "".join("'" if c in _APOSTROPHES else c for c in plain)


def words(text: str) -> list[str]:
    """The words of a text in order, folded; an apostrophe inside a word stays, everything else parts words."""
    folded = fold(text)
    if folded.isascii():
        return [word[:LONGEST_WORD] for word in _PLAIN.findall(folded)]
    kept = "".join(c if c == "'" or unicodedata.category(c)[0] in "LMN" else " " for c in folded)
    stripped = (run.strip("'") for run in kept.split())
    return [run[:LONGEST_WORD] for run in stripped if run]


def index_words(texts: Iterable[str]) -> str:
    """What a search engine stores for a title: its words with single spaces between them."""
    found: list[str] = []
    for text in texts:
        for word in words(text):
            found.append(word.replace("'", ""))
            if "'" in word:
                found.extend(part for part in word.split("'") if part)
    return " ".join(found[:MOST_WORDS])


def asked(query: str) -> list[Asked]:
    """The words of a query. A star directly after a word asks for the words that begin with it."""
    wanted: dict[str, Asked] = {}
    for piece in query.split():
        found = words(piece)
        for place, word in enumerate(found, start=1):
            prefix = place == len(found) and piece.rstrip().endswith("*")
            plain = word.replace("'", "")
            wanted[plain] = Asked(plain, prefix)
    return list(wanted.values())[:MOST_ASKED]


def sort_key(title: str) -> str:
    """By what a title is filed: its words without a leading English article."""
    filed = [word.replace("'", "") for word in words(title)]
    if len(filed) > 1 and filed[0] in _ARTICLES:
        filed = filed[1:]
    return " ".join(filed)[:SORT_LENGTH]
