"""A text is split into the same articles, paragraphs, items and sentences however it was scanned."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rulebooks.text.articles import Article, Paragraph, Sentence, read_text
from tests.rulebooks.invented import TEXT

WIDTH = 28
SIGNS = "区政府工作会议文件审核报告部门意见"


def listed(raw: str) -> list[tuple[str, str]]:
    return [
        (f"{article.number}.{paragraph.number}{sentence.item}/{sentence.number}", sentence.words)
        for article in read_text(raw).articles
        for paragraph in article.paragraphs
        for sentence in paragraph.sentences
    ]


def test_articles_paragraphs_items_and_sentences_are_numbered() -> None:
    assert listed(TEXT) == [
        ("1.1/1", "根据有关法律，制定本规则。"),
        ("2.1/1", "征求意见一般应在5个工作日内回复；逾期视为无不同意见。"),
        ("2.1/2", "特殊情况由主办部门说明。"),
        ("3.1/1", "常务会议由区长、副区长组成，任务是："),
        ("3.1(1)/1", "传达上级精神；"),
        ("3.1(2)/1", "讨论重要事项。"),
        ("3.2/1", "会议要开短会。"),
        ("4.1/1", "区政府公文由区长签发。"),
    ]


def test_items_within_items_are_named_by_both_numbers() -> None:
    text = "一、讨论：\n（一）规划；\n（二）下列事项：\n1. 预算；\n2．决算。\n（三）其他。"
    assert listed(text) == [
        ("1.1/1", "讨论："),
        ("1.1(1)/1", "规划；"),
        ("1.1(2)/1", "下列事项："),
        ("1.1(2)1/1", "预算；"),
        ("1.1(2)2/1", "决算。"),
        ("1.1(3)/1", "其他。"),
    ]


def test_items_written_on_one_line_are_told_apart() -> None:
    text = "一、主要任务是：（一）传达；（二）讨论（二审）事项。"
    assert listed(text) == [("1.1/1", "主要任务是："), ("1.1(1)/1", "传达；"), ("1.1(2)/1", "讨论（二审）事项。")]


def test_a_decimal_is_no_item() -> None:
    assert listed("一、面积如下。\n1.5亩以下。") == [("1.1/1", "面积如下。"), ("1.2/1", "1.5亩以下。")]


def test_an_enumeration_out_of_turn_begins_no_article() -> None:
    text = "一、会议分类。\n三、不在此列。\n二、会议召开。"
    assert listed(text) == [("1.1/1", "会议分类。"), ("1.2/1", "三、不在此列。"), ("2.1/1", "会议召开。")]


def test_a_closing_quotation_mark_belongs_to_its_sentence() -> None:
    assert listed("一、落实“谁起草谁解读。”不得推诿！") == [
        ("1.1/1", "落实“谁起草谁解读。”"),
        ("1.1/2", "不得推诿！"),
    ]


def test_a_text_without_articles_has_none() -> None:
    assert read_text("关于印发工作规则的通知\n").articles == ()


def test_page_numbers_chapters_and_spaces_do_not_change_the_hash() -> None:
    plain = "一、工作日为5个。\n二、自发布之日起施行。"
    scanned = (
        "第一章 总 则\n\n一、工作日为 ５ 个。\n\n— 14 —\n\f第二章 附则\n- 2 -\n"
        "二、自发布之日起施行。\n区政府办公室 2025年1月2日印发"
    )
    assert read_text(scanned) == read_text(plain)


def test_other_words_change_the_hash() -> None:
    assert read_text("一、应在5日内回复。").sha256 != read_text("一、应在6日内回复。").sha256


SCAN = """
一、区政府及各部门要认真落实会议议定事项，主办部门

应当在会后五个工作日内报告办理情况，协办部门应当予以配合

并说明理由。

会议纪要由区政府办公室起草，按程序报区长签发，一般

应当在会议结束后五个工作日内印发与会单位，并抄送有关部门

备案。
"""
"""The first line of each paragraph is two characters shorter, because it is indented."""


def test_an_article_is_put_together_from_the_lines_of_a_scan() -> None:
    lines = SCAN.replace("一、", "", 1).split()
    first, second = "".join(lines[:3]), "".join(lines[3:])
    paragraphs = (Paragraph(1, (Sentence(1, first),)), Paragraph(2, (Sentence(1, second),)))
    assert read_text(SCAN).articles == (Article(1, paragraphs),)


def scanned(paragraph: str) -> list[str]:
    first, rest = paragraph[: WIDTH - 2], paragraph[WIDTH - 2 :]
    return [first, *(rest[place : place + WIDTH] for place in range(0, len(rest), WIDTH))]


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """Return a paragraph of several lines whose last line is short, as nearly every last line is."""
    length = draw(st.integers(2, 5)) * WIDTH - 2 + draw(st.integers(2, 20))
    signs = draw(st.lists(st.sampled_from(SIGNS), min_size=length - 1, max_size=length - 1))
    ends = draw(st.sets(st.integers(5, length - 6), max_size=3))
    return "".join("。" if place in ends else sign for place, sign in enumerate(signs)) + "。"


@settings(max_examples=50)
@given(st.lists(st.lists(paragraphs(), min_size=1, max_size=3), min_size=1, max_size=6))
def test_a_scan_reads_like_the_text_that_was_scanned(articles: list[list[str]]) -> None:
    numbered = [[f"{'一二三四五六'[place]}、{first}", *others] for place, (first, *others) in enumerate(articles)]
    plain = "\n".join(paragraph for article in numbered for paragraph in article)
    lines = [line for article in numbered for paragraph in article for line in scanned(paragraph)]
    # Where most lines end a sentence, as by chance those of a short scan do, nobody can tell it from plain text.
    assume(sum(line.endswith("。") for line in lines) < len(lines) / 2)
    scan = "\n\n".join(lines)
    assert read_text(scan) == read_text(plain)
