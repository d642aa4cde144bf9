"""What commands hand out as files is noted in the access ledger, beside a service or without one."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

import pytest

from events.record import RecordExported
from events.sqlite.reader import open_reader
from services.access.commands_book import COMMANDS_FILE
from services.cli import main
from services.recording.embedded import local_principal
from tests.services.http.api import ASKED, Api

DISTRICT = "xinzhou"


def exported(folder: Path) -> list[RecordExported]:
    with closing(open_reader(folder / COMMANDS_FILE)) as reader:
        assert reader.verify(DISTRICT).ok
        return [one.data for one in reader.read(DISTRICT) if isinstance(one.data, RecordExported)]


@pytest.fixture
def data(api: Api, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the data folder of a service that runs, with one fact, for commands beside it."""
    api.client("clerk").post(f"/v1/districts/{DISTRICT}/facts", json=ASKED)
    api.service.watching.catch_up()
    api.service.feeding.catch_up()
    monkeypatch.setenv("TAIZHANG_DATA", str(api.service.settings.data))
    return api.service.settings.data


def test_an_evidence_package_and_tables_are_noted_with_their_hashes_and_shown_to_the_auditor(
    api: Api, data: Path, tmp_path: Path
) -> None:
    package, table, alerts = tmp_path / "package", tmp_path / "table.csv", tmp_path / "alerts.csv"
    assert main(["export", "--district", DISTRICT, "--to", str(package)]) == 0
    assert main(["export", "--district", DISTRICT, "--case", "countersign/cs-1", "--to", str(tmp_path / "case")]) == 0
    assert main(["views", "show", "countersigns", "--district", DISTRICT, "--to", str(table)]) == 0
    assert main(["alerts", "--district", DISTRICT, "--to", str(alerts)]) == 0
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (table, alerts)]
    found = exported(data)
    assert [(one.from_sequence, one.about) for one in found[:2]] == [(1, found[0].about), (1, "countersign/cs-1")]
    assert [one.sha256 for one in found[2:]] == hashes
    auditor = api.client("auditor").get(f"/v1/districts/{DISTRICT}/access", params={"by": "commands"}).json()
    assert [one["data"]["sha256"] for one in auditor["facts"]] == [one.sha256 for one in found]
    assert {one["recorded_by"] for one in auditor["facts"]} == {local_principal(None).subject}
    assert api.client("inspector").get(f"/v1/districts/{DISTRICT}/access?by=commands").status_code == 403


def test_what_is_only_shown_on_the_screen_is_no_export(data: Path) -> None:
    assert main(["alerts", "--district", DISTRICT]) == 0
    assert main(["views", "show", "countersigns", "--district", DISTRICT]) == 0
    assert not (data / COMMANDS_FILE).exists()


def test_an_export_that_cannot_be_noted_says_so(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / COMMANDS_FILE).write_bytes(b"no ledger")
    assert main(["export", "--district", DISTRICT, "--to", str(tmp_path / "package")]) == 2
    assert "[ledger.foreign_file]" in capsys.readouterr().err
