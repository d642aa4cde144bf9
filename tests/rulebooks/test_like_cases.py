"""Cases written as others with a difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import UNSET
from msgspec.structs import asdict

from events.fact import AnyFact, case_key
from rulebooks.checks.cases import Case, load_cases
from rulebooks.checks.linting import Lint, lint_folder
from services.rules.cases import run_cases
from tests.rulebooks.invented import CASES, CHAPTER, write

BASE = """
ninghai/2.1-reply:
  - name: 逾期回复
    expect: violated
    severity: notice
    boundary: true
    until: 2025-06-30
    roster: standard
    facts:
      - countersign.requested: countersign/cs-1
        on: 2025-06-03
        data: {kind: opinion, about: matter/m-1, sponsor: u-office, departments: [u-land], form: online, version: v1}
      - countersign.replied: countersign/cs-1
        on: 2025-06-20
        by: {unit: u-land}
        data: {department: u-land, stance: agree}
"""


def loaded(folder: Path, like: str) -> tuple[list[Case], list[str]]:
    cases, problems = load_cases(write(folder, cases=f"{BASE}  - {like}"), "ninghai")
    return cases, [f"{one.zh} / {one.en}" for one in problems]


def told(folder: Path, like: str) -> list[str]:
    """Return the facts of the case that is like the first one, in words, without the roster."""
    (_, case), problems = loaded(folder, like)
    assert problems == []
    return [said(fact) for fact in case.facts if not fact.type.startswith("roster")]


def said(fact: AnyFact) -> str:
    data = {name: value for name in fact.data.__struct_fields__ if (value := getattr(fact.data, name)) is not None}
    person = f"{fact.actor.unit}"
    return f"{fact.type} {case_key(fact.subject)} {fact.occurred_at.text} {person} {data.get('stance', '')}".strip()


ASKED = "countersign.requested.v1 countersign/cs-1 2025-06-03 u-office"


@pytest.mark.parametrize(
    ("difference", "facts"),
    [
        ("but: [{without: 2}]", [ASKED]),
        (
            "but: [{fact: 2, data: {stance: object}}]",
            [ASKED, "countersign.replied.v1 countersign/cs-1 2025-06-20 u-land object"],
        ),
        (
            "but: [{fact: 2, on: 2025-06-10, by: {unit: u-housing}}]",
            [ASKED, "countersign.replied.v1 countersign/cs-1 2025-06-10 u-housing agree"],
        ),
        (
            "but: [{fact: 2, on: 2025-06-02}]",
            ["countersign.replied.v1 countersign/cs-1 2025-06-02 u-land agree", ASKED],
        ),
        (
            "but: [{fact: 2, on: 2025-06-02, recorded: 2025-06-21T09:00:00+08:00}]",
            [ASKED, "countersign.replied.v1 countersign/cs-1 2025-06-02 u-land agree"],
        ),
        (
            "but: [{fact: 2, by: null}]",
            [ASKED, "countersign.replied.v1 countersign/cs-1 2025-06-20 u-office agree"],
        ),
        (
            (
                "but: [{fact: 2, is: {countersign.withdrawn: countersign/cs-2}, lacks: [department, stance], "
                "data: {reason: 不再需要}}]"
            ),
            [ASKED, "countersign.withdrawn.v1 countersign/cs-2 2025-06-20 u-land"],
        ),
        (
            "facts: [{countersign.withdrawn: countersign/cs-1, on: 2025-06-05, data: {reason: 不再需要}}]",
            [
                ASKED,
                "countersign.withdrawn.v1 countersign/cs-1 2025-06-05 u-office",
                "countersign.replied.v1 countersign/cs-1 2025-06-20 u-land agree",
            ],
        ),
    ],
)
def test_what_differs_from_the_case_it_is_like(tmp_path: Path, difference: str, facts: list[str]) -> None:
    assert told(tmp_path, f"{{name: 另一个, like: 逾期回复, expect: satisfied, {difference}}}") == facts


def test_a_field_left_out_is_not_recorded(tmp_path: Path) -> None:
    (base, case), _ = loaded(
        tmp_path, "{name: 未记版本, like: 逾期回复, expect: violated, but: [{fact: 1, lacks: [version]}]}"
    )
    assert [asdict(one.facts[-2].data)["version"] for one in (base, case)] == ["v1", UNSET]


def test_a_case_like_another_has_its_roster_its_moment_and_its_severity_but_is_no_boundary(tmp_path: Path) -> None:
    (base, case, other), problems = loaded(
        tmp_path,
        "{name: 未回复, like: 逾期回复, expect: violated, but: [{without: 2}]}\n"
        "  - {name: 只看另一部门, like: 未回复, expect: none, party: u-housing, until: 2025-07-31}",
    )
    assert problems == []
    assert case == base._replace(name="未回复", boundary=False, facts=base.facts[:-1], line=case.line)
    assert (other.severity, other.party, other.facts) == (None, "u-housing", case.facts)
    assert (str(other.until), len(other.facts)) == (str(case.until).replace("06-30", "07-31"), len(base.facts) - 1)


def test_what_stands_out_of_order_in_the_case_stays_so(tmp_path: Path) -> None:
    late = BASE.replace("2025-06-20", "2025-06-01").replace("逾期回复", "先回复后提出，按此次序入账")
    folder = write(tmp_path, cases=late + "  - {name: 丁, like: 先回复后提出，按此次序入账, expect: none, party: u-x}")
    (base, case), problems = load_cases(folder, "ninghai")
    assert (case.facts, problems) == (base.facts, [])


def test_each_difference_listed_is_a_case_of_its_own(tmp_path: Path) -> None:
    each = "[{fact: 2, on: 2025-06-11}, [{fact: 2, on: 2025-06-12}, {fact: 1, lacks: [version]}]]"
    cases, problems = loaded(
        tmp_path,
        f"{{name: 晚, like: 逾期回复, but: [{{fact: 2, data: {{stance: object}}}}], each: {each}, expect: violated}}",
    )
    assert problems == []
    assert [(one.name, said(one.facts[-1])) for one in cases[1:]] == [
        ("晚（1）", "countersign.replied.v1 countersign/cs-1 2025-06-11 u-land object"),
        ("晚（2）", "countersign.replied.v1 countersign/cs-1 2025-06-12 u-land object"),
    ]
    assert [asdict(one.facts[-2].data)["version"] for one in cases] == ["v1", "v1", UNSET]


@pytest.mark.parametrize(
    ("difference", "zh", "en"),
    [
        ("like: 无此案例, but: [{without: 1}]", "没有本规则的案例“无此案例”", "no case '无此案例' of this rule"),
        ("like: 逾期回复, but: [{without: 3}]", "没有第 3 个事实：所仿案例有 2 个", "no fact 3: the case has 2"),
        ("like: 逾期回复, but: [{fact: 0, on: 2025-06-04}]", "没有第 0 个事实", "no fact 0"),
        ("like: 逾期回复, but: [{fact: 1, lacks: [reply_by]}]", "没有可略去的“reply_by”", "has no 'reply_by'"),
        ("like: 逾期回复, but: [{fact: 2, data: {stance: agree}}]", "“stance”本来就是 agree", "'stance' is 'agree'"),
        ("like: 逾期回复, but: [{fact: 1, on: 2025-06-03}]", "“on”本来就是 2025-06-03", "'on' is '2025-06-03' already"),
        ("like: 逾期回复, but: [{fact: 1}]", "第 1 个事实没有写出差别", "nothing differs in fact 1"),
        ("like: 逾期回复", "与案例“逾期回复”毫无差别", "the same as case '逾期回复'"),
        ("like: 逾期回复, but: [{without: 2}, {fact: 2, on: 2025-06-04}]", "已略去", "is left out already"),
        ("like: 逾期回复, but: [{without: 2, on: 2025-06-04}]", "不认识“on”", "unknown key 'on'"),
        ("like: 逾期回复, but: [{on: 2025-06-04}]", "须写 fact", "wants `fact` or `without`"),
        ("but: [{without: 2}], facts: []", "but 须与 like 同用", "`but` wants `like`"),
        ("each: [{without: 2}], facts: []", "each 须与 like 同用", "`each` wants `like`"),
        ("like: 逾期回复, each: []", "each 须与 like 同用", "`each` wants `like`"),
        ("like: 逾期回复, but: [{fact: 2, is: x}]", "is 应写作", "`is` reads"),
        ("like: 逾期回复, but: [{fact: 2, on: 六月}]", "应为时间：'六月'", "a moment is wanted, not '六月'"),
        ("like: 逾期回复, but: [{fact: 1, data: {form: x}}]", "data.form", "data.form"),
        (
            "like: 逾期回复, but: [{fact: 1, lacks: [version], data: {version: v1}}]",
            "案例“另一个”与第 3 行的案例“逾期回复”毫无差别",
            "is the same as case '逾期回复' of line 3",
        ),
    ],
)
def test_a_difference_that_means_nothing_is_refused(tmp_path: Path, difference: str, zh: str, en: str) -> None:
    cases, (problem,) = loaded(tmp_path, f"{{name: 另一个, expect: satisfied, {difference}}}")
    said_zh, _, said_en = problem.partition(" / ")
    assert (len(cases), zh in said_zh, en in said_en) == (1, True, True), problem


def test_each_difference_that_means_nothing_is_told_by_its_number_and_the_others_stand(tmp_path: Path) -> None:
    twice, kind = "{fact: 1, lacks: [version]}", "{fact: 1, data: {kind: countersign}}"
    each = f"[{{fact: 2, on: 2025-06-11}}, {twice}, {kind}, {{fact: 1, lacks: [why]}}]"
    cases, problems = loaded(
        tmp_path,
        f"{{name: 晚, like: 逾期回复, but: [{{without: 2}}, {twice}], each: {each}, expect: violated}}",
    )
    assert [case.name for case in cases[1:]] == ["晚（3）"]
    assert [problem.partition(" / ")[2] for problem in problems] == [
        "case '晚（1）': fact 2 is left out already",
        "case '晚（2）': fact 1 has no 'version' to leave out",
        "case '晚（4）': fact 1 has no 'why' to leave out",
    ]


def test_what_is_no_case_is_not_passed_over(tmp_path: Path) -> None:
    cases, problems = loaded(tmp_path, "未写完\nninghai/4.1-signer:")
    assert (len(cases), problems) == (1, ["案例应写作 {name, expect, facts} / a case reads {name, expect, facts}"] * 2)


def test_a_name_that_stands_twice_cannot_be_meant(tmp_path: Path) -> None:
    twice = "{name: 逾期回复, like: 逾期回复, expect: violated, but: [{without: 2}]}"
    _, problems = loaded(tmp_path, f"{twice}\n  - {twice.replace('name: 逾期回复', 'name: 第三个')}")
    (problem,) = problems
    assert problem.startswith("案例“第三个”：like：有 2 个案例都叫“逾期回复”")


def test_lint_and_the_run_of_cases_take_a_case_like_another_as_any_other(tmp_path: Path) -> None:
    name = "副区长签发"
    signed_by_nobody = f"  - {{name: 无签发, like: {name}, expect: none, but: [{{without: 1}}]}}\n"
    wrong = f"  - {{name: 误作符合, like: {name}, expect: satisfied, but: [{{fact: 1, data: {{version: v2}}}}]}}\n"
    found = Lint()
    folder = write(tmp_path, cases=CASES + signed_by_nobody + wrong)
    rulebook = lint_folder(folder, found)
    assert rulebook is not None
    assert [warning.en.partition(":")[0] for warning in found.warnings] == ["case '无签发' asserts nothing"]
    cases, _ = load_cases(folder, "ninghai")
    assert [miss.case.name for miss in run_cases(rulebook, cases)] == ["误作符合"]


def test_what_is_only_listed_wants_an_open_case_since_it_cannot_be_broken(tmp_path: Path) -> None:
    chapter = CHAPTER.replace("due: {within: {n: 5, unit: working_day}}", "due: none")
    late = "expect: violated\n    boundary: true"
    cases = CASES.replace(late, late.replace("violated", "satisfied"))
    found = Lint()
    lint_folder(write(tmp_path, chapter=chapter, cases=cases), found)
    assert [one.zh for one in found.errors] == ["规则 ninghai/2.1-reply 缺少 open 案例"]
