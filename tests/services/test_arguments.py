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
            ["simulate", "--district", "xinzhou", "--to", "x", "--seed", "MMXXV"],
            "参数 --seed：'MMXXV' 不是整数",
            "argument --seed: invalid int value: 'MMXXV'",
        ),
        (
            ["token", "--role", "clerk", "--district", "xinzhou", "--days", "367"],
            "参数 --days：367 不是 1 至 366 的天数",
            "argument --days: 367 is no number of days from 1 to 366",
        ),
        (
            ["token", "--role", "clerk", "--district", "信州"],
            "参数 --district：信州 不是区县代号，应为小写字母、数字，如 xinzhou",
            "argument --district: 信州 is no name of a district: small letters, as xinzhou",
        ),
        (
            ["token", "--role", "clerk", "--district", "xinzhou", "--person", "p luo"],
            "参数 --person：p luo 不是编号，应为字母、数字、连字符，如 p-luo",
            "argument --person: p luo is no id: letters, digits and hyphens, as p-luo",
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


@pytest.mark.parametrize(
    ("given", "zh"),
    [
        ("rules --cases", "--cases：须与 --lint 同用"),
        ("rules --texts .", "--texts：须与 --lint 同用"),
        ("rules --rule xinzhou/28.2-reply", "--rule：须与 --mutate 同用"),
        ("rules --to x", "--to：须与 --new 同用"),
        ("rules --lint --article 3", "--article：不能与 --lint 同用"),
        ("rules --explain xinzhou/28.2-reply --district xinzhou", "--district：不能与 --explain 同用"),
        ("views rebuild --go-on", "--go-on：须与 --history 同用"),
        ("views rebuild --history --view desk", "--view：不能与 --history 同用"),
        ("views show desk --district xinzhou --to x.csv --json", "--json：不能与 --to 同用"),
        ("alerts --to x.csv --json", "--json：不能与 --to 同用"),
        ("checkpoint --district xinzhou --since 3", "--since：须与 --request 同用"),
        ("checkpoint --district xinzhou --witness k", "--witness：须与 --cosigned 同用"),
        ("checkpoint --district xinzhou --cosigned f", "--cosigned：须与 --witness 同用"),
        ("checkpoint --district xinzhou --list --to x", "--to：不能与 --list 同用"),
        ("receipt --sequence 1 --proof f --district xinzhou", "--district：不能与 --proof 同用"),
        ("receipt --sequence 1 --checkpoint f", "--checkpoint：须与 --district 同用"),
        ("facts --schema leave.approved.v1 --asyncapi", "--asyncapi：不能与 --schema 同用"),
        ("import --template x.xlsx --json", "--json：不能与 --template 同用"),
        ("replay --district xinzhou --limit 3", "--limit：须与 --view 同用"),
        ("replay --district xinzhou --view desk --recompute", "--recompute：不能与 --view 同用"),
        ("replay --district xinzhou --next-finding", "--next-finding：须与 --case 同用"),
        ("export --district xinzhou --to x --case countersign/cs-1 --from 2", "--from：不能与 --case 同用"),
        ("parked --replay", "--replay：须与 --district 同用"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(given: str, zh: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(given.split(), capsys) == (2, f"参数 {zh}")


@pytest.mark.parametrize(
    ("given", "zh"),
    [
        ("views show desk --district xinzhou --limit 0", "--limit：0 不是不小于 1 的整数"),
        ("views show desk --district xinzhou --limit=-1", "--limit：-1 不是不小于 1 的整数"),
        ("replay --district xinzhou --view desk --limit=-1", "--limit：-1 不是不小于 1 的整数"),
        ("receipt --sequence 0", "--sequence：0 不是不小于 1 的整数"),
        ("checkpoint --district xinzhou --request f --since=-1", "--since：-1 不是不小于 0 的整数"),
        ("archive --district xinzhou --to x --year 26", "--year：26 不是 1900 至 9999 的整数"),
    ],
)
def test_a_number_that_cannot_be_meant_is_refused(given: str, zh: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(given.split(), capsys) == (2, f"参数 {zh}")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (["check", ""], "HISTORY.jsonl"),
        (["verify", " "], "LEDGER"),
        (["alerts", "--district", ""], "--district"),
        (["export", "--district", "xinzhou", "--to", ""], "--to"),
    ],
)
def test_an_empty_value_is_refused_and_means_no_default(
    given: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(given, capsys) == (2, f"参数 {named}：没有内容")


def refused(given: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Return the exit code and the Chinese of what is said, without the place where to read more."""
    with pytest.raises(SystemExit) as ended:
        main(given)
    return ended.value.code, capsys.readouterr().err.splitlines()[-1].partition("；用法见 ")[0]


@pytest.mark.parametrize(
    ("given", "zh"),
    [
        (["--district", "nowhere"], "没有 nowhere 的规则书"),
        (["--article", "999"], "没有第 999 条"),
        (["--district", "xinzhou", "--article", "999"], "没有 xinzhou 的第 999 条"),
    ],
)
def test_provisions_that_there_are_not_are_no_empty_table(
    given: list[str], zh: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", *given]) == 2
    out, err = capsys.readouterr()
    assert (out, err.partition("，")[0], err.endswith(" [rules.not_there]\n")) == ("", zh, True)


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
