"""taizhang parked: what is set aside is listed, and judged anew once the program was mended."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

import pytest

from events.fact import AnyFact
from events.ledger.group_commit import GroupCommit
from events.ledger.port import Proposal
from events.moment import TIME_ZONE
from projections.databases.views_file import ViewsFile
from rulebooks.judgement import Judgement
from rulebooks.record.casefile import CaseFile
from rulebooks.record.world import World
from services.cli import main
from services.judging import Judging
from services.serving import open_service
from services.settings.service import settings_from
from services.stores.ledgers import open_ledger
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.playing import judging
from tests.services.watching.scene import REPLY, XINZHOU, asked

LATER = dt.datetime(2026, 10, 12, 12, tzinfo=TIME_ZONE)


def faulty() -> Judging:
    """Return Xinzhou's judging with one rule that fails, under the key of the program as it is shipped."""

    def fail(_world: World, _file: CaseFile) -> list[Judgement]:
        raise ZeroDivisionError

    whole = judging(XINZHOU)
    rules = (
        dataclasses.replace(one, judge=fail, alone=frozenset()) if one.header.id == REPLY else one
        for one in whole.rules
    )
    return dataclasses.replace(whole, rules=tuple(rules))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    settings = settings_from({"TAIZHANG_DATA": str(tmp_path)})
    with open_ledger(settings) as ledger, GroupCommit(ledger, lambda: LATER) as commit:
        ledger.record([Proposal(facts=(asked("countersign/a", "2026-09-28"),))], LATER)
        views = ViewsFile(tmp_path / "views.sqlite")
        DistrictWatch(XINZHOU, faulty(), Surroundings(ledger, commit, views, lambda: LATER)).catch_up()
        views.close()
    return tmp_path


def test_what_is_set_aside_is_listed_and_judged_anew_on_request(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parked", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["district"], told["sequence"], told["case"]) == (XINZHOU, 1, "countersign/a")
    assert (told["skipped"], told["fault_of"]) == (False, f"{REPLY} countersign/a")
    assert main(["parked", "--replay", "--district", XINZHOU]) == 0
    shown: list[AnyFact] = []
    with open_service(settings_from({"TAIZHANG_DATA": str(data)}), lambda: LATER, show=shown.append) as service:
        service.watching.catch_up()
    assert [one.type for one in shown] == ["alert.raised.v1"]
    capsys.readouterr()
    assert main(["parked"]) == 0
    assert capsys.readouterr().out == "0 项搁置 / parked\n"


@pytest.mark.usefixtures("data")
def test_a_replay_of_no_district_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["parked", "--replay"])
    assert ended.value.code == 2
    assert "--district" in capsys.readouterr().err
