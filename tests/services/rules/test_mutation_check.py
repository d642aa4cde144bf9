"""The mutation check: what cases notice, what they do not, and what is excused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulebooks.problems import RulebookError
from services.rules.mutation_check import Equivalent, Mutation, Survivor, check_mutants, check_part, joined, parts_of
from tests.rulebooks.invented import CASES, CHAPTER, COVER, write

ON_THE_EDGE = "2025-06-10, data: {department: u-housing"
EARLIER = ON_THE_EDGE.replace("06-10", "06-09")
WITHIN = "ninghai/2.1-reply"


def checked(folder: Path, chapter: str = CHAPTER, cases: str = CASES, cover: str = COVER) -> Mutation:
    return joined(check_part(one) for one in parts_of(write(folder, cover, chapter, cases)))


def test_cases_on_each_side_of_a_limit_notice_every_change(tmp_path: Path) -> None:
    assert checked(tmp_path) == Mutation(11, (), ())


def test_without_a_case_on_the_limit_a_shorter_one_survives(tmp_path: Path) -> None:
    survivors = (
        Survivor(WITHIN, "due.within.n: 5 -> 4"),
        Survivor(WITHIN, "due.within.count_from: next_day -> same_day"),
    )
    assert checked(tmp_path, cases=CASES.replace(ON_THE_EDGE, EARLIER)) == Mutation(11, survivors, ())


def test_what_a_rule_excuses_with_a_reason_is_listed_as_equivalent(tmp_path: Path) -> None:
    change = "due.within.n: 5 -> 4"
    chapter = CHAPTER.replace(
        "    kind: deadline", f"    equivalent: [{{change: '{change}', why: 示例}}]\n    kind: deadline"
    )
    found = checked(tmp_path, chapter, CASES.replace(ON_THE_EDGE, EARLIER))
    assert found == Mutation(
        11,
        (Survivor(WITHIN, "due.within.count_from: next_day -> same_day"),),
        (Equivalent(WITHIN, change, "示例"),),
    )


def test_a_case_that_cannot_be_read_is_told_and_not_taken_for_one_that_notices_nothing(tmp_path: Path) -> None:
    again = CASES[CASES.index("  - name: 副区长签发") :].replace("副区长签发", "又一例")
    with pytest.raises(RulebookError, match=r"案例“又一例”与第 .* 行的案例“副区长签发”毫无差别"):
        checked(tmp_path, cases=CASES + again)


def test_a_shared_part_is_noticed_by_a_case_of_a_rule_that_uses_it(tmp_path: Path) -> None:
    cases = CASES[: CASES.index("ninghai/4.1-signer")]
    found = checked(tmp_path, cases=cases)
    assert [one for one in found.survivors if "terms" in one.rule] == [
        Survivor("ninghai/2025 terms.head", "when[1] -> none"),
        Survivor("ninghai/2025 terms.head", "when[1].holds[1]: district_head -> executive_deputy"),
    ]


@pytest.mark.parametrize(("severity", "noticed"), [("", False), ("    severity: notice\n", True)])
def test_a_case_that_names_the_severity_notices_another_force(tmp_path: Path, severity: str, noticed: bool) -> None:
    tiers = "tiers: [{due: {within: {n: 5, unit: working_day}}, modality: generally}]"
    chapter = CHAPTER.replace("due: {within: {n: 5, unit: working_day}}", tiers)
    found = checked(
        tmp_path,
        chapter,
        CASES.replace("    expect: violated\n    boundary", f"    expect: violated\n{severity}    boundary"),
    )
    assert (Survivor(WITHIN, "tiers[1].modality: generally -> must") not in found.survivors) is noticed


def test_two_processes_find_what_one_finds_and_tell_how_far_they_are(tmp_path: Path) -> None:
    parts = parts_of(write(tmp_path, cases=CASES.replace(ON_THE_EDGE, EARLIER)))
    told: list[int] = []
    assert check_mutants(parts, told.append) == joined(check_part(one) for one in parts)
    assert sum(told) == len(parts)


def test_one_rule_can_be_checked_alone(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert [one.name for one in parts_of(folder, WITHIN)] == [WITHIN]
    assert parts_of(folder, "ninghai/9.9-none") == []
