"""The rulebooks as people read them: provisions, explanations, comparisons, and the words of the articles."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from rulebooks.loading import HOME, rulebooks_of, shipped_districts
from rulebooks.subjects import SUBJECTS
from rulebooks.text.articles import read_text
from services.rules.comparison import compared
from services.rules.explanations import explained
from services.rules.provisions import listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rulebooks.loading import Rulebook
    from services.rules.comparison import Comparison
    from services.rules.explanations import Explanation

MOST_EXPLAINED: Final = 256
_NO_WORDS: Final[Mapping[str, tuple[str, ...]]] = {}


class RulePapers:
    """What is asked for once is kept, since rulebooks do not change while the program runs.

    `texts` is a folder with the texts of the work rules, `DISTRICT.txt` each, or None: they are no part of the product.
    What there is not is empty or None.
    """

    def __init__(self, texts: Path | None = None, home: Path = HOME) -> None:
        self._texts, self._home = texts, home
        self.books = cache(self._books)
        self.provisions = cache(self._provisions)
        self.explanation = lru_cache(maxsize=MOST_EXPLAINED)(self._explanation)
        self.comparison = cache(self._comparison)
        self.words = cache(self._words)

    @property
    def districts(self) -> list[str]:
        """The districts that have a rulebook."""
        return shipped_districts(self._home)

    def _books(self, district: str) -> tuple[Rulebook, ...]:
        """Return the versions of a district's rulebook, the latest last."""
        return tuple(rulebooks_of(district, self._home)) if district in self.districts else ()

    def _provisions(self, district: str) -> tuple[dict[str, Any], ...]:
        """Return every provision of a district, as `taizhang rules` lists it."""
        return tuple(listed(district, home=self._home)) if district in self.districts else ()

    def _explanation(self, rule: str) -> Explanation | None:
        """Explain a rule by its id."""
        return explained(rule, self._home) if rule.partition("/")[0] in self.districts else None

    def _comparison(self, subject: str) -> Comparison | None:
        """Set the districts side by side on a subject."""
        return compared(subject, self.districts, self._home) if subject in SUBJECTS else None

    def _words(self, district: str) -> Mapping[str, tuple[str, ...]]:
        """Return the paragraphs of each article, by its number; none unless the rules were read from them."""
        books = self.books(district)
        if self._texts is None or not books:
            return _NO_WORDS
        try:
            text = read_text((self._texts / f"{district}.txt").read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return _NO_WORDS
        if (books[-1].head.get("text") or {}).get("sha256") != text.sha256:
            return _NO_WORDS
        return {
            str(article.number): tuple(
                "".join(sentence.words for sentence in paragraph.sentences) for paragraph in article.paragraphs
            )
            for article in text.articles
        }
