"""Signed notes and checkpoints: the examples of the specifications, and what is not believed."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from events.tree.checkpoint import Checkpoint, believed_checkpoint, checkpoint_of, origin_of, signed_checkpoint
from events.tree.sealing import hash_function
from events.tree.signed_note import (
    COSIGNATURE,
    NOTE,
    NoteError,
    SignedNote,
    SigningKey,
    VerifierKey,
    read_note,
    signed_at,
)

ORIGIN = "office.example/xinzhou"
CHECKPOINT = Checkpoint(ORIGIN, 7, b"\x07" * 32)
KEY = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))
WITNESS = SigningKey("inspectorate.example", Ed25519PrivateKey.from_private_bytes(b"\x02" * 32), COSIGNATURE)
SIGNED = signed_checkpoint(CHECKPOINT, KEY)

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
"""The example of golang.org/x/mod/sumdb/note, where this form comes from."""


def test_the_example_of_the_first_program_of_this_form_is_believed_and_written_alike() -> None:
    key = VerifierKey.from_text(GO_KEY)
    note = read_note(GO_NOTE)
    assert signed_at(note, key) == 0
    assert note.to_bytes() == GO_NOTE
    assert (key.name, key.key_id.hex(), key.to_text()) == ("PeterNeumann", "c74f20a3", GO_KEY)


def test_a_checkpoint_has_the_three_lines_of_its_form() -> None:
    root = b64encode(b"\x07" * 32).decode()
    signature = b64encode(KEY.verifier.key_id + KEY.sign(CHECKPOINT.text()).signature).decode()
    assert SIGNED.to_bytes().decode() == f"{ORIGIN}\n7\n{root}\n\n— {ORIGIN} {signature}\n"


def test_a_signed_checkpoint_is_believed_by_who_has_the_key() -> None:
    assert believed_checkpoint(SIGNED.to_bytes(), KEY.verifier) == (CHECKPOINT, SIGNED)


def test_a_cosignature_tells_its_time_and_leaves_the_first_signature() -> None:
    note = SIGNED.with_signature(WITNESS.cosign(SIGNED.text, 1_790_000_000))
    again = read_note(note.to_bytes())
    assert (signed_at(again, KEY.verifier), signed_at(again, WITNESS.verifier)) == (0, 1_790_000_000)
    later = again.with_signature(WITNESS.cosign(SIGNED.text, 1_790_000_600))
    assert (len(later.signatures), signed_at(later, WITNESS.verifier)) == (2, 1_790_000_600)


def test_a_cosignature_signs_the_message_of_its_specification() -> None:
    signature = WITNESS.cosign(SIGNED.text, 1_679_315_147).signature
    message = f"cosignature/v1\ntime 1679315147\n{SIGNED.text}".encode()
    assert signature == (1_679_315_147).to_bytes(8, "big") + Ed25519PrivateKey.from_private_bytes(b"\x02" * 32).sign(
        message
    )


def test_a_key_that_did_not_sign_believes_nothing() -> None:
    other = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x03" * 32)).verifier
    assert signed_at(SIGNED, other) is None
    with pytest.raises(NoteError) as caught:
        believed_checkpoint(SIGNED.to_bytes(), other)
    assert caught.value.code == "checkpoint.other_key"


def test_a_checkpoint_of_another_ledger_is_not_believed_although_the_key_signed_it() -> None:
    foreign = SigningKey("elsewhere.example/xinzhou", Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))
    note = SignedNote(CHECKPOINT.text(), (foreign.sign(CHECKPOINT.text()),))
    with pytest.raises(NoteError) as caught:
        believed_checkpoint(note.to_bytes(), foreign.verifier)
    assert caught.value.code == "checkpoint.other_key"


@given(st.integers(0, len(SIGNED.to_bytes()) - 1), st.integers(1, 255))
def test_no_byte_of_a_checkpoint_can_be_changed(place: int, change: int) -> None:
    given_bytes = bytearray(SIGNED.to_bytes())
    given_bytes[place] ^= change
    with pytest.raises(NoteError):
        believed_checkpoint(bytes(given_bytes), KEY.verifier)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_given_it_is_read_or_refused_by_code(given_bytes: bytes) -> None:
    try:
        assert read_note(given_bytes).to_bytes() == given_bytes
    except NoteError as error:
        assert error.code == "note.malformed"  # noqa: PT017  both ends are right, and each is looked at


@pytest.mark.parametrize(
    "text", ["a line\r\n", "a\tline\n", "a line that goes on" * 4_000 + "\n"], ids=["CR", "tab", "too long"]
)
def test_a_note_has_no_control_characters_and_an_end(text: str) -> None:
    with pytest.raises(NoteError) as caught:
        read_note(SignedNote(text, (KEY.sign(text),)).to_bytes())
    assert caught.value.code == "note.malformed"


@pytest.mark.parametrize(
    "second", [b"\x00" * 7 + b"\x01\x00", b"\x01", b"\xff" * 8], ids=["longer", "shorter", "too late"]
)
def test_a_cosignature_whose_time_is_not_written_as_its_specification_says_is_not_believed(second: bytes) -> None:
    signed = WITNESS.cosign(SIGNED.text, int.from_bytes(second))
    signature = second + signed.signature[8:]
    with pytest.raises(NoteError) as caught:
        signed_at(SIGNED.with_signature(replace(signed, signature=signature)), WITNESS.verifier)
    assert caught.value.code == "note.bad_signature"


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n7\n",
        f"{ORIGIN}\n07\n{b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n-7\n{b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n7\n{b64encode(bytes(31)).decode()}\n",
        f"{ORIGIN}\n7\n{'A' * 42}B=\n",
        f"{ORIGIN}\n7\n{b64encode(bytes(32)).decode()}\n\nmore\n",
        f"\n7\n{b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n0\n{b64encode(bytes(32)).decode()}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused_whoever_signed_it(text: str) -> None:
    with pytest.raises(NoteError):
        checkpoint_of(SignedNote(text, (KEY.sign(text),)))


def test_further_lines_are_kept_and_signed() -> None:
    longer = Checkpoint(ORIGIN, 7, b"\x07" * 32, ("one more",))
    note = signed_checkpoint(longer, KEY)
    assert believed_checkpoint(note.to_bytes(), KEY.verifier) == (longer, note)


def test_a_checkpoint_over_no_facts_has_the_root_of_nothing() -> None:
    empty = Checkpoint(ORIGIN, 0, hash_function("sha256")(b""))
    assert checkpoint_of(signed_checkpoint(empty, KEY)) == empty


def test_the_origin_names_installation_district_and_another_hash() -> None:
    assert origin_of("office.example", "xinzhou", "sha256") == ORIGIN
    sm3 = origin_of("office.example", "xinzhou", "sm3")
    assert (sm3, Checkpoint(sm3, 7, bytes(32)).algorithm, CHECKPOINT.algorithm) == (f"{ORIGIN}/sm3", "sm3", "sha256")
    with pytest.raises(NoteError) as caught:
        origin_of("our office", "xinzhou", "sha256")
    assert caught.value.code == "checkpoint.bad_origin"


@pytest.mark.parametrize(
    "given_text",
    [
        "",
        "name",
        "name+00000000",
        KEY.verifier.to_text()[:-2],
        KEY.verifier.to_text().replace("+", "+0", 1),
        "name+00000000+" + b64encode(b"\x02" + bytes(32)).decode(),
        KEY.verifier.to_text().replace(ORIGIN, "office.example/yuanzhou"),
    ],
)
def test_a_key_that_was_not_copied_whole_is_refused(given_text: str) -> None:
    with pytest.raises(NoteError) as caught:
        VerifierKey.from_text(given_text)
    assert caught.value.code == "note.bad_key"


def test_keys_are_read_back_as_they_are_handed_out() -> None:
    for key in (KEY.verifier, WITNESS.verifier):
        assert VerifierKey.from_text(f"{key.to_text()}\n") == key
    assert (KEY.verifier.kind, WITNESS.verifier.kind) == (NOTE, COSIGNATURE)
    assert b64decode(KEY.verifier.to_text().rpartition("+")[2])[1:] == KEY.verifier.public
