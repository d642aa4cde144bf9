"""The coverage proof: every sentence of the text has a provision, every number of a rule's sentence its parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rulebooks.checks.parameters import parameters_of
from rulebooks.loading import RULEBOOK_FILE
from rulebooks.problems import Problem, as_list
from rulebooks.text.numerals import NUMERALS, numeral, quantities

if TYPE_CHECKING:
    from fractions import Fraction

    from rulebooks.compiling import Provision
    from rulebooks.loading import Rulebook
    from rulebooks.text.articles import Article, Paragraph, Sentence, Text

AT_KEYS: Final = frozenset({"paragraph", "sentences", "item", "items"})
ITEM_LABEL: Final = re.compile(rf"[（(]?(?P<item>[{NUMERALS}]+|\d+)[）)]?(?P<sub>\d+)?")
OPENING: Final = 24
"""So many characters of a sentence show which one is meant."""


class Proof(NamedTuple):
    """What is wrong, and what only deserves a look."""

    errors: list[Problem]
    warnings: list[Problem]


class _Place(NamedTuple):
    """What one provision covers of its article."""

    provision: Provision
    paragraphs: tuple[int, ...]
    sentences: tuple[int, ...]
    items: tuple[str, ...]

    def covers(self, paragraph: int, sentence: Sentence, introduction: int) -> bool:
        """Tell whether a sentence belongs to it; who covers the sentence that introduces items covers these too."""
        if self.paragraphs and paragraph not in self.paragraphs:
            return False
        if self.items:
            within = any(sentence.item == one or sentence.item.startswith(one) for one in self.items)
            return within and (not self.sentences or sentence.number in self.sentences)
        return not self.sentences or (introduction if sentence.item else sentence.number) in self.sentences


def prove(rulebook: Rulebook, text: Text) -> Proof:
    """Compare a rulebook with its text, sentence by sentence and number by number."""
    file = f"{rulebook.name}/{RULEBOOK_FILE}"
    proof = Proof([], [])
    _whole(rulebook, text, file, proof)
    for article in text.articles:
        provisions = [one for one in rulebook.provisions if _article_of(one) == article.number]
        places = [place for one in provisions if (place := _place(one, article, proof)) is not None]
        for paragraph, sentence, covering in _covered(article, places):
            if covering:
                proof.errors.extend(_numbers(article, paragraph, sentence, covering, rulebook))
            else:
                at = provisions[0] if provisions else None
                proof.errors.append(_uncovered(article, paragraph, sentence, at, file))
    return proof


def _article_of(provision: Provision) -> int:
    return int(re.match(r"\d+", provision.article)[0])  # type: ignore[index]  # compiling saw to it that one begins so


def _whole(rulebook: Rulebook, text: Text, file: str, proof: Proof) -> None:
    """Compare the number of articles and the hash of the words."""
    stated = rulebook.head.get("text") or {}
    if stated.get("articles") != len(text.articles):
        zh = f"text.articles 写作 {stated.get('articles')}，所给文本有 {len(text.articles)} 条"
        en = f"text.articles says {stated.get('articles')}, the text given has {len(text.articles)} articles"
        proof.errors.append(Problem(file, 1, "", zh, en))
    if "sha256" not in stated:
        zh, en = "没有记下所读文本的散列", "the hash of the text that was read is not stated"
        said = f"sha256: {text.sha256}"
        proof.warnings.append(Problem(file, 1, "", f"{zh}：请在 text 下写 {said}", f"{en}; write {said} under `text`"))
    elif stated["sha256"] != text.sha256:
        zh = f"所给文本不是当初所读的文本：散列为 {text.sha256}；请逐条核对后更改 text.sha256"
        en = "the text given is not the one that was read; compare article by article, then change text.sha256"
        proof.errors.append(Problem(file, 1, "", zh, en))


def _place(provision: Provision, article: Article, proof: Proof) -> _Place | None:
    """Read `at`; note what it names that the article does not have."""
    at = provision.at
    unknown = [key for key in at if key not in AT_KEYS]
    if unknown:
        options = "、".join(sorted(AT_KEYS))
        proof.errors.append(_at(provision, f"at 可用：{options}", f"`at` has {', '.join(sorted(AT_KEYS))}"))
        return None
    paragraphs = tuple(map(int, as_list(at.get("paragraph"))))
    sentences = tuple(map(int, as_list(at.get("sentences"))))
    items = tuple(_item_label(one) for one in (*as_list(at.get("item")), *as_list(at.get("items"))))
    place = _Place(provision, paragraphs, sentences, items)
    there = {paragraph.number: paragraph for paragraph in article.paragraphs}
    for number in paragraphs or tuple(there):
        if number not in there:
            zh, en = (
                f"没有第{number}款，共{len(there)}款",
                f"there is no paragraph {number}; the article has {len(there)}",
            )
            proof.errors.append(_at(provision, zh, en))
        else:
            proof.errors.extend(_missing(place, there[number]))
    return place


def _missing(place: _Place, paragraph: Paragraph) -> Iterator[Problem]:
    labels = {sentence.item for sentence in paragraph.sentences}
    for item in place.items:
        if not any(label.startswith(item) for label in labels):
            zh, en = f"第{paragraph.number}款没有第{item}项", f"paragraph {paragraph.number} has no item {item}"
            yield _at(place.provision, zh, en)
    if place.items:
        return
    last = max((sentence.number for sentence in paragraph.sentences if not sentence.item), default=0)
    for number in place.sentences:
        if not 1 <= number <= last:
            zh = f"第{paragraph.number}款没有第{number}句，共{last}句（句以。？！为止，；不断句）"
            en = f"paragraph {paragraph.number} has {last} sentences, none numbered {number}; ； does not end one"
            yield _at(place.provision, zh, en)


def _item_label(given: object) -> str:
    """Return 2, 二, (2)3 or 二3 as (2) or (2)3."""
    found = ITEM_LABEL.fullmatch(str(given))
    if found is None:
        return f"({given})"
    return f"({numeral(found['item'])}){found['sub'] or ''}"


def _at(provision: Provision, zh: str, en: str) -> Problem:
    return Problem(provision.file, provision.line, provision.article, zh, en)


def _covered(article: Article, places: Sequence[_Place]) -> Iterator[tuple[Paragraph, Sentence, list[_Place]]]:
    """Return each sentence with what covers it; an introduction such as “任务是：” is covered with its items."""
    for paragraph in article.paragraphs:
        outside = [one for one in paragraph.sentences if not one.item]
        introduction = outside[-1].number if outside and len(outside) < len(paragraph.sentences) else 0
        found = [
            (sentence, [one for one in places if one.covers(paragraph.number, sentence, introduction)])
            for sentence in paragraph.sentences
        ]
        of_items = [covering for sentence, covering in found if sentence.item]
        for sentence, covering in found:
            introduces = sentence.number == introduction and not sentence.item and sentence.words.endswith("：")
            if introduces and not covering and all(of_items):
                continue
            yield paragraph, sentence, covering


def _uncovered(
    article: Article, paragraph: Paragraph, sentence: Sentence, near: Provision | None, file: str
) -> Problem:
    place = _said(paragraph, sentence)
    at = f"paragraph: {paragraph.number}"
    at += f", items: [{sentence.item}]" if sentence.item else f", sentences: [{sentence.number}]"
    zh = f"{place}没有条目：“{_opening(sentence)}”；请写规则，或写 {{at: {{{at}}}, as: …, why: …}}"
    en = f"no provision covers {at}; write a rule for it, or an entry with `as` and `why`"
    where = (file, 1) if near is None else (near.file, near.line)
    return Problem(*where, str(article.number), zh, en)


def _numbers(
    article: Article, paragraph: Paragraph, sentence: Sentence, covering: Sequence[_Place], rulebook: Rulebook
) -> Iterator[Problem]:
    """Return the numbers of a sentence with a rule that are neither parameters nor dismissed."""
    rules = [one.provision for one in covering if one.provision.rule is not None]
    if not rules:
        return
    known: set[Fraction] = set()
    for rule in rules:
        known.update(one.value for one in parameters_of(rule.given, rulebook.head))
    dismissed = {str(key) for one in covering for key in _dismissed(one.provision.given)}
    for quantity in dict.fromkeys(quantities(sentence.words)):
        if quantity.values & known or any(quantity.words.startswith(one) for one in dismissed):
            continue
        names = "、".join(rule.rule.header.id for rule in rules if rule.rule is not None)
        place = _said(paragraph, sentence)
        zh = f"{place}的“{quantity.words}”不是规则 {names} 的参数：请写入，或写 numbers: {{'{quantity.words}': 理由}}"
        en = f"the number {quantity.words} is no parameter of {names}; make it one, or dismiss it under `numbers`"
        yield Problem(rules[0].file, rules[0].line, str(article.number), zh, en)


def _dismissed(given: dict[str, Any]) -> dict[str, Any]:
    listed = given.get("numbers")
    return {key: why for key, why in listed.items() if why} if isinstance(listed, dict) else {}


def _said(paragraph: Paragraph, sentence: Sentence) -> str:
    item = f"第{sentence.item}项" if sentence.item else ""
    return f"第{paragraph.number}款{item}第{sentence.number}句"


def _opening(sentence: Sentence) -> str:
    return sentence.words if len(sentence.words) <= OPENING else f"{sentence.words[:OPENING]}…"
