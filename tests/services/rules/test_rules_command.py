"""`taizhang rules`: list, lint, mutate, explain, compare, cover, begin."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from shutil import copytree

import orjson
import pytest

from rulebooks.checks.cases import load_cases
from rulebooks.checks.linting import Lint, lint_folder
from rulebooks.loading import folders_of, rulebooks_of, shipped_districts
from rulebooks.subjects import SUBJECTS, belongs
from services.cli import main
from services.rules.cases import run_cases
from services.rules.explanations import explained
from tests.rulebooks.invented import write

REPLY = "yuanzhou/27.2-reply"
HISTORIES = Path(__file__).parents[3] / "services" / "sample" / "histories" / "yuanzhou"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    main(["rules", *arguments, "--json"])
    return orjson.loads(capsys.readouterr().out)


def test_lint_without_errors_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--lint", "--district", "xinzhou", "--json"]) == 0
    assert orjson.loads(capsys.readouterr().out)["errors"] == []


def test_a_folder_without_the_text_of_a_district_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "--lint", "--district", "xinzhou", "--texts", str(tmp_path), "--json"]) == 1
    errors = orjson.loads(capsys.readouterr().out)["errors"]
    assert [one.partition("：")[0] for one in errors] == ["xinzhou/2023/rulebook.yaml:1: 原文 xinzhou.txt 读不出"]


def test_the_sentences_of_a_text_are_held_against_the_rulebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "xinzhou.txt").write_text("一、本规则自发布之日起施行。\n", encoding="utf-8")
    assert main(["rules", "--lint", "--district", "xinzhou", "--texts", str(tmp_path), "--json"]) == 1
    errors = orjson.loads(capsys.readouterr().out)["errors"]
    assert any("text.articles 写作 52，所给文本有 1 条" in one for one in errors)


def test_cases_and_texts_are_both_checked_when_both_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sixth = Path(__file__).parents[2] / "rulebooks" / "sixth_district"
    copytree(sixth, tmp_path / "rulebooks")
    (cases, *_) = sorted((tmp_path / "rulebooks" / "ninghai" / "2026").glob("*.cases.yaml"))
    turned = re.sub(r"expect: (satisfied|violated)", "expect: waived", cases.read_text(encoding="utf-8"), count=1)
    cases.write_text(turned, encoding="utf-8")
    (tmp_path / "ninghai.txt").write_text("一、本规则自发布之日起施行。\n", encoding="utf-8")
    there = partial(folders_of, home=tmp_path / "rulebooks")
    monkeypatch.setattr("services.commands.rules_lint.folders_of", there)
    main(["rules", "--lint", "--cases", "--texts", str(tmp_path), "--district", "ninghai", "--json"])
    errors = orjson.loads(capsys.readouterr().out)["errors"]
    assert any("应为 expected waived" in one for one in errors)
    assert any("所给文本有 1 条" in one for one in errors)


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["--lint", "--texts", "no-such-folder"], "没有文件夹 no-such-folder，", "rules.no_folder_of_texts"),
        (["--lint", "--district", "nowhere"], "没有 nowhere 的规则书，", "rules.not_there"),
        (["--mutate", "--district", "nowhere"], "没有 nowhere 的规则书，", "rules.not_there"),
        (["--mutate", "--rule", "yuanzhou/99.1-none"], "没有规则 yuanzhou/99.1-none，", "rules.not_there"),
        (["--mutate", "--rule", "/etc"], "没有规则 /etc，", "rules.not_there"),
        (["--explain", "yuanzhou/99.1-none"], "没有规则 yuanzhou/99.1-none，", "rules.not_there"),
        (["--explain", "*/28.2-reply"], "没有规则 */28.2-reply，", "rules.not_there"),
        (["--compare", "quorum", "--district", "nowhere"], "没有 nowhere 的规则书，", "rules.not_there"),
        (["--coverage", "no-such-history.jsonl"], "无法读取文件：", "file.missing"),
        (["--new", "Ning Hai"], "Ning Hai 不能作规则书的名称，", "rules.no_name_of_rulebook"),
        (["--new", "../ninghai"], "../ninghai 不能作规则书的名称，", "rules.no_name_of_rulebook"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_code_and_exit_code_2(
    arguments: list[str], said: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", *arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, said in captured.err, captured.err.endswith(f" [{code}]\n")) == ("", True, True)


def test_mutating_one_rule_prints_counts_and_survivors(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["rules", "--mutate", "--rule", REPLY, "--json"])
    found = orjson.loads(capsys.readouterr().out)
    assert set(found) == {"mutants", "survivors", "equivalent"}
    assert code == (1 if found["survivors"] else 0)
    assert not [one for one in found["survivors"] if one["change"].startswith("due.within")]


def test_a_rule_is_explained_with_article_computation_exceptions_and_cases() -> None:
    found = explained(REPLY)
    assert found is not None
    assert (found.cited.zh, found.kind_in_words.zh, found.force.zh) == (
        "《袁州区人民政府工作规则》第27条第2款",
        "时限",
        "一般应当，不遵守为提醒事项",
    )
    assert "3个工作日（起算日不计）内须有“会签回复”（出自该单位或承接其职能的单位）" in [
        one.zh for one in found.computed
    ]
    assert "日期相同的几次，只看首次“征求意见会签”" in [one.zh for one in found.computed]
    assert "有“同意延期回复”（出自该单位或承接其职能的单位，在期满之前）的，以其所定为限" in [
        one.zh for one in found.exceptions
    ]
    assert all(case.holds for case in found.cases)


@pytest.mark.parametrize("words", ["条文 wording", "怎样判定 how it is computed", "例外 exceptions", "案例 cases"])
def test_an_explanation_has_its_parts_in_both_languages(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--explain", REPLY]) == 0
    assert words in capsys.readouterr().out


def test_a_comparison_has_every_district_in_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, "--compare", "countersign")
    assert isinstance(found, dict)
    assert [sorted(row["districts"]) for row in found["rows"]] == [shipped_districts()] * len(found["rows"])
    replies = [row["districts"]["yuanzhou"] for row in found["rows"] if row["kind"] == "deadline"]
    assert REPLY in [rule["rule"] for rule in replies[0]]


def test_every_subject_has_rules_in_some_district() -> None:
    provisions = [one for district in shipped_districts() for one in rulebooks_of(district)[-1].provisions]
    assert [name for name, one in SUBJECTS.items() if not any(belongs(rule, one) for rule in provisions)] == []


def test_coverage_names_what_a_history_touched_and_what_not(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, "--coverage", str(HISTORIES / "quorum.jsonl"), str(HISTORIES / "overdue-reply.jsonl"))
    assert isinstance(found, list)
    (one,) = found
    touched = [rule["rule"] for rule in one["touched"]]
    assert (one["district"], REPLY in touched) == ("yuanzhou", True)
    assert one["rules"] == len(touched) + len(one["untouched"])
    assert not set(touched) & set(one["untouched"])


def test_a_new_district_passes_the_lint_but_for_missing_articles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "ninghai" / "2025"
    assert main(["rules", "--new", "ninghai/2025", "--to", str(folder)]) == 0
    capsys.readouterr()
    found = Lint()
    rulebook = lint_folder(folder, found)
    assert rulebook is not None
    cases, _ = load_cases(folder, "ninghai")
    assert ([(one.article, one.zh) for one in found.errors], found.warnings) == ([("3", "没有任何条目")], [])
    assert list(run_cases(rulebook, cases)) == []


def test_a_folder_that_holds_files_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["rules", "--new", "ninghai/2025", "--to", str(folder)]) == 2
    assert "已有文件，不覆盖" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
