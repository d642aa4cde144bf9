"""The text of a district's work rules, split into articles, paragraphs, items and sentences that have numbers."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rulebooks.text.numerals import NUMERALS, numeral

CLOSES: Final = "”’）》」』"
PAGE_NUMBER: Final = re.compile(r"[-—–－·\s]*\d+[-—–－·\s]*")
CHAPTER: Final = re.compile(rf"第[{NUMERALS}]+[章节](?![^\s]*[，。；：])")
ARTICLE: Final = re.compile(rf"(?:第(?P<named>[{NUMERALS}]+)条|(?P<listed>[{NUMERALS}]+)、)\s*")
ITEM: Final = re.compile(rf"[（(](?P<number>[{NUMERALS}]+)[）)]")
SUB_ITEM: Final = re.compile(r"(?P<number>\d{1,2})[.．、](?!\d)\s*")
INLINE_ITEM: Final = re.compile(rf"(?<=[：；。])(?=[（(][{NUMERALS}]+[）)])")
SENTENCE: Final = re.compile(rf"[^。？！]*[。？！]+[{CLOSES}]*|[^。？！]+$")
TAIL: Final = re.compile(r"(?:抄送|主送|分送)[：:].*|.*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印发")
SPACES: Final = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])")
WIDE_DIGITS: Final = str.maketrans("０１２３４５６７８９％", "0123456789%")

WRAPPED_SHARE: Final = 0.4
"""So many of the lines end within a sentence when a text was scanned line by line."""
INDENT: Final = 2
"""A paragraph's first line is so many characters shorter than a full one."""
SLACK: Final = 0.5
"""By so much the width of a full line varies with its digits and punctuation."""
FORGOTTEN: Final = 4
"""A line that is so much too short ends a paragraph whose full stop was forgotten."""


class Sentence(NamedTuple):
    """One sentence: its number in the paragraph or, within an item, in the item; `item` reads (2) or (2)3."""

    number: int
    words: str
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
    """A text as read: its articles, and the hash of their words."""

    articles: tuple[Article, ...]
    sha256: str


class _Line(NamedTuple):
    """A line put together again: what it says, and the item that it begins ("" for a paragraph)."""

    words: str
    item: str


def read_text(raw: str) -> Text:
    """Split a text; what stands before its first article and after its last is left out.

    Line breaks and page numbers of a scan, headings of chapters and odd spaces do not matter. A sentence ends with
    。？！; parts between ； are one sentence. Items (（一）, and 1. within them) belong to the paragraph that
    introduces them; what follows the items on a line of its own is the next paragraph.
    """
    lines = list(_cleaned(raw))
    wrapped = _is_wrapped(lines)
    full = Counter(round(_width(line)) for line in lines).most_common(1)[0][0] if wrapped else None
    articles: list[Article] = []
    gathered: list[str] = []
    for line in lines:
        marker = ARTICLE.match(line)
        next_one = len(articles) + (2 if gathered else 1)
        if marker is not None and numeral(marker["named"] or marker["listed"]) == next_one:
            if gathered:
                articles.append(_article(next_one - 1, gathered, full))
            gathered = [line]
        elif gathered:
            gathered.append(line)
    if gathered:
        articles.append(_article(len(articles) + 1, list(_before_tail(gathered)), full))
    words = "\n".join(sentence.words for one in articles for part in one.paragraphs for sentence in part.sentences)
    return Text(tuple(articles), hashlib.sha256(words.encode()).hexdigest())


def _cleaned(raw: str) -> Iterator[str]:
    for line in raw.replace("\f", "\n").splitlines():
        stripped = line.strip().translate(WIDE_DIGITS)
        if stripped and not PAGE_NUMBER.fullmatch(stripped) and not CHAPTER.match(stripped):
            yield stripped


def _is_wrapped(lines: Sequence[str]) -> bool:
    within = sum(line.rstrip(CLOSES)[-1:] not in "。；：？！" for line in lines)
    return within > WRAPPED_SHARE * len(lines)


def _width(line: str) -> float:
    """Return how wide a line is printed, in Chinese characters."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" or sign in "“”‘’—…·" for sign in line)
    return (len(line) + wide) / 2


def _before_tail(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if TAIL.fullmatch(line):
            return
        yield line


def _article(number: int, lines: Sequence[str], full: int | None) -> Article:
    """Put an article together from its lines, the first with its marker still on it."""
    whole = lines if full is None else _unwrapped(lines, full)
    paragraphs: list[list[_Line]] = []
    item = ""
    for position, words in enumerate(whole):
        rest = words[ARTICLE.match(words).end() :] if position == 0 else words  # type: ignore[union-attr]  # the first line has its marker
        for part in INLINE_ITEM.split(rest):
            item, said = _item(part, item)
            if item and paragraphs:
                paragraphs[-1].append(_Line(said, item))
            else:
                paragraphs.append([_Line(said, item)])
    return Article(number, tuple(_paragraph(place, one) for place, one in enumerate(paragraphs, start=1)))


def _item(words: str, before: str) -> tuple[str, str]:
    """Return the item that a line begins, given the one before it, and the line without its marker."""
    if marker := ITEM.match(words):
        return f"({numeral(marker['number'])})", words[marker.end() :]
    if marker := SUB_ITEM.match(words):
        outer, closing, _ = before.partition(")")
        label = f"{outer}){marker['number']}" if closing and "(" in outer else f"({marker['number']})"
        return label, words[marker.end() :]
    return "", words


def _unwrapped(lines: Sequence[str], full: int) -> list[str]:
    """Join the lines of a scan to paragraphs and items."""
    found: list[str] = []
    first = False
    for position, line in enumerate(lines):
        begins = position == 0 or ITEM.match(line) or SUB_ITEM.match(line)
        if begins or _ended(lines[position - 1], line, full, first=first):
            found.append(line)
            first = True
        else:
            found[-1] += line
            first = False
    return found


def _ended(line: str, following: str, full: int, *, first: bool) -> bool:
    """Tell whether a paragraph ends with a line: it is short (its first line is anyway), or the next is indented."""
    left = (full - INDENT if first else full) - _width(line)
    indented = abs(full - INDENT - _width(following)) <= SLACK
    if line.rstrip(CLOSES)[-1:] in "。？！":
        return left > 2 * SLACK or indented
    return left > FORGOTTEN and indented


def _paragraph(number: int, lines: Iterable[_Line]) -> Paragraph:
    sentences: list[Sentence] = []
    for line in lines:
        words = SPACES.sub("", line.words)
        for place, said in enumerate(SENTENCE.findall(words), start=1):
            sentences.append(Sentence(place, said, line.item))
    return Paragraph(number, tuple(sentences))
