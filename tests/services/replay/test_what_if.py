"""What another version or a draft would have found in the same history, side by side with what is in force."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from events.ledger.port import Ledger
from projections.replay.question import Question
from projections.replay.what_if import WhatIf
from rulebooks.loading import HOME, load_rulebook
from services.cli import main
from services.replay.answering import Answering
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.replaying import Asked
from services.replay.supposing import NoSuchRulebookError, supposed_rulebook
from tests.services.replay.replay_scene import ASKED, NOW, basis, facts_of, recorded, replied, told

REPLY = "xinzhou/28.2-reply"
OTHERS_IN = ("countersign/cs-1", None)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """Return a draft of Xinzhou's rules: replies within three working days, two articles numbered anew."""
    folder = tmp_path / "xinzhou" / "draft"
    shutil.copytree(HOME / "xinzhou" / "2023", folder)
    for path in folder.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("rulebook: xinzhou/2023", "rulebook: xinzhou/draft")
        text = text.replace("from: 2023-11-24", "from: 2027-01-01")
        begin = text.find(f"id: {REPLY}")
        if begin >= 0:
            head, rest = text[:begin], text[begin:]
            text = head + rest.replace("n: 5, unit: working_day", "n: 3, unit: working_day", 1)
        path.write_text(text, encoding="utf-8")
    return folder


def compared(draft: Path, ledger: Ledger, case: str | None) -> WhatIf:
    reach = reach_of(ledger, "xinzhou", NOW)
    answering = Answering(Sources(ledger), basis("xinzhou"), "xinzhou", reach)
    found = answering.answer(Asked(case, Question()), supposed_rulebook(str(draft), "xinzhou"))
    assert found.what_if is not None
    return found.what_if


@pytest.mark.parametrize("case", OTHERS_IN)
def test_a_shorter_limit_turns_a_reply_in_time_into_a_late_one(draft: Path, case: str | None) -> None:
    reply = "2026-10-09T10:00:00+08:00"
    found = compared(draft, told(ASKED, replied(reply, reply)), case)
    (one,) = (one for one in found.changed if (one.before or one.after) and "28.2" in str(one))
    assert one.what == "broken"
    assert one.before is not None
    assert one.after is not None
    assert (one.before.outcome, one.before.due_at, one.before.rulebook) == ("satisfied", "2026-10-10", "xinzhou/2023")
    assert (one.after.outcome, one.after.due_at, one.after.rulebook) == ("violated", "2026-10-08", "xinzhou/draft")
    assert (one.before.article, one.after.article, one.after.before_force) == ("28.2", "28.2", True)
    assert "《信州区人民政府工作规则》第28条第2款" in one.after.say.zh
    assert (found.in_force.violated, found.supposed.violated) == (0, 1)


@pytest.mark.parametrize("case", OTHERS_IN)
def test_the_version_in_force_changes_nothing(case: str | None) -> None:
    found = compared(HOME / "xinzhou" / "2023", told(ASKED), case)
    assert (found.in_force.violated, found.supposed.violated, found.changed) == (1, 1, ())


def test_a_provision_that_was_moved_is_still_set_beside_its_like(draft: Path) -> None:
    for path in draft.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(REPLY, "xinzhou/28.3-reply"), encoding="utf-8")
    found = compared(draft, told(ASKED), "countersign/cs-1")
    (one,) = found.changed
    assert one.before is not None
    assert one.after is not None
    assert (one.before.article, one.after.article, one.before.due_at, one.after.due_at) == (
        "28.2",
        "28.3",
        "2026-10-10",
        "2026-10-08",
    )


def test_a_rulebook_may_be_tried_on_acts_before_its_day_in_force() -> None:
    ledger = recorded(facts_of([{**ASKED, "occurred_at": "2020-03-02"}]))
    found = compared(HOME / "xinzhou" / "2023", ledger, "countersign/cs-1")
    assert [(one.before, one.after and one.after.before_force) for one in found.changed] == [(None, True)]


def test_what_is_no_rulebook_is_named(tmp_path: Path, draft: Path) -> None:
    with pytest.raises(NoSuchRulebookError, match="xinzhou/2023"):
        supposed_rulebook("xinzhou/1999", "xinzhou")
    with pytest.raises(NoSuchRulebookError):
        supposed_rulebook(str(tmp_path), "xinzhou")
    assert load_rulebook(draft).name == "xinzhou/draft"
    (draft / "rulebook.yaml").write_text("rulebook: xinzhou/draft\n", encoding="utf-8")
    with pytest.raises(NoSuchRulebookError, match="faults"):
        supposed_rulebook(str(draft), "xinzhou")


def test_the_command_shows_both_side_by_side(
    tmp_path: Path, draft: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "data"))
    history = tmp_path / "history.jsonl"
    history.write_text(json.dumps(ASKED, ensure_ascii=False) + "\n", encoding="utf-8")
    assert main(["record", str(history), "--district", "xinzhou"]) == 0
    capsys.readouterr()
    asked = ["replay", "--district", "xinzhou", "--known-at", "2026-10-08", "--rulebook"]
    assert main([*asked, str(draft), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["rule"], one["outcome"], one["due_at"]) for one in found["findings"]] == [
        (REPLY, "violated", "2026-10-08")
    ]
    assert [one["before"]["outcome"] for one in found["what_if"]["changed"]] == ["open"]
    assert main([*asked, str(draft)]) == 0
    shown = capsys.readouterr().out
    assert "现行 in force: xinzhou/28.2-reply 第 28.2 条 · 进行中 open 2026-10-10" in shown
    assert "假设 supposed: xinzhou/28.2-reply 第 28.2 条 · 违反 violated 2026-10-08（行为早于施行日" in shown
    assert main([*asked, "xinzhou/1999"]) == 2
    assert "there is no rulebook" in capsys.readouterr().err.lower()
