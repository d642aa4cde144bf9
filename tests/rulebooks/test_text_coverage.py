"""The coverage proof: what it finds wrong between a rulebook and its text."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulebooks.loading import load_rulebook
from rulebooks.text.articles import read_text
from rulebooks.text.coverage import prove
from tests.rulebooks.invented import CHAPTER, COVER, TEXT, write

HASH = read_text(TEXT).sha256
SEALED = COVER.replace("articles: 4", f"articles: 4, sha256: {HASH}")


def errors(folder: Path, chapter: str = CHAPTER, text: str = TEXT, cover: str = SEALED) -> list[tuple[int, str]]:
    return [(one.line, one.zh) for one in prove(load_rulebook(write(folder, cover, chapter)), read_text(text)).errors]


def test_a_text_that_is_covered_sentence_by_sentence_and_number_by_number_is_proven(tmp_path: Path) -> None:
    proof = prove(load_rulebook(write(tmp_path, SEALED)), read_text(TEXT))
    assert (proof.errors, proof.warnings) == ([], [])


def test_a_hash_that_is_not_stated_is_given(tmp_path: Path) -> None:
    proof = prove(load_rulebook(write(tmp_path)), read_text(TEXT))
    assert [one.zh for one in proof.warnings] == [f"没有记下所读文本的散列：请在 text 下写 sha256: {HASH}"]


def test_another_text_than_the_one_read_is_an_error(tmp_path: Path) -> None:
    changed = TEXT.replace("会议要开短会", "会议要讲短话")
    found = errors(tmp_path, text=changed)
    assert found == [
        (1, f"所给文本不是当初所读的文本：散列为 {read_text(changed).sha256}；请逐条核对后更改 text.sha256")
    ]


def test_the_number_of_articles_has_to_fit(tmp_path: Path) -> None:
    found = errors(tmp_path, cover=SEALED.replace("articles: 4", "articles: 5"))
    assert found == [(1, "text.articles 写作 5，所给文本有 4 条")]


WRITE = "；请写规则，或写"
ATTESTED = "  - {at: {paragraph: 1, sentences: [2]}, as: attested, why: 由主办部门说明}\n"
SECOND = (
    f"第1款第2句没有条目：“特殊情况由主办部门说明。”{WRITE} {{at: {{paragraph: 1, sentences: [2]}}, as: …, why: …}}"
)
ITEM = f"第1款第(2)项第1句没有条目：“讨论重要事项。”{WRITE} {{at: {{paragraph: 1, items: [(2)]}}, as: …, why: …}}"
LAST = f"第2款第1句没有条目：“会议要开短会。”{WRITE} {{at: {{paragraph: 2, sentences: [1]}}, as: …, why: …}}"
NUMBER = "第1款第1句的“5个工作日”不是规则 ninghai/2.1-reply 的参数：请写入，或写 numbers: {'5个工作日': 理由}"


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        (ATTESTED, "", [(5, SECOND)]),
        (
            "[1]}, as: definition, why: 会议组成",
            "[2]}, as: definition, why: 会议组成",
            [
                (18, "第1款没有第2句，共1句（句以。？！为止，；不断句）"),
            ],
        ),
        ("items: [1, 2]}", "items: [1, 二, 三]}", [(19, "第1款没有第(3)项")]),
        ("{at: {paragraph: 2}", "{at: {paragraph: [2, 3]}", [(20, "没有第3款，共2款")]),
        ("sentences: [2]", "sentences: [2, 3]", [(16, "第1款没有第3句，共2句（句以。？！为止，；不断句）")]),
        (
            "{at: {paragraph: 2}",
            "{at: {paragraph: 2, clause: 1}",
            [
                (20, "at 可用：item、items、paragraph、sentences"),
                (18, LAST),
            ],
        ),
        ("n: 5,", "n: 7,", [(5, NUMBER)]),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_to_write(
    tmp_path: Path, was: str, now: str, found: list[tuple[int, str]]
) -> None:
    assert errors(tmp_path, CHAPTER.replace(was, now)) == found


def test_an_item_left_out_is_named(tmp_path: Path) -> None:
    definition = "  - {at: {paragraph: 1, sentences: [1]}, as: definition, why: 会议组成}\n"
    chapter = CHAPTER.replace(definition, "").replace("items: [1, 2]", "items: [1]")
    heading = f"第1款第1句没有条目：“常务会议由区长、副区长组成，任务是：”{WRITE}"
    assert errors(tmp_path, chapter) == [
        (18, f"{heading} {{at: {{paragraph: 1, sentences: [1]}}, as: …, why: …}}"),
        (18, ITEM),
    ]


@pytest.mark.parametrize("numbers", ['{"5": 以通知为准}', '{"5个工作日": 以通知为准}'])
def test_a_number_may_be_dismissed_with_a_reason(tmp_path: Path, numbers: str) -> None:
    chapter = CHAPTER.replace("n: 5,", "n: 7,").replace(
        "    kind: deadline", f"    numbers: {numbers}\n    kind: deadline"
    )
    assert errors(tmp_path, chapter) == []


def test_a_number_without_a_reason_is_not_dismissed(tmp_path: Path) -> None:
    chapter = CHAPTER.replace("n: 5,", "n: 7,").replace(
        "    kind: deadline", '    numbers: {"5": }\n    kind: deadline'
    )
    assert len(errors(tmp_path, chapter)) == 1


def test_the_sentence_that_introduces_items_covers_them(tmp_path: Path) -> None:
    chapter = CHAPTER.replace("  - {at: {paragraph: 1, items: [1, 2]}, as: principle, why: 任务}\n", "")
    assert errors(tmp_path, chapter) == []


def test_an_introduction_is_covered_with_its_items(tmp_path: Path) -> None:
    chapter = CHAPTER.replace("  - {at: {paragraph: 1, sentences: [1]}, as: definition, why: 会议组成}\n", "")
    assert errors(tmp_path, chapter) == []


def test_an_article_without_an_entry_points_at_the_cover(tmp_path: Path) -> None:
    chapter = CHAPTER.replace("1:\n  - {at: {paragraph: 1}, as: principle, why: 依据}\n", "")
    found = prove(load_rulebook(write(tmp_path, SEALED, chapter)), read_text(TEXT)).errors
    assert [(one.file, one.line, one.article) for one in found] == [("ninghai/2025/rulebook.yaml", 1, "1")]
