"""The text of a district's work rules, split into articles, paragraphs, items and sentences that have numbers."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rulebooks.numerals import NUMERALS, numeral

ENDS_SENTENCE: Final = "。；？！"
CLOSES: Final = "”’）》」』"
PAGE_NUMBER: Final = re.compile(r"[-—–－·\s]*\d+[-—–－·\s]*")
CHAPTER: Final = re.compile(rf"第[{NUMERALS}]+[章节]\s*\S{{0,20}}(\s\S{{1,6}})*")
ARTICLE: Final = re.compile(rf"(?:第(?P<named>[{NUMERALS}]+)条|(?P<listed>[{NUMERALS}]+)、)\s*")
ITEM: Final = re.compile(rf"[（(](?P<number>[{NUMERALS}]+)[）)]")
SUB_ITEM: Final = re.compile(r"(?P<number>\d{1,2})[.．、](?!\d)\s*")
INLINE_ITEM: Final = re.compile(rf"(?<=[：；。])(?=[（(][{NUMERALS}]+[）)])")
SENTENCE: Final = re.compile(rf"[^{ENDS_SENTENCE}]*[{ENDS_SENTENCE}][{CLOSES}]*|[^{ENDS_SENTENCE}]+$")
TAIL: Final = re.compile(r"(?:抄送|主送|分送)[：:].*|.*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印发")

WRAPPED_SHARE: Final = 0.4
"""So many of the lines end within a sentence when a text was scanned line by line."""
INDENT: Final = 2
"""A paragraph's first line is so many characters shorter than a full one."""


class Sentence(NamedTuple):
    """One sentence: its number within the paragraph or, in an item, within the item; `item` reads (2) or (2)3."""

    number: int
    text: str
    item: str = ""


class Paragraph(NamedTuple):
    """One paragraph (自然段) of an article, with the items that it introduces."""

    number: int
    sentences: tuple[Sentence, ...]


class Article(NamedTuple):
    """One article of a text."""

    number: int
    paragraphs: tuple[Paragraph, ...]


class Text(NamedTuple):
    """A text as read: its articles, and the hash of their normalised words."""

    articles: tuple[Article, ...]
    sha256: str


class _Part(NamedTuple):
    """A line put together again: what it says, and the item that it begins ("" for a paragraph)."""

    words: str
    item: str


def read_text(raw: str) -> Text:
    """Split a text; what stands before its first article and after its last is left out.

    Line breaks and page numbers of a scan, headings of chapters and spaces between Chinese characters do not matter.
    """
    lines = list(_lines(raw))
    wrapped = _is_wrapped(lines)
    articles: list[Article] = []
    gathered: list[str] = []
    for line in lines:
        expected = len(articles) + (1 if not gathered else 2)
        marker = ARTICLE.match(line)
        if marker is not None and numeral(marker["named"] or marker["listed"]) == expected:
            if gathered:
                articles.append(_article(len(articles) + 1, gathered, wrapped))
            gathered = [line[marker.end() :]]
        elif gathered:
            gathered.append(line)
    if gathered:
        articles.append(_article(len(articles) + 1, list(_before_tail(gathered)), wrapped))
    return Text(tuple(articles), _hash(articles))
