"""The archive package: the closed cases of a year by retention, each whole, and the four tests told honestly."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from events.describing import examples
from events.fact import AnyFact
from events.keys import KeyFile
from events.ledger.port import Proposal
from events.moment import TIME_ZONE
from events.sqlite.ledger import SqliteLedger
from events.vocabulary import FACTS, enum_label
from services.archive.closed_cases import CLOSES
from services.cli import main
from services.evidence import verify as offline
from services.evidence.verifying import verify_package
from tests.services.recording.acts import XINZHOU, Given, act, imported

EXAMPLES = examples()
RECORDED = dt.datetime(2027, 2, 1, 9, tzinfo=TIME_ZONE)


def example(type_: str, case: str, at: str, **changes: Given) -> AnyFact:
    """Return the published example of a type in a case of its own."""
    return act(type_, case, at, **{**EXAMPLES[f"{type_}.v1"], **changes})


def drafted(case: str, title: str = "通知") -> AnyFact:
    return example("document.drafted", case, "2026-03-01", title=title)


def issued(case: str, number: str) -> AnyFact:
    return example("document.issued", case, "2026-03-05", number=number)


def archived(case: str, at: str, **data: Given) -> AnyFact:
    return act("document.archived", case, at, archive_no=f"A-{case}", **data)


def proposed(case: str) -> AnyFact:
    return example("matter.proposed", case, "2026-02-01")


def matter_closed(case: str, at: str = "2026-06-01") -> AnyFact:
    return act("matter.closed", case, at, summary="办结")


WRONG = matter_closed("m-2")
FACTS_OF_A_YEAR = [
    drafted("d-1", "关于东湖片区改造的通知"),
    issued("d-1", "信府发〔2026〕1号"),
    archived("d-1", "2026-12-20", retention="permanent"),
    drafted("d-2"),
    issued("d-2", "信府发〔2026〕2号"),
    archived("d-2", "2026-12-20", retention="10_years"),
    drafted("d-3"),
    archived("d-3", "2025-12-20"),
    drafted("d-4"),
    proposed("m-1"),
    matter_closed("m-1"),
    proposed("m-2"),
    WRONG,
    act("record.annulled", "k-1", "2026-06-02", wrong=str(WRONG.id), reason="录错案卷"),
]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    monkeypatch.setenv("TAIZHANG_DATA", str(folder))
    recorded(folder, *FACTS_OF_A_YEAR)
    return folder


def recorded(data: Path, *facts: AnyFact) -> None:
    with closing(KeyFile(data / "keys.sqlite")) as keys, SqliteLedger(data / "ledger.sqlite", keys=keys) as ledger:
        ledger.record([Proposal(facts=(fact,)) for fact in facts], RECORDED)


def made(to: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["archive", "--district", XINZHOU, "--year", "2026", "--to", str(to), "--json"])
    return code, json.loads(capsys.readouterr().out)


def wrong_checks(said: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    return [(one["property"], one["zh"], one["found"]) for one in said["checks"] if one["outcome"] == "failed"]


def test_every_type_that_closes_a_case_is_in_the_vocabulary() -> None:
    assert FACTS.keys() >= CLOSES


def test_the_closed_cases_of_the_year_lie_by_retention_and_nothing_else_does(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = made(tmp_path / "archive", capsys)
    assert (code, said["cases"], said["package"]["facts"]) == (
        0,
        {"10_years": 1, "not_determined": 1, "permanent": 1},
        8,
    )
    cases = tmp_path / "archive" / "cases"
    assert sorted(path.parent.relative_to(cases).as_posix() for path in cases.rglob("metadata.json")) == [
        "10_years/document/d-2",
        "not_determined/matter/m-1",
        "permanent/document/d-1",
    ]
    assert data.exists()


def test_a_case_holds_metadata_content_process_and_hashes(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path / "archive", capsys)
    case = tmp_path / "archive" / "cases" / "permanent" / "document" / "d-1"
    metadata = json.loads((case / "metadata.json").read_bytes())
    assert (metadata["题名 title"], metadata["档号 archive number"], metadata["保管期限 retention"]["zh"]) == (
        "关于东湖片区改造的通知",
        "A-d-1",
        "永久",
    )
    assert [one["事实"] for one in json.loads((case / "content.json").read_bytes())] == ["公文起草", "编号印发", "归档"]
    with closing(SqliteLedger(data / "ledger.sqlite")) as ledger:
        stored = ledger.sealed(XINZHOU, 0, 3)
    assert (case / "process.jsonl").read_bytes().splitlines() == [fact.payload for fact in stored]
    hashes = [line.split() for line in (case / "hashes.txt").read_text(encoding="utf-8").splitlines()]
    assert hashes == [[str(one.sequence), str(one.version), one.leaf.hex()] for one in stored]


def test_what_the_metadata_standard_names_is_registered_as_far_as_facts_tell_and_what_was_struck_out_is_not(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = drafted("d-1", "录错的标题")
    recorded(data, wrong, act("record.annulled", "k-2", "2026-12-21", wrong=str(wrong.id), reason="录错案卷"))
    made(tmp_path / "archive", capsys)
    case = tmp_path / "archive" / "cases" / "permanent" / "document" / "d-1"
    metadata = json.loads((case / "metadata.json").read_bytes())
    names = ("题名 title", "聚合层次 aggregation", "电子文件号 record id", "文件编号 document number")
    assert [metadata[name] for name in names] == [
        "关于东湖片区改造的通知",
        "案卷",
        "xinzhou/document/d-1",
        "信府发〔2026〕1号",
    ]
    said = EXAMPLES["document.drafted.v1"]
    assert (metadata["发文机关 issuers"], metadata["文种 document kind"]) == (
        said["issuers"],
        enum_label("document_kind", str(said["kind"]))[0],
    )
    for one in metadata["计算机文件 files"]:
        content = (case / one["name"]).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    matter = tmp_path / "archive" / "cases" / "not_determined" / "matter" / "m-1" / "metadata.json"
    assert "文件编号 document number" not in json.loads(matter.read_bytes())


def test_the_package_verifies_offline_and_is_the_same_again(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [made(tmp_path / name, capsys) for name in ("one", "other")]
    assert said[0] == said[1]
    assert (offline.check(str(tmp_path / "one")).problems, verify_package(tmp_path / "other").ok) == ([], True)
    case = tmp_path / "one" / "cases" / "permanent" / "document" / "d-1" / "metadata.json"
    case.write_bytes(case.read_bytes().replace("永久".encode(), "十年".encode()))
    assert (verify_package(tmp_path / "one").ok, offline.check(str(tmp_path / "one")).problems == []) == (False, False)
    assert data.exists()


def test_missing_and_double_numbers_and_doubtful_sources_fail_their_test(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = [
        drafted("d-5"),
        issued("d-5", "信府发〔2026〕5号"),
        drafted("d-6"),
        issued("d-6", "信府发〔2026〕5号"),
        imported("matter.closed", "m-9", "2026-07-01", summary="办结"),
    ]
    recorded(data, *more)
    code, said = made(tmp_path / "archive", capsys)
    assert code == 1
    assert wrong_checks(said) == [
        ("authenticity", "导入的事实没有写明来源：1 处", ["19"]),
        ("completeness", "没有立卷事实的案卷（多为导入的旧资料）：1 处", ["matter/m-9"]),
        ("completeness", "漏号：2 处", ["信府发〔2026〕3号", "信府发〔2026〕4号"]),
        ("completeness", "重号：1 处", ["信府发〔2026〕5号"]),
    ]
    report = (tmp_path / "archive" / "archive-report.html").read_text(encoding="utf-8")
    assert [text in report for text in ("真实性", "完整性", "可用性", "安全性", "漏号", "重号")] == [True] * 6


def test_originals_to_compare_and_state_secrets_to_hand_over_otherwise_are_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = {"kind": "paper", "name": "请示", "sha256": "ab" * 32}
    proposal = act("matter.proposed", "m-7", "2026-02-01", envelope={"source": paper}, **EXAMPLES["matter.proposed.v1"])
    secret = act("matter.closed", "m-7", "2026-06-01", envelope={"classification": "state_secret"}, summary="（涉密）")
    recorded(data, proposal, secret)
    code, said = made(tmp_path / "archive", capsys)
    assert (code, wrong_checks(said)) == (1, [("security", "标为国家秘密的事实，须按保密规定另行移交：1 处", ["16"])])
    assert [one["zh"] for one in said["checks"] if "原件" in one["zh"] or "保管期限" in one["zh"]] == [
        "1 个事实写明了原件的摘要值；原件不在账册中，须由档案部门逐件比对",
        "2 个案卷的保管期限未定，须由档案部门划定",
    ]
    case = tmp_path / "archive" / "cases" / "not_determined" / "matter" / "m-7"
    metadata = json.loads((case / "metadata.json").read_bytes())
    assert (metadata["原件 originals"], metadata["密级 classification"]) == (
        [{"name": "请示", "sha256": "ab" * 32, "fact": 15}],
        "国家秘密",
    )


def test_what_no_program_can_see_is_never_said_to_have_passed(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said = made(tmp_path / "archive", capsys)
    open_questions = [one["property"] for one in said["checks"] if one["outcome"] == "not_determinable"]
    assert open_questions == ["authenticity", "completeness", "security"]
    assert data.exists()


@pytest.mark.parametrize("options", [["--year", "1999"], ["--year", "2026", "--district", "yuanzhou"]])
def test_a_year_or_district_without_closed_cases_leaves_nothing(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    given = ["archive", "--district", XINZHOU, *options, "--to", str(tmp_path / "archive")]
    assert main(given) == 2
    assert "evidence.no_such" in capsys.readouterr().err
    assert not (tmp_path / "archive").exists()
    assert data.exists()
