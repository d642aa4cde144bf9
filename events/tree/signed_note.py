"""Signed notes (c2sp.org/signed-note): a text and the signatures under it, Ed25519, with keys known by name and id.

TEXT, ending in a newline
(an empty line)
— NAME base64(key id, 4 bytes || signature)
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

LONGEST_NOTE: Final = 64_000
"""Bytes of a note that are looked at."""
MOST_SIGNATURES: Final = 64
SIGNATURE_BYTES: Final = 64
TIMED_BYTES: Final = 8 + SIGNATURE_BYTES
_KEY_ID_BYTES: Final = 4
_PUBLIC_BYTES: Final = 32
_LAST_SECOND: Final = (1 << 63) - 1
_SIGNED: Final = "— "

KeyKind = Literal[1, 4]
"""The signature types of the specification: 1 signs the note, 4 is a witness's cosignature with its time."""
NOTE: Final[KeyKind] = 1
COSIGNATURE: Final[KeyKind] = 4

is_key_name = re.compile(r"[^\s+\x00-\x1f\x7f]{1,250}").fullmatch


class NoteError(ValueError):
    """A note, key or checkpoint that cannot be used; `code` is stable."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en} [{code}]")
        self.code, self.zh, self.en = code, zh, en


class NoteSignature(Struct, frozen=True):
    """One signature line: who signed by name and key id, and what follows the key id."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line with its newline."""
        return f"{_SIGNED}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


class SignedNote(Struct, frozen=True):
    """A text with its final newline, and the signatures under it, which nobody has checked yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def to_bytes(self) -> bytes:
        """Return the note as it is written."""
        return (self.text + "\n" + "".join(one.line() for one in self.signatures)).encode()

    def with_signature(self, added: NoteSignature) -> SignedNote:
        """Return the note with one more signature; one by the same key is replaced."""
        kept = tuple(one for one in self.signatures if (one.name, one.key_id) != (added.name, added.key_id))
        return SignedNote(self.text, (*kept, added))


class VerifierKey(Struct, frozen=True):
    """A public key under the name of its holder."""

    name: str
    public: bytes
    kind: KeyKind = NOTE

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, kind, public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:_KEY_ID_BYTES]

    def to_text(self) -> str:
        """Return the key as it is handed out: NAME+KEY ID+base64(kind || public key)."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    @staticmethod
    def from_text(given: str) -> VerifierKey:
        """Read a key as it is handed out; raise NoteError."""
        name, _, rest = given.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        decoded = _decoded(encoded)
        if decoded is None or len(decoded) != 1 + _PUBLIC_BYTES or not is_key_name(name):
            raise _bad_key(given)
        match decoded[0]:
            case 1:
                key = VerifierKey(name, decoded[1:], NOTE)
            case 4:
                key = VerifierKey(name, decoded[1:], COSIGNATURE)
            case _:
                raise _bad_key(given)
        if key.key_id.hex() != key_id:
            raise _bad_key(given)
        return key


class SigningKey:
    """A private key under the name of its holder."""

    def __init__(self, name: str, private: Ed25519PrivateKey, kind: KeyKind = NOTE) -> None:
        if not is_key_name(name):
            raise _bad_key(name)
        self._private = private
        self.verifier = VerifierKey(name, private.public_key().public_bytes_raw(), kind)

    def sign(self, text: str) -> NoteSignature:
        """Sign a text that ends in a newline."""
        return NoteSignature(self.verifier.name, self.verifier.key_id, self._private.sign(text.encode()))

    def cosign(self, text: str, second: int) -> NoteSignature:
        """Cosign a checkpoint as of a second since 1970 (c2sp.org/tlog-cosignature, v1)."""
        signature = self._private.sign(cosigned_message(text, second))
        return NoteSignature(self.verifier.name, self.verifier.key_id, second.to_bytes(8) + signature)


def cosigned_message(text: str, second: int) -> bytes:
    """Return what a cosignature of a note's text signs."""
    return f"cosignature/v1\ntime {second}\n{text}".encode()


def read_note(given: bytes) -> SignedNote:
    """Read a note without believing it; raise NoteError for what has no such form."""
    try:
        whole = given.decode()
    except UnicodeDecodeError:
        raise _bad_note("UTF-8") from None
    if len(given) > LONGEST_NOTE or any(one < " " and one != "\n" for one in whole):
        raise _bad_note("字符 characters")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise _bad_note("空行 empty line")
    signed = lines[:-1].split("\n")
    if len(signed) > MOST_SIGNATURES:
        raise _bad_note("签名行 signature lines")
    return SignedNote(text + "\n", tuple(_signature(line) for line in signed))


def signed_at(note: SignedNote, key: VerifierKey) -> int | None:
    """Return when a key cosigned a note, in seconds since 1970 (0 for a signature without time); None when it did not.

    Raise NoteError for a signature by that key that does not match.
    """
    found = [one for one in note.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
    seconds = [_verified(note.text, one, key) for one in found]
    return max(seconds, default=None)


def _verified(text: str, found: NoteSignature, key: VerifierKey) -> int:
    second, signature, message = 0, found.signature, text.encode()
    if key.kind == COSIGNATURE:
        second, signature = int.from_bytes(signature[:-SIGNATURE_BYTES]), signature[-SIGNATURE_BYTES:]
        message = cosigned_message(text, second)
    length = TIMED_BYTES if key.kind == COSIGNATURE else SIGNATURE_BYTES
    if len(found.signature) != length or second > _LAST_SECOND:
        raise _bad_signature(key)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        raise _bad_signature(key) from None
    return second


def _signature(line: str) -> NoteSignature:
    name, _, encoded = line.removeprefix(_SIGNED).partition(" ")
    decoded = _decoded(encoded)
    if not line.startswith(_SIGNED) or not is_key_name(name) or decoded is None or len(decoded) <= _KEY_ID_BYTES:
        raise _bad_note(line[:80])
    return NoteSignature(name, decoded[:_KEY_ID_BYTES], decoded[_KEY_ID_BYTES:])


def _decoded(encoded: str) -> bytes | None:
    """Decode base64 that is written in the one usual way; None for anything else."""
    try:
        decoded = b64decode(encoded, validate=True)
    except (NotBase64, ValueError):
        return None
    return decoded if b64encode(decoded).decode() == encoded else None


def _bad_note(what: str) -> NoteError:
    return NoteError(
        "note.malformed",
        f"这不是签名的检查点（{what}），无从核对；请原样给出整个文件。",
        f"This is no signed checkpoint ({what}), so nothing can be checked; give the whole file as it was issued.",
    )


def _bad_signature(key: VerifierKey) -> NoteError:
    return NoteError(
        "note.bad_signature",
        f"{key.name} 的签名与内容不符：内容被改动，或不是由所称的密钥签署；请勿采信，并保全原件。",
        f"The signature of {key.name} does not match: the text was changed, or another key signed it. Do not rely "
        "on it, and preserve it.",
    )


def _bad_key(given: str) -> NoteError:
    return NoteError(
        "note.bad_key",
        f"{given[:120]!r} 不是公钥（应为 名称+标识+编码 一行），无法核对签名；请原样复制发给的公钥。",
        f"{given[:120]!r} is no public key (one line NAME+ID+CODE), so no signature can be checked; copy the key as it "
        "was handed out.",
    )
