"""Arguments that cannot be used: what is wrong stands there in Chinese and English, and where to read more."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli import main


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ([], "缺少参数 命令 COMMAND", "the following arguments are required: 命令 COMMAND"),
        (["record"], "缺少参数 HISTORY.jsonl", "the following arguments are required: HISTORY.jsonl"),
        (["alerts", "--distrikt", "d"], "没有这样的参数：--distrikt d", "unrecognized arguments: --distrikt d"),
        (
            ["archive", "--district", "xinzhou", "--to", "x", "--year", "MMXXV"],
            "参数 --year：'MMXXV' 不是整数",
            "argument --year: invalid int value: 'MMXXV'",
        ),
        (
            ["token", "--role", "clerk", "--district", "xinzhou", "--days", "367"],
            "参数 --days：367 不是 1 至 366 的天数",
            "argument --days: 367 is no number of days from 1 to 366",
        ),
        (
            ["receipt", "--sequence", "3", "--leaf", "zz"],
            "参数 --leaf：zz 不是十六进制",
            "argument --leaf: zz is not hexadecimal",
        ),
        (
            ["rules", "--lint", "--mutate"],
            "参数 --mutate：不能与 --lint 同用",
            "argument --mutate: not allowed with argument --lint",
        ),
        (
            ["views", "show", "desk", "--district"],
            "参数 --district：须给出一个值",
            "argument --district: expected one argument",
        ),
    ],
)
def test_arguments_that_cannot_be_used_are_told_in_both_languages(
    given: list[str], zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)
    said_zh, _, said_en = capsys.readouterr().err.splitlines()[-1].partition(" / ")
    assert (ended.value.code, said_zh.partition("；用法见 ")[0], said_en.partition("; see ")[0]) == (2, zh, en)


def test_what_is_wrong_ends_with_where_to_read_more_and_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["views", "show"])
    zh, _, en = capsys.readouterr().err.splitlines()[-1].partition(" / ")
    assert zh == "缺少参数 V, --district；用法见 taizhang views show --help。"
    assert en.endswith("; see taizhang views show --help. [arguments.unusable]")


def test_a_choice_that_there_is_not_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["simulate", "--district", "nowhere", "--to", "x"])
    zh, _, en = capsys.readouterr().err.splitlines()[-1].partition(" / ")
    assert zh.startswith("参数 --district：没有 'nowhere'；可用：'huancui', ")
    assert en.startswith("argument --district: invalid choice: 'nowhere' (choose from ")


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (
            ["check", "gone.jsonl"],
            "gone.jsonl: 无法读取文件：没有这个文件或文件夹；请核对路径。",
            "the file cannot be read: there is no such file or folder; check the path. [file.missing]\n",
        ),
        (
            ["check", "."],
            ".: 无法读取文件：它是文件夹；请指明文件。",
            "the file cannot be read: it is a folder; name a file. [file.is_folder]\n",
        ),
        (
            ["record", "here.xlsx/a.jsonl"],
            "here.xlsx/a.jsonl: 无法读取文件：路径中有一段不是文件夹；请核对路径。",
            "the file cannot be read: part of the path is no folder; check the path. [file.no_folder]\n",
        ),
        (
            ["import", "--template", "here.xlsx"],
            "here.xlsx: 无法读写文件：已有此文件，不覆盖；请换个名字。",
            "the file cannot be read or written: it is there and is not replaced; take another name. [file.exists]\n",
        ),
        (
            ["import", "--template", "gone/a.xlsx"],
            "gone/a.xlsx: 无法读写文件：没有这个文件或文件夹；请核对路径。",
            "the file cannot be read or written: there is no such file or folder; check the path. [file.missing]\n",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_both_languages_under_the_name_that_was_given(
    given: list[str],
    zh: str,
    en: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "here.xlsx").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "data"))
    assert (main(given), capsys.readouterr().err) == (2, f"{zh} / {en}")


def test_a_template_is_not_written_under_a_name_that_cannot_be_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "template.txt"
    assert (main(["import", "--template", str(path)]), path.exists()) == (2, False)
    assert "[workbook.no_name_of_workbook]" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["--cases"], ["--texts", "."], ["--rule", "xinzhou/28.2-reply"], ["--to", "x"]])
def test_an_option_of_rules_that_says_nothing_by_itself_is_refused(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", *given]) == 2
    assert capsys.readouterr().err.startswith(f"{given[0]} 须与 --")


@pytest.mark.parametrize("given", [["--district", "nowhere"], ["--article", "999"]])
def test_provisions_that_there_are_not_are_no_empty_table(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", *given]) == 2
    out, err = capsys.readouterr()
    assert (out, err.partition(" 的条款")[0]) == ("", f"没有 {given[1]}")


@pytest.mark.parametrize(
    "given", [["alerts"], ["missing"], ["parked"], ["parked", "--replay"], ["views", "show", "desk"]]
)
def test_a_district_without_facts_is_told_instead_of_an_answer_that_looks_as_if_all_were_well(
    given: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "data"))
    sample = Path(__file__).parents[2] / "services" / "sample" / "one-fact" / "asked.jsonl"
    assert (main(["record", str(sample)]), main(["serve", "--once"])) == (0, 0)
    capsys.readouterr()
    assert main([*given, "--district", "xinzhuo"]) == 2
    out, err = capsys.readouterr()
    zh, _, en = err.partition(" The ")
    assert (out, zh) == ("", "账册中没有 xinzhuo 的事实，无可列出；有事实的区县：xinzhou。请核对区县与 TAIZHANG_DATA。")
    assert en == (
        "ledger has no facts of xinzhuo, so there is nothing to list; it has those of: xinzhou. Check the district and "
        "TAIZHANG_DATA. [ledger.no_such_district]\n"
    )
