"""What the lint finds in a rulebook that compiles: references, contradictions, force, idle cases and excuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulebooks.checks.linting import Lint, lint_folder
from tests.rulebooks.invented import CASES, CHAPTER, COVER, write

GATE = """
5:
  - id: ninghai/5.1-demands
    at: {paragraph: 1}
    zh: 须经审核
    en: Reviewed before
    modality: must
    kind: gate
    on: document.signed
    needs: [{zh: 已审核, en: a review, fact: document.reviewed}]
  - id: ninghai/5.1-forbids
    at: {paragraph: 1}
    zh: 不得审核
    en: Not reviewed before
    modality: must_not
    kind: prohibition
    on: document.signed
    forbids: [{zh: 审核过, en: reviewed, fact: document.reviewed}]
"""
OPPOSITE = "与 ninghai/5.1-forbids 在同样情形下要求相反：请在其中一条写 unless，或限定 when"


def linted(folder: Path, chapter: str = CHAPTER, cases: str = CASES, cover: str = COVER) -> tuple[list[str], list[str]]:
    found = Lint()
    lint_folder(write(folder, cover, chapter, cases), found)
    return [one.zh for one in found.errors], [one.zh for one in found.warnings]


def test_the_invented_rulebook_is_clean(tmp_path: Path) -> None:
    assert linted(tmp_path) == ([], [])


@pytest.mark.parametrize("named", ["ninghai/4.1-signer", "2.1", "4"])
def test_a_reference_may_name_a_rule_a_paragraph_or_an_article(tmp_path: Path, named: str) -> None:
    assert linted(tmp_path, CHAPTER.replace("see: [ninghai/4.1-signer]", f'see: ["{named}"]')) == ([], [])


def test_a_reference_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    errors, _ = linted(tmp_path, CHAPTER.replace("see: [ninghai/4.1-signer]", "see: [ninghai/9.1-none]"))
    assert errors == ["see 所指“ninghai/9.1-none”不存在：请写规则编号（ninghai/条.款-名称）或条款号（如 28.2）"]


def test_demanding_what_another_rule_forbids_is_an_error(tmp_path: Path) -> None:
    errors, _ = linted(tmp_path, CHAPTER + GATE)
    assert [one for one in errors if "相反" in one] == [OPPOSITE]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("kind: prohibition\n", "kind: prohibition\n    unless: [{path: case.kind, is: report}]\n"),
        ("kind: prohibition\n", "kind: prohibition\n    when: [{path: case.kind, is: report}]\n"),
    ],
)
def test_an_exception_or_other_circumstances_contradict_nothing(tmp_path: Path, was: str, now: str) -> None:
    errors, _ = linted(tmp_path, CHAPTER + GATE.replace(was, now))
    assert [one for one in errors if "相反" in one] == []


def test_a_force_that_the_words_do_not_have_is_a_warning(tmp_path: Path) -> None:
    _, warnings = linted(tmp_path, CHAPTER.replace("modality: generally", "modality: must"))
    assert warnings == ["modality 为 must，与 zh 的用语（原则上、一般、可）不符：请照条文写 zh，或改 modality"]


def test_a_case_without_the_act_asserts_nothing(tmp_path: Path) -> None:
    idle = (
        "  - name: 只有审核\n    expect: none\n    facts:\n"
        "      - {document.reviewed: document/d-2, on: 2025-06-03, "
        "data: {level: office_director, version: v1, result: pass}}\n"
    )
    _, warnings = linted(tmp_path, cases=CASES + idle)
    assert warnings == [
        "案例“只有审核”什么也没有断言：施行期间没有规则所看的事实 document.signed.v1；请写入一个不适用的"
    ]


@pytest.mark.parametrize(
    ("excuse", "errors"),
    [
        ("{change: 'may[1] -> none', why: 示例}", []),
        (
            "{change: 'may[2] -> none', why: 示例}",
            ["equivalent 中的“may[2] -> none”不是变异检查所作的改动：请照 taizhang rules --mutate 的输出写"],
        ),
        ("{change: 'may[1] -> none'}", ["equivalent 的每一项须写 change 和 why"]),
    ],
)
def test_an_excuse_names_a_change_and_a_reason(tmp_path: Path, excuse: str, errors: list[str]) -> None:
    assert linted(tmp_path, f"{CHAPTER}    equivalent: [{excuse}]\n")[0] == errors


def test_an_excuse_for_a_shared_part_stands_on_the_cover(tmp_path: Path) -> None:
    excuse = "equivalent: [{change: 'terms.head.when[1] -> none', why: 示例}]\n"
    assert linted(tmp_path, cover=COVER + excuse) == ([], [])
