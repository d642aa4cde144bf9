"""Checkpoints and proofs over HTTP, and the witness that asks for them."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

import pytest

from events.tree.checkpoint import Checkpoint, checkpoint_of
from events.tree.inclusion_file import read_inclusion
from events.tree.proofs import is_consistent
from events.tree.sealing import hash_function
from events.tree.signed_note import read_note
from services.proving.checkpointing import make_checkpoint, verifier_key
from services.witness.asking import tile_path
from services.witness.cli import main
from tests.services.http.api import Api, asked

AT = "/v1/districts/xinzhou"
SHA256 = hash_function("sha256")


def record(api: Api, first: int, last: int) -> None:
    facts = [asked(f"cs-{number}") for number in range(first, last + 1)]
    assert api.client("clerk").post(f"{AT}/facts", json={"facts": facts}).status_code == 201


def sign(api: Api) -> Checkpoint:
    settings = api.service.settings
    return checkpoint_of(make_checkpoint(api.service.ledger, "xinzhou", settings.data, settings.installation))


def test_a_checkpoint_is_handed_out_as_it_was_signed(api: Api) -> None:
    inspector = api.client("inspector")
    assert inspector.get(f"{AT}/checkpoint").status_code == 404
    record(api, 1, 3)
    first = sign(api)
    record(api, 4, 5)
    second = sign(api)
    latest = inspector.get(f"{AT}/checkpoint")
    assert (latest.headers["content-type"], checkpoint_of(read_note(latest.content))) == (
        "text/plain; charset=utf-8",
        second,
    )
    assert inspector.get(f"{AT}/checkpoints").json() == {"district": "xinzhou", "sizes": [3, 5]}
    assert checkpoint_of(read_note(inspector.get(f"{AT}/checkpoints/3").content)) == first
    for nothing in ("4", "0", "-1", "x", "٣"):
        assert inspector.get(f"{AT}/checkpoints/{nothing}").status_code == 404


def test_receipts_and_growth_are_proved_over_http(api: Api) -> None:
    record(api, 1, 3)
    first = sign(api)
    record(api, 4, 7)
    second = sign(api)
    agency = api.client("agency")
    leaf = api.service.ledger.receipts("xinzhou", [2])[0].leaf
    for size in (3, 7):
        proof = read_inclusion(agency.get(f"{AT}/proofs/inclusion", params={"sequence": 2, "size": size}).content)
        assert (proof.sequence, proof.checkpoint().size, proof.proves(leaf)) == (2, size, True)
    lines = agency.get(f"{AT}/proofs/consistency", params={"old": 3, "new": 7}).text.split()
    hashes = [b64decode(line) for line in lines]
    assert is_consistent(SHA256, (3, first.root), (7, second.root), hashes)
    beyond = agency.get(f"{AT}/proofs/inclusion", params={"sequence": 8})
    assert (beyond.status_code, beyond.json()["code"]) == (422, "receipt.not_covered")
    backwards = agency.get(f"{AT}/proofs/consistency", params={"old": 7, "new": 3})
    assert (backwards.status_code, backwards.json()["code"]) == (422, "proof.out_of_range")


def test_leaves_are_handed_out_by_tiles(api: Api) -> None:
    record(api, 1, 3)
    inspector = api.client("inspector")
    leaves = b"".join(api.service.ledger.leaves("xinzhou", 0, 3))
    assert inspector.get(f"{AT}/tile/0/000.p/3").content == leaves
    for nothing in ("000", "000.p/4", "000.p/0", "001.p/1", "0", "x000", "000.p/257", f"{'x999/' * 7}999"):
        assert inspector.get(f"{AT}/tile/0/{nothing}").status_code == 404


@pytest.mark.parametrize(("number", "path"), [(0, "000"), (999, "999"), (1_234_067, "x001/x234/067")])
def test_the_number_of_a_tile_is_written_as_the_specification_says(number: int, path: str) -> None:
    assert tile_path(number) == path


def test_who_asks_for_a_proof_as_inspector_is_noted(api: Api) -> None:
    record(api, 1, 1)
    sign(api)
    api.client("inspector").get(f"{AT}/checkpoint")
    found = api.client("auditor").get(f"{AT}/access").json()["facts"]
    assert [(one["type"], one["data"]["query"]) for one in found] == [("record.viewed.v1", f"GET {AT}/checkpoint")]


def test_the_witness_asks_the_service_and_names_a_changed_fact(
    api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(api, 1, 5)
    folder = ("--folder", str(tmp_path / "witness"))
    key = verifier_key(api.service.settings.data, "taizhang.local", api.service.ledger.head("xinzhou"))
    (tmp_path / "token").write_text(api.token("inspector"))
    ask = (
        *folder,
        "ask",
        api.address,
        "--district",
        "xinzhou",
        "--token",
        str(tmp_path / "token"),
        "--leaves",
        "--json",
    )
    assert main([*folder, "new", "--name", "inspectorate.example"]) == 0
    assert main([*folder, "trust", key.to_text()]) == 0
    sign(api)
    assert main(ask) == 0
    record(api, 6, 300)
    sign(api)
    assert main(ask) == 0
    capsys.readouterr()
    assert main([*folder, "show"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split("\t")[:2] == ["taizhang.local/xinzhou", "300"]
    assert (tmp_path / "witness/leaves/taizhang.local%2Fxinzhou").stat().st_size == 300 * 32


def test_the_witness_says_which_address_did_not_answer(
    api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ("--folder", str(tmp_path / "witness"))
    (tmp_path / "token").write_text(api.token("operator"))
    asking = ("--district", "xinzhou", "--token", str(tmp_path / "token"), "--json")
    assert main([*folder, "ask", api.address, *asking]) == 2
    told = capsys.readouterr()
    assert (json.loads(told.out)["code"], "403" in told.err) == ("witness.not_answered", True)
    assert main([*folder, "ask", "http://127.0.0.1:1", *asking]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert main([*folder, "ask", "file:///etc", *asking]) == 2
    assert "[witness.bad_address]" in capsys.readouterr().err
