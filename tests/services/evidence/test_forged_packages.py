"""What a forger does to the form of a package rather than to a fact: both verifiers see it, alike, and neither breaks.

Wherever the forger can, he makes the manifest fit again; what is left undone is what he has no key for.
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.sqlite.ledger import SqliteLedger
from events.tree.checkpoint import Checkpoint, signed_checkpoint
from events.tree.signed_note import SigningKey, VerifierKey
from services.cli import main
from services.evidence import verify as offline
from services.evidence.verifying import verify_package
from tests.events.ledger.examples import NINE, alone, withdrawn
from tests.services.evidence.packages import (
    EARLY,
    INSTALLATION,
    NAMED,
    SECRET,
    Forger,
    Found,
    both_say,
    copied,
    list_anew,
    packaged,
    run_offline,
)

ORIGIN = f"{INSTALLATION}/xinzhou"
LAST_CHECKPOINT = f"checkpoints/{SECRET}.txt"
RULES = "rulebooks/xinzhou/2023"
DEEP = b"[" * 100_000 + b"]" * 100_000
Content = Callable[[bytes], bytes]
Json = dict[str, Any]


def rewritten(folder: Path, name: str, change: Content) -> None:
    """Write other bytes into a file and make the manifest fit."""
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    list_anew(folder)


def with_manifest(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    (folder / "manifest.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  manifest.json\n")


def listing(change: Callable[[Json], object]) -> Callable[[Path], None]:
    """Return what changes the manifest."""

    def forge(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        change(manifest)
        with_manifest(folder, json.dumps(manifest).encode())

    return forge


def listed(manifest: Json, name: str = "report.html") -> Json:
    found: Json = next(one for one in manifest["files"] if one["name"] == name)
    return found


def adding(name: str) -> Callable[[Path], None]:
    """Return what lists one more file."""
    return listing(lambda manifest: manifest["files"].append({"name": name, "bytes": 1, "sha256": "0" * 64}))


def proving(change: Callable[[Json], object]) -> Callable[[Path], None]:
    """Return what changes proofs.json."""

    def changed(content: bytes) -> bytes:
        proofs = json.loads(content)
        change(proofs)
        return json.dumps(proofs).encode()

    return lambda folder: rewritten(folder, "proofs.json", changed)


def writing(name: str, change: Content) -> Callable[[Path], None]:
    return lambda folder: rewritten(folder, name, change)


def linked(folder: Path, name: str, to: str) -> None:
    (folder / name).rename(folder.parent / "moved")
    (folder / name).symlink_to(to)


def signature_lines(how_many: int, name: str = "someone") -> Content:
    return lambda note: note + f"— {name} AAAAAAAAAAAA\n".encode() * how_many


def wrong_second_signature(note: bytes) -> bytes:
    dash, name, blob = note.decode().splitlines()[-1].split(" ")
    signature = bytearray(b64decode(blob))
    signature[-1] ^= 1
    return note + f"{dash} {name} {b64encode(signature).decode()}\n".encode()


def text_moved_into_a_name(folder: Path) -> None:
    """Move the last bytes of a chapter into the name of the next, which the hash of the rulebook does not tell."""
    proofs = json.loads((folder / "proofs.json").read_bytes())
    chapters = proofs["rulebooks"][0]["files"]
    first = folder / chapters[0]
    whole = first.read_text(encoding="utf-8")
    ending = whole[-5:]
    assert "/" not in ending
    first.write_text(whole[:-5], encoding="utf-8")
    place, _, name = chapters[1].rpartition("/")
    (folder / chapters[1]).rename(folder / place / f"{ending}{name}")
    chapters[1] = f"{place}/{ending}{name}"
    (folder / "proofs.json").write_text(json.dumps(proofs), encoding="utf-8")
    list_anew(folder)


def look_alike(folder: Path) -> None:
    """Rename the report to a name with a Cyrillic letter."""
    (folder / "report.html").rename(folder / "rep\u043ert.html")
    list_anew(folder)


def hash_of_manifest_in_crlf(folder: Path) -> None:
    path = folder / "manifest.sha256"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def pipe_for_a_report(folder: Path) -> None:
    (folder / "report.html").unlink()
    os.mkfifo(folder / "report.html")


def no_calendar(folder: Path) -> None:
    (folder / "calendars/national.json").unlink()
    list_anew(folder)


def signed_by_forger(
    forger: Forger, *, key: SigningKey | None = None, keys: bytes = b"", also_empty: bool = False
) -> None:
    """Seal everything anew and sign it with a key of one's own."""
    forger.seal_anew()
    own = key or SigningKey(ORIGIN, Ed25519PrivateKey.generate())
    folder, size = forger.folder, len(forger.facts)
    trees = [Checkpoint(ORIGIN, size, bytes.fromhex(forger.proofs["root"]))]
    if also_empty:
        trees.insert(0, Checkpoint(ORIGIN, 0, hashlib.sha256(b"").digest()))
    for tree in trees:
        (folder / f"checkpoints/{tree.size}.txt").write_bytes(signed_checkpoint(tree, own).to_bytes())
    signed = [{"file": f"checkpoints/{one.size}.txt", "size": one.size, "consistency": []} for one in trees]
    others = [one for one in forger.proofs["checkpoints"] if one["size"] < size and keys]
    forger.proofs["checkpoints"] = others + signed
    for path in (folder / "checkpoints").iterdir():
        if f"checkpoints/{path.name}" not in {one["file"] for one in forger.proofs["checkpoints"]}:
            path.unlink()
    (folder / "keys.txt").write_bytes(keys + own.verifier.to_text().encode() + b"\n")
    forger.put_back()


def empty_tree_signed(folder: Path) -> None:
    signed_by_forger(Forger(folder), also_empty=True)


def nothing_left(folder: Path) -> None:
    """Leave no fact at all, which is consistent with every checkpoint."""
    forger = Forger(folder)
    forger.facts, forger.seals = [], []
    proofs = [one | {"consistency": []} for one in forger.proofs["checkpoints"]]
    forger.proofs |= {"tree_size": 0, "root": hashlib.sha256(b"").hexdigest(), "checkpoints": proofs}
    forger.put_back()


def covering_checkpoint_taken(folder: Path) -> None:
    """Change a fact behind the first checkpoint, seal anew, and take the second one away."""
    forger = Forger(folder)
    forger.change(EARLY + 3, lambda fact: fact.update(correlation="never was"))
    forger.seal_anew()
    del forger.proofs["checkpoints"][1:]
    (folder / LAST_CHECKPOINT).unlink()
    forger.put_back()


def withheld_of_another_district(folder: Path) -> None:
    """Hand out leaves alone and call them another district's."""
    forger = Forger(folder)
    forger.facts = []
    for seal in forger.seals:
        seal[1] = b"-"
    forger.proofs["district"] = "xinqiu"
    forger.put_back()


FORGED_FORMS: dict[str, Callable[[Path], None]] = {
    "lines of seals end in CRLF": writing("seals.txt", lambda it: it.replace(b"\n", b"\r\n")),
    "lines of facts end in CRLF": writing("facts.jsonl", lambda it: it.replace(b"\n", b"\r\n")),
    "lines of keys end in CRLF": writing("keys.txt", lambda it: it.replace(b"\n", b"\r\n")),
    "lines of a checkpoint end in CRLF": writing(LAST_CHECKPOINT, lambda it: it.replace(b"\n", b"\r\n")),
    "the hash of the manifest ends in CRLF": hash_of_manifest_in_crlf,
    "a blank behind a fact": writing("facts.jsonl", lambda it: it.replace(b"\n", b" \n", 1)),
    "bytes behind the last fact": writing("facts.jsonl", lambda it: it + b"x"),
    "an empty line behind the last fact": writing("facts.jsonl", lambda it: it + b"\n"),
    "the last fact does not end": writing("facts.jsonl", lambda it: it[:-1]),
    "the last seal does not end": writing("seals.txt", lambda it: it[:-1]),
    "seals in capitals": writing("seals.txt", bytes.upper),
    "a number with a sign": writing("seals.txt", lambda it: b"+" + it),
    "a number with an underscore": writing("seals.txt", lambda it: it.replace(b"\n10 ", b"\n1_0 ")),
    "a tab behind a leaf": writing("seals.txt", lambda it: it.replace(b"\n", b"\t\n", 1)),
    "an order mark before the facts": writing("facts.jsonl", lambda it: b"\xef\xbb\xbf" + it),
    "an order mark before the seals": writing("seals.txt", lambda it: b"\xef\xbb\xbf" + it),
    "an order mark before the proofs": writing("proofs.json", lambda it: b"\xef\xbb\xbf" + it),
    "an order mark before the keys": writing("keys.txt", lambda it: b"\xef\xbb\xbf" + it),
    "an order mark before a checkpoint": writing(LAST_CHECKPOINT, lambda it: b"\xef\xbb\xbf" + it),
    "facts in UTF-16": writing("facts.jsonl", lambda it: it.decode().encode("utf-16")),
    "numbers in the digits of another script": writing(
        "seals.txt", lambda it: it.replace(b"\n2 ", "\n\u0662 ".encode(), 1)
    ),
    "versions with a nought in front": writing("seals.txt", lambda it: it.replace(b" 1 ", b" 01 ")),
    "an empty line between seals": writing("seals.txt", lambda it: it.replace(b"\n", b"\n\n", 1)),
    "a NUL behind a fact": writing("facts.jsonl", lambda it: it.replace(b"\n", b"\0\n", 1)),
    "checkpoints listed backwards": proving(lambda it: it["checkpoints"].reverse()),
    "an origin with a NUL": proving(lambda it: it.update(origin=f"a\0/{ORIGIN}")),
    "a link to another file": lambda it: linked(it, "facts.jsonl", "../moved"),
    "a folder that is a link": lambda it: linked(it, "checkpoints", "../moved"),
    "a link to itself": lambda it: linked(it, "keys.txt", "keys.txt"),
    "a pipe": pipe_for_a_report,
    "listed twice": listing(lambda it: it["files"].append(dict(listed(it)))),
    "listed twice, once wrong": listing(lambda it: it["files"].insert(0, listed(it) | {"sha256": "0" * 64})),
    "a path out of the folder": adding("../moved"),
    "a path around": listing(lambda it: listed(it).update(name="checkpoints/../report.html")),
    "a path with a dot": listing(lambda it: listed(it).update(name="./report.html")),
    "an absolute path": adding("/etc/hostname"),
    "a NUL in a name": adding("a\0b"),
    "half a surrogate in a name": adding("a\ud800b"),
    "an undecodable byte in a name": adding("cases/a\udc80b"),
    "a terminal command in a name": adding("cases/\x1b[2Ja"),
    "a name without end": adding("cases/" + "a" * 100_000),
    "no name": adding(""),
    "a folder as a file": adding("checkpoints"),
    "a look-alike of a name": look_alike,
    "a negative length": listing(lambda it: listed(it).update(bytes=-1)),
    "a huge length": listing(lambda it: listed(it).update(bytes=10**30)),
    "another length": listing(lambda it: listed(it).update(bytes=7)),
    "a hash in capitals": listing(lambda it: listed(it).update(sha256=listed(it)["sha256"].upper())),
    "a manifest that is a list": lambda it: with_manifest(it, b"[]"),
    "a manifest without files": listing(lambda it: it.update(files=None)),
    "a manifest with NaN": listing(lambda it: it.update(x=float("nan"))),
    "a key twice in the manifest": lambda it: with_manifest(
        it, (it / "manifest.json").read_bytes().replace(b"{", b'{"files": [],', 1)
    ),
    "a deep manifest": lambda it: with_manifest(it, DEEP),
    "a manifest in UTF-16": lambda it: with_manifest(it, (it / "manifest.json").read_text("utf-8").encode("utf-16")),
    "a manifest of another district": listing(lambda it: it.update(district="xinqiu")),
    "a manifest of another range": listing(lambda it: it.update(until=9)),
    "a report that is not listed": listing(lambda it: it["files"].remove(listed(it))),
    "a verifier that is not listed": listing(lambda it: it["files"].remove(listed(it, "verify.py"))),
    "a checkpoint that is not listed": listing(lambda it: it["files"].remove(listed(it, LAST_CHECKPOINT))),
    "a chapter that is not listed": listing(lambda it: it["files"].remove(listed(it, f"{RULES}/6-documents.yaml"))),
    "no calendar": no_calendar,
    "a key twice in the proofs": writing("proofs.json", lambda it: it.replace(b"{", b'{"tree_size": 3,', 1)),
    "proofs with NaN": proving(lambda it: it.update(x=float("nan"))),
    "deep proofs": writing("proofs.json", lambda it: it.rstrip()[:-1] + b',"x":' + DEEP + b"}"),
    "a size with a fraction": proving(lambda it: it.update(tree_size=15.0)),
    "a size in quotes": proving(lambda it: it.update(tree_size="15")),
    "a negative size": proving(lambda it: it.update(tree_size=-1)),
    "a huge size": proving(lambda it: it.update(tree_size=10**40)),
    "from before the first": proving(lambda it: it.update({"from": 0})),
    "from far behind": proving(lambda it: it.update({"from": 10**18})),
    "from a truth value": proving(lambda it: it.update({"from": True})),
    "another hash": proving(lambda it: it.update(algorithm="md5")),
    "the other hash of the law": proving(lambda it: it.update(algorithm="sm3")),
    "another district": proving(lambda it: it.update(district="xinqiu")),
    "another district, leaves alone": withheld_of_another_district,
    "another origin": proving(lambda it: it.update(origin=f"{INSTALLATION}/xinqiu")),
    "a checkpoint of another district": writing(LAST_CHECKPOINT, lambda it: it.replace(b"/xinzhou", b"/xinqiu", 1)),
    "a root in capitals": proving(lambda it: it.update(root=it["root"].upper())),
    "a checkpoint twice": proving(lambda it: it["checkpoints"].append(it["checkpoints"][0])),
    "a proof too many": proving(lambda it: it["checkpoints"][0].update(consistency=["00" * 32])),
    "the covering checkpoint taken away": covering_checkpoint_taken,
    "a checkpoint of nothing": empty_tree_signed,
    "nothing left": nothing_left,
    "a rulebook under another name": proving(lambda it: it["rulebooks"][0].update(rulebook="xinzhou/2099")),
    "a rulebook without files": proving(lambda it: it["rulebooks"][0].update(files=[])),
    "the end of a chapter in the name of the next": text_moved_into_a_name,
    "a second signature that is wrong": writing(LAST_CHECKPOINT, wrong_second_signature),
    "a hundred signatures": writing(LAST_CHECKPOINT, signature_lines(100)),
    "a signature by a long name": writing(LAST_CHECKPOINT, signature_lines(1, "x" * 70_000)),
    "a signature by a name with a plus": writing(LAST_CHECKPOINT, signature_lines(1, "a+b")),
    "a signature by a control character": writing(LAST_CHECKPOINT, signature_lines(1, "a\x01b")),
    "keys that are no text": writing("keys.txt", lambda it: b"\xff" + it),
    "a key that is none": writing("keys.txt", lambda _: b"a+b+c\n"),
    "no key": writing("keys.txt", lambda _: b""),
    "a key twice": writing("keys.txt", lambda it: it + it),
}


@pytest.mark.parametrize("forge", FORGED_FORMS.values(), ids=FORGED_FORMS)
def test_a_package_of_another_form_is_refused_by_both(
    whole_package: Path, tmp_path: Path, forge: Callable[[Path], None]
) -> None:
    folder = copied(whole_package, tmp_path / "package")
    forge(folder)
    assert not both_say(folder).ok


def no_rulebook_named(fact: Json) -> object:
    return fact["data"].pop("rulebook")


def a_list_for_a_rulebook(fact: Json) -> object:
    return fact["data"].update(rulebook=["a"])


@pytest.mark.parametrize("change", [no_rulebook_named, a_list_for_a_rulebook])
def test_an_alert_that_does_not_say_what_judged_it_is_named(
    whole_package: Path, tmp_path: Path, change: Callable[[Json], object]
) -> None:
    forger = Forger(copied(whole_package, tmp_path / "package"))
    forger.change(8, change)
    signed_by_forger(forger)
    assert both_say(tmp_path / "package") == Found(ok=False, first_bad=8)


@pytest.mark.parametrize("line", [DEEP, b"[]", b"null", b'{"subject":null}', b"\0", b'{"x":NaN}'])
def test_whatever_stands_in_the_place_of_a_fact_is_named(whole_package: Path, tmp_path: Path, line: bytes) -> None:
    forger = Forger(copied(whole_package, tmp_path / "package"))
    forger.facts[5] = line
    forger.put_back()
    assert both_say(tmp_path / "package") == Found(ok=False, first_bad=6)


def test_a_sparse_file_of_any_length_is_not_read_into_memory(whole_package: Path, tmp_path: Path) -> None:
    folder = copied(whole_package, tmp_path / "package")
    for name in ("facts.jsonl", "report.html", "verify.py"):
        with (folder / name).open("r+b") as file:
            file.truncate(1 << 40)
    assert both_say(folder) == Found(ok=False, first_bad=SECRET + 1)


def test_a_key_given_from_elsewhere_is_not_content_with_a_smaller_checkpoint_that_it_signed(
    whole_package: Path, tmp_path: Path
) -> None:
    true_key = (whole_package / "keys.txt").read_bytes()
    forger = Forger(copied(whole_package, tmp_path / "package"))
    forger.change(EARLY + 3, lambda fact: fact.update(correlation="never was"))
    signed_by_forger(forger, keys=true_key)
    assert both_say(tmp_path / "package") == Found(ok=True, first_bad=None), "its own keys fit everything"
    key = true_key.decode().strip()
    assert run_offline(tmp_path / "package", "--key", key).returncode == 1
    assert not verify_package(tmp_path / "package", [VerifierKey.from_text(key)]).ok


def test_the_hash_of_the_manifest_shows_what_no_signature_covers(
    whole_package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noted = hashlib.sha256((whole_package / "manifest.json").read_bytes()).hexdigest()
    folder = copied(whole_package, tmp_path / "package")
    for name in ("report.html", "vocabulary.json", "calendars/national.json"):
        rewritten(folder, name, lambda it: it + b"\n")
    assert both_say(folder) == Found(ok=True, first_bad=None), "the window that the guide names"
    for package, code in ((whole_package, 0), (folder, 1)):
        assert run_offline(package, "--manifest", noted).returncode == code
        assert main(["verify", str(package), "--manifest", noted]) == code
    assert "导出后被改动" in capsys.readouterr().out


def test_the_hash_of_a_manifest_is_refused_for_what_is_no_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(tmp_path), "--manifest", "0" * 64]) == 2
    assert "verify.no_package" in capsys.readouterr().err


def test_the_rulebooks_of_a_ledger_are_not_asked_of_a_package(
    whole_package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(whole_package), "--rulebooks"]) == 2
    assert "verify.package_has_rulebooks" in capsys.readouterr().err


def test_a_key_without_a_checkpoint_says_nothing_of_a_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(tmp_path), "--key", "some-key"]) == 2
    assert "verify.no_checkpoint" in capsys.readouterr().err


def test_what_does_not_belong_is_named_by_both(whole_package: Path, tmp_path: Path) -> None:
    folder = copied(whole_package, tmp_path / "package")
    (folder / RULES / "99-more.yaml").write_text("x", encoding="utf-8")
    (folder / "elsewhere").symlink_to("/")
    for notes in (offline.check(str(folder)).notes, verify_package(folder).notes):
        said = " ".join(zh for zh, _ in notes)
        assert ("99-more.yaml" in said, "elsewhere" in said) == (True, True)


def test_a_rulebook_that_nothing_sealed_cites_is_said_to_be_unproved(whole_package: Path, tmp_path: Path) -> None:
    folder = copied(whole_package, tmp_path / "package")
    book = folder / "rulebooks/xinzhou/2031"
    copied(folder / RULES, book)

    def added(proofs: Json) -> None:
        files = [name.replace("2023", "2031") for name in proofs["rulebooks"][0]["files"]]
        proofs["rulebooks"].append({"rulebook": "xinzhou/2031", "files": files})

    proving(added)(folder)
    for notes in (offline.check(str(folder)).notes, verify_package(folder).notes):
        assert [zh for zh, _ in notes] == ["rulebook/xinzhou-2031 没有被本包的预警引用，其文本不由封存证明"]


def of_case(whole_package: Path, to: Path, sequences: list[int]) -> Forger:
    """Return a package of a case in which facts are left out, with everything that needs no key made to fit."""
    forger = Forger(copied(whole_package, to))
    keep = [place for place, seal in enumerate(forger.seals) if int(seal[0]) in sequences]
    forger.facts = [forger.facts[place] for place in keep]
    forger.seals = [forger.seals[place] for place in keep]
    forger.proofs["facts"] = len(keep)
    forger.put_back()
    return forger


def test_a_case_from_which_everything_of_its_own_was_taken_is_refused(case_package: Path, tmp_path: Path) -> None:
    others = [int(seal[0]) for seal in Forger(case_package).seals if int(seal[0]) != EARLY]
    of_case(case_package, tmp_path / "package", others)
    assert both_say(tmp_path / "package") == Found(ok=False, first_bad=1)


def test_a_hole_in_a_case_is_named_and_that_its_end_is_there_is_said_to_be_unproved(tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir()
    with SqliteLedger(data / "ledger.sqlite") as ledger:
        ledger.record(alone(*(withdrawn(number, matter="m-1") for number in range(1, 6))), NINE)
    packaged(data, tmp_path / "whole", case="matter/m-1")
    assert both_say(tmp_path / "whole").ok
    of_case(tmp_path / "whole", tmp_path / "hole", [1, 2, 4, 5])
    assert both_say(tmp_path / "hole") == Found(ok=False, first_bad=4)
    of_case(tmp_path / "whole", tmp_path / "cut", [1, 2, 3])
    assert both_say(tmp_path / "cut") == Found(ok=True, first_bad=None), "the window that the verifiers name"
    for notes in (offline.check(str(tmp_path / "cut")).notes, verify_package(tmp_path / "cut").notes):
        assert any("此外" in zh for zh, _ in notes)


@pytest.mark.parametrize(
    "gone", ["manifest.json", "manifest.sha256", "proofs.json", "seals.txt", "facts.jsonl", "keys.txt"]
)
def test_the_command_says_so_whichever_file_is_gone(
    whole_package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], gone: str
) -> None:
    folder = copied(whole_package, tmp_path / "package")
    (folder / gone).unlink()
    assert main(["verify", str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_the_command_does_not_break_over_keys_that_are_no_text(
    whole_package: Path, evidence_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(whole_package, tmp_path / "package")
    (folder / "keys.txt").write_bytes(b"\xff\xfe\n")
    kept = evidence_data / "checkpoints" / "xinzhou" / f"{EARLY:012d}.checkpoint"
    assert main(["verify", str(folder)]) == 1
    assert main(["verify", str(folder), "--since", str(kept)]) == 1
    assert "note.bad_key" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["a NUL in a name", "half a surrogate in a name", "deep proofs", "a pipe"])
def test_the_verifier_of_the_package_never_ends_in_a_stack_trace(
    whole_package: Path, tmp_path: Path, what: str
) -> None:
    folder = copied(whole_package, tmp_path / "package")
    FORGED_FORMS[what](folder)
    for options in ((), ("--json",)):
        ran = run_offline(folder, *options)
        assert (ran.returncode, ran.stderr) == (1, "")


def test_a_shown_fact_is_where_the_personal_text_stays_sealed(whole_package: Path) -> None:
    assert "sealed:v1:" in Forger(whole_package).facts[NAMED - 1].decode()
