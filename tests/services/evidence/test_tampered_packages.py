"""Whoever changes a package is found out, by the verifier in it and by the system; the first bad fact is named."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.tree.checkpoint import Checkpoint, signed_checkpoint
from events.tree.signed_note import SigningKey, VerifierKey
from services.cli import main
from services.evidence.verifying import verify_package
from tests.services.evidence.packages import (
    EARLY,
    INSTALLATION,
    SECRET,
    Forger,
    Found,
    both_say,
    copied,
    list_anew,
    offline_says,
    packaged,
    run_offline,
    system_says,
)


@pytest.fixture
def own_package(whole_package: Path, tmp_path: Path) -> Path:
    """Return a copy of the whole package, to be changed."""
    return copied(whole_package, tmp_path / "package")


ALERT = 8
"""The fact that raises the alert."""
ORIGIN = f"{INSTALLATION}/xinzhou"


def payload(forger: Forger) -> None:
    forger.change(6, lambda fact: fact["data"].update(departments=["u-tax"]))


def type_(forger: Forger) -> None:
    forger.change(6, lambda fact: fact.update(type="countersign.received.v1"))


def time(forger: Forger) -> None:
    forger.change(6, lambda fact: fact.update(recorded_at="2025-09-28T09:00:00+08:00"))


def sequence(forger: Forger) -> None:
    forger.change(6, lambda fact: fact.update(sequence=16))


def case(forger: Forger) -> None:
    forger.change(6, lambda fact: fact["subject"].update(id="cs-9"))


def version(forger: Forger) -> None:
    forger.seals[5][1] = b"2"


def dropped(forger: Forger) -> None:
    del forger.facts[5]


def dropped_with_its_seal(forger: Forger) -> None:
    del forger.facts[5]
    del forger.seals[5]


def swapped(forger: Forger) -> None:
    forger.facts[5], forger.facts[6] = forger.facts[6], forger.facts[5]


def swapped_with_their_seals(forger: Forger) -> None:
    swapped(forger)
    forger.seals[5], forger.seals[6] = forger.seals[6], forger.seals[5]


def put_in(forger: Forger) -> None:
    forger.facts.insert(5, forger.facts[5])


def leaf(forger: Forger) -> None:
    forger.seals[5][2] = b"00" * 32


@pytest.mark.parametrize(
    "forge",
    [
        payload,
        type_,
        time,
        sequence,
        case,
        version,
        dropped,
        dropped_with_its_seal,
        swapped,
        swapped_with_their_seals,
        put_in,
        leaf,
    ],
)
def test_a_changed_fact_is_named_even_when_the_manifest_is_made_to_fit(
    whole_package: Path, tmp_path: Path, forge: Callable[[Forger], None]
) -> None:
    forger = Forger(copied(whole_package, tmp_path / "package"))
    forge(forger)
    forger.put_back()
    bad = 7 if forge is put_in else 6
    assert both_say(tmp_path / "package") == Found(ok=False, first_bad=bad)
    ran = run_offline(tmp_path / "package")
    assert (ran.returncode, f"第 {bad} 号事实" in ran.stdout, ran.stderr) == (1, True, "")


def facts_cut(forger: Forger) -> None:
    del forger.facts[9:]


def all_cut(forger: Forger) -> None:
    del forger.facts[9:]
    del forger.seals[9:]


@pytest.mark.parametrize("forge", [facts_cut, all_cut])
def test_a_cut_tail_is_missed_from_the_first_fact_that_is_gone(
    whole_package: Path, tmp_path: Path, forge: Callable[[Forger], None]
) -> None:
    forger = Forger(copied(whole_package, tmp_path / "package"))
    forge(forger)
    forger.put_back()
    assert both_say(tmp_path / "package") == Found(ok=False, first_bad=10)


@pytest.mark.parametrize("bad", [2, EARLY, EARLY + 1, SECRET])
def test_a_fork_that_is_sealed_anew_fails_at_the_first_signed_checkpoint_after_it(
    whole_package: Path, tmp_path: Path, bad: int
) -> None:
    forger = Forger(copied(whole_package, tmp_path / "package"))
    forger.change(bad, lambda fact: fact.update(correlation="never was"))
    forger.seal_anew()
    forger.put_back()
    assert both_say(tmp_path / "package") == Found(ok=False, first_bad=1 if bad <= EARLY else EARLY + 1)


def test_a_fork_before_a_bad_fact_is_named_rather_than_the_bad_fact(whole_package: Path, tmp_path: Path) -> None:
    forger = Forger(copied(whole_package, tmp_path / "package"))
    forger.change(2, lambda fact: fact.update(correlation="never was"))
    forger.seal_anew()
    forger.seals[8][2] = b"00" * 32
    forger.put_back()
    assert both_say(tmp_path / "package") == Found(ok=False, first_bad=1)


def test_a_package_cut_and_sealed_anew_is_a_smaller_true_one_only_when_its_proof_is_true(
    whole_package: Path, tmp_path: Path
) -> None:
    forger = Forger(copied(whole_package, tmp_path / "package"))
    del forger.facts[10:]
    forger.seal_anew()
    forger.put_back()
    assert both_say(tmp_path / "package") == Found(ok=False, first_bad=EARLY + 1)


def forked_with_other_checkpoints(folder: Path) -> VerifierKey:
    """Forge a whole package, checkpoints and public key too; return the key that the forger made for it."""
    forger = Forger(folder)
    forger.change(6, lambda fact: fact.update(correlation="never was"))
    forger.seal_anew()
    key = SigningKey(ORIGIN, Ed25519PrivateKey.generate())
    root = bytes.fromhex(forger.proofs["root"])
    note = signed_checkpoint(Checkpoint(ORIGIN, len(forger.facts), root), key).to_bytes()
    for kept in (folder / "checkpoints").iterdir():
        kept.unlink()
    name = f"checkpoints/{len(forger.facts)}.txt"
    (folder / name).write_bytes(note)
    forger.proofs["checkpoints"] = [{"file": name, "size": len(forger.facts), "consistency": []}]
    (folder / "keys.txt").write_text(key.verifier.to_text() + "\n", encoding="utf-8")
    forger.put_back()
    return key.verifier


def test_checkpoints_replaced_with_their_key_are_found_out_by_a_key_from_elsewhere_alone(
    whole_package: Path, tmp_path: Path
) -> None:
    true_key = (whole_package / "keys.txt").read_text(encoding="utf-8").strip()
    forked_with_other_checkpoints(copied(whole_package, tmp_path / "package"))
    assert both_say(tmp_path / "package") == Found(ok=True, first_bad=None)
    assert run_offline(tmp_path / "package", "--key", true_key).returncode == 1
    assert not verify_package(tmp_path / "package", [VerifierKey.from_text(true_key)]).ok
    assert run_offline(whole_package, "--key", true_key).returncode == 0
    assert verify_package(whole_package, [VerifierKey.from_text(true_key)]).ok


def test_a_checkpoint_that_somebody_kept_is_held_against_a_package(
    evidence_data: Path, whole_package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = evidence_data / "checkpoints" / "xinzhou" / f"{EARLY:012d}.checkpoint"
    assert main(["verify", str(whole_package), "--since", str(kept)]) == 0
    forked_with_other_checkpoints(copied(whole_package, tmp_path / "package"))
    assert main(["verify", str(tmp_path / "package"), "--since", str(kept)]) == 1
    packaged(evidence_data, tmp_path / "later", first=EARLY + 3)
    assert main(["verify", str(tmp_path / "later"), "--since", str(kept)]) == 1
    assert "it does not tell the root after fact 6" in capsys.readouterr().out


def test_a_root_that_somebody_kept_finds_out_what_was_sealed_anew(whole_package: Path, tmp_path: Path) -> None:
    root = json.loads((whole_package / "proofs.json").read_bytes())["root"]
    assert run_offline(whole_package, "--root", f"{SECRET}={root}").returncode == 0
    forked_with_other_checkpoints(copied(whole_package, tmp_path / "package"))
    assert run_offline(tmp_path / "package", "--root", f"{SECRET}={root}").returncode == 1


def test_a_checkpoint_of_another_signer_or_tree_is_refused(whole_package: Path, tmp_path: Path) -> None:
    folder = copied(whole_package, tmp_path / "package")
    true = folder / "checkpoints" / f"{SECRET}.txt"
    origin, size, root = true.read_text(encoding="utf-8").split("\n")[:3]
    other = SigningKey(ORIGIN, Ed25519PrivateKey.generate())
    note = signed_checkpoint(Checkpoint(origin, int(size), base64.b64decode(root)), other)
    true.write_bytes(note.to_bytes())
    list_anew(folder)
    assert both_say(folder) == Found(ok=False, first_bad=None)


def test_a_rulebook_changed_afterwards_does_not_fit_the_alert_that_was_judged_by_it(
    whole_package: Path, tmp_path: Path
) -> None:
    folder = copied(whole_package, tmp_path / "package")
    chapter = folder / "rulebooks" / "xinzhou" / "2023" / "6-documents.yaml"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("n: 5", "n: 15"), encoding="utf-8")
    list_anew(folder)
    assert both_say(folder) == Found(ok=False, first_bad=ALERT)


def test_house_settings_changed_afterwards_do_not_fit_the_alert_either(whole_package: Path, tmp_path: Path) -> None:
    folder = copied(whole_package, tmp_path / "package")
    [policy] = (folder / "policies").iterdir()
    policy.write_bytes(policy.read_bytes() + b"#\n")
    list_anew(folder)
    assert both_say(folder) == Found(ok=False, first_bad=ALERT)


def test_a_withheld_fact_still_stands_in_its_place(evidence_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    packaged(evidence_data, folder, role="agency")
    forger = Forger(folder)
    forger.seals[SECRET - 1][2] = b"11" * 32
    forger.put_back()
    assert both_say(folder) == Found(ok=False, first_bad=EARLY + 1)


@pytest.mark.parametrize("column", [2, 3])
def test_a_fact_of_a_case_with_another_leaf_or_proof_is_named(case_package: Path, tmp_path: Path, column: int) -> None:
    forger = Forger(copied(case_package, tmp_path / "package"))
    forger.seals[1][column] = b"22" * 32
    forger.put_back()
    assert both_say(tmp_path / "package") == Found(ok=False, first_bad=int(forger.seals[1][0]))


@pytest.mark.parametrize("name", ["facts.jsonl", "seals.txt", "proofs.json", "keys.txt", "manifest.json", "verify.py"])
def test_a_file_that_is_gone_is_missed(whole_package: Path, tmp_path: Path, name: str) -> None:
    folder = copied(whole_package, tmp_path / "package")
    (folder / name).unlink()
    assert (system_says(folder).ok, offline_says(folder).ok) == (False, False)


def test_a_file_that_does_not_belong_is_named_and_harms_nothing(whole_package: Path, tmp_path: Path) -> None:
    folder = copied(whole_package, tmp_path / "package")
    (folder / "note.txt").write_text("x", encoding="utf-8")
    ran = run_offline(folder)
    assert (ran.returncode, "note.txt" in ran.stdout) == (0, True)


@contextmanager
def flipped(folder: Path, name: str, place: int, bit: int) -> Iterator[None]:
    """Flip a bit of a file while the block runs."""
    path = folder / name
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :])
    try:
        yield
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("name", ["manifest.sha256", "keys.txt", "seals.txt", f"checkpoints/{SECRET}.txt"])
def test_any_flipped_byte_of_the_small_files_is_found(own_package: Path, name: str) -> None:
    length = (own_package / name).stat().st_size
    for place in range(0, length, max(1, length // 12)):
        with flipped(own_package, name, place, place % 8):
            assert (system_says(own_package).ok, offline_says(own_package).ok) == (False, False), place


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.data())
def test_any_flipped_bit_of_any_file_is_found(own_package: Path, drawn: st.DataObject) -> None:
    names = sorted(path.relative_to(own_package).as_posix() for path in own_package.rglob("*") if path.is_file())
    name = drawn.draw(st.sampled_from(names))
    place, bit = drawn.draw(st.integers(0, (own_package / name).stat().st_size - 1)), drawn.draw(st.integers(0, 7))
    with flipped(own_package, name, place, bit):
        assert (system_says(own_package).ok, offline_says(own_package).ok) == (False, False)
    assert offline_says(own_package).ok


def mutilated(drawn: st.DataObject, whole: bytes) -> bytes:
    """Return a file with a byte changed, some cut out, one put in, or two lines swapped."""
    place = drawn.draw(st.integers(0, len(whole) - 1))
    lines = whole.split(b"\n")
    one, other = (drawn.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    lines[one], lines[other] = lines[other], lines[one]
    cut = drawn.draw(st.integers(1, 60))
    return drawn.draw(
        st.sampled_from(
            [
                whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :],
                whole[:place] + whole[place + cut :],
                whole[:place] + b"0" + whole[place:],
                b"\n".join(lines),
            ]
        )
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.data())
def test_both_verifiers_say_the_same_of_whatever_a_forger_leaves(
    own_package: Path, case_package: Path, tmp_path: Path, drawn: st.DataObject
) -> None:
    case = tmp_path / "case"
    folder = drawn.draw(st.sampled_from([own_package, case if case.exists() else copied(case_package, case)]))
    name = drawn.draw(st.sampled_from(["facts.jsonl", "seals.txt", "proofs.json", f"checkpoints/{SECRET}.txt"]))
    kept = {one: (folder / one).read_bytes() for one in (name, "manifest.json", "manifest.sha256")}
    (folder / name).write_bytes(mutilated(drawn, kept[name]))
    try:
        list_anew(folder)
        both_say(folder)
    finally:
        for one, content in kept.items():
            (folder / one).write_bytes(content)
