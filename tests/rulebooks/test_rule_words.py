"""Every rule of every district can be put into words, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulebooks.judgement import Say
from rulebooks.loading import HOME, RULEBOOK_FILE, load_rulebook
from rulebooks.source import Located, read_yaml
from rulebooks.words.condition_words import say_condition, say_limit
from rulebooks.words.path_words import Sight, say_path
from rulebooks.words.rule_words import exceptions_of, how_computed

FOLDERS = sorted(path.parent for path in HOME.glob(f"*/*/{RULEBOOK_FILE}"))
SIGHT = Sight(Located(), ("document.signed.v1",))


def name_of(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_rule_is_explained_without_a_trace_of_its_yaml(folder: Path) -> None:
    rulebook = load_rulebook(folder)
    rules = [one for one in rulebook.provisions if one.rule is not None]
    computed = [how_computed(one.given, rulebook.head) for one in rules]
    said = [line for lines in computed for line in lines]
    said += [line for one in rules for line in exceptions_of(one.given, rulebook.head)]
    assert [one for one in said if not one.zh.strip() or not one.en.strip() or "{" in one.zh + one.en] == []
    assert all(len(lines) > 1 for lines in computed)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("trigger", Say("所判事实", "act")),
        ("trigger.actor.person", Say("所判事实的办理人", "person acting of the act")),
        ("case.matters.flags", Say("本案的事项的标识", "flags of the matters of the case")),
        ("case.matters.carried_by", Say("本案的事项的所附公文", "documents that carry it of the matters of the case")),
        ("around.subject", Say("前者的案卷", "case of the former")),
        ("first.document.signed.occurred_at", Say("首次“签发”的时间", "time of the first document.signed")),
    ],
)
def test_a_path_is_put_into_words(path: str, said: Say) -> None:
    assert say_path(path, SIGHT) == said


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("{zh: 已审核, en: a review, fact: document.reviewed}", Say("已审核", "a review")),
        (
            "{path: case.kind, is: normative}",
            Say("本案的文种为“规范性文件”", "the kind of the case is normative document"),
        ),
        (
            "{no_fact: document.reviewed, before: trigger}",
            Say("没有“核稿审核”（早于所判事实）", "there is no document.reviewed (before the act)"),
        ),
        ("{not: [{path: case.kind, given: true}]}", Say("并非（有本案的文种）", "not (there is a kind of the case)")),
        (
            "{person: trigger.actor.person, holds: [district_head]}",
            Say("所判事实的办理人是区长", "the person acting of the act is one holding: district head or mayor"),
        ),
        (
            "{person: trigger.actor.person, away: {during: trigger.about, with: trigger.actor.person, leaves: [city]}}",
            Say(
                "所判事实的办理人是在所判事实的about期间与所判事实的办理人同时外出（离开本市）",
                "the person acting of the act is away together with the person acting of the act"
                " during the about of the act (leaving the city)",
            ),
        ),
        (
            "{some: trigger.answers, where: [{path: entry.answer, is: true}], count: {at_most: 2}}",
            Say(
                "所判事实的answers中有不超过 2 项：该项的answer为是",
                "at most 2 of the answers of the act fit: the answer of the entry is true",
            ),
        ),
    ],
)
def test_a_condition_is_put_into_words(condition: str, said: Say) -> None:
    assert say_condition(read_yaml(condition, "test.yaml"), SIGHT) == said


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("{n: 1, unit: day}", Say("1日（起算日不计）", "1 day (the first day not counted)")),
        (
            "{n: 3, unit: working_day, count_from: same_day}",
            Say("3个工作日（起算日计入）", "3 working days (the first day counted)"),
        ),
        (
            "{wording: 及时}",
            Say(
                "“及时”（本规则书读作5日（起算日不计））",
                "“及时” (which this rulebook reads as 5 days (the first day not counted))",
            ),
        ),
    ],
)
def test_a_limit_is_put_into_words(limit: str, said: Say) -> None:
    head = read_yaml("wording: {及时: {n: 5, unit: day}}", "test.yaml")
    assert say_limit(read_yaml(limit, "test.yaml"), Sight(head)) == said


@pytest.mark.parametrize(
    ("looked_at", "said"),
    [
        ("meeting.opened", Say("每遇“会议开始”即看一次", "It looks at each meeting.opened")),
        (
            "{fact: meeting.opened, pick: last}",
            Say("几次登记的，只看末次“会议开始”", "Of several it looks at the last meeting.opened alone"),
        ),
        (
            "{fact: meeting.decision_made, pick: first, of_each: [matter, day, actor]}",
            Say(
                "事项、日期、办理人相同的几次，只看首次“议定事项”",
                "Of those with the same matter, day, person acting it looks at the first meeting.decision_made alone",
            ),
        ),
        (
            "{fact: meeting.opened, pick: last, where: [{path: case.kind, is: executive}]}",
            Say(
                "几次登记的（限本案的种类为“常务会议”的），只看末次“会议开始”",
                "Of several where the kind of the case is executive meeting it looks at the last meeting.opened alone",
            ),
        ),
    ],
)
def test_at_which_of_several_facts_a_rule_looks_is_put_into_words(looked_at: str, said: Say) -> None:
    rule = read_yaml(f"{{kind: prohibition, on: {looked_at}, forbids: []}}", "test.yaml")
    assert how_computed(rule, Located())[0] == said
