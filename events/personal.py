"""Personal fields: sealed under a key of the person's own, readable while that key exists."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from msgspec import Struct
from msgspec.structs import replace

from events.fact import LONGEST_TEXT, AnyFact, FactData
from events.field_types import fields_of
from events.ledger.errors import PersonalTextTooLongError, PersonErasedError, SealedTextDamagedError
from events.record import RecordPersonalDataErased

ERASED_TEXT: Final = "（已依法删除 erased by law）"
"""What a reader sees in place of a personal text whose key was destroyed by a recorded act."""
UNOPENED_TEXT: Final = "（无法解开 cannot be opened）"
"""What a reader sees in place of a personal text that the key kept for the person does not open."""
DESTROYED_TEXT: Final = "（密钥已销毁，此处未见删除行为 its key was destroyed, no act that ordered it is seen here）"
"""What a reader sees where no act is recorded, or was not yet on the day that is asked about."""

KEY_BITS: Final = 512
"""AES-256 in SIV mode: the same text of the same person always seals to the same bytes, so that a repeat stays one."""

_MARK: Final = "sealed:v1:"
_CONTEXT: Final = b"taizhang personal v1"


class Keys(Protocol):
    """Where the keys of persons are kept, apart from the ledger."""

    def find(self, district: str, person: str) -> bytes | None:
        """Return a person's key, None when there is none; raise PersonErasedError when it was destroyed."""
        ...

    def find_or_make(self, district: str, person: str) -> bytes:
        """Return a person's key, made and durable before it returns; raise PersonErasedError when it was destroyed."""
        ...


class Revealed(Struct, frozen=True):
    """A fact with its personal texts readable; `erased` names the fields whose key was destroyed."""

    fact: AnyFact
    erased: tuple[str, ...] = ()


@cache
def personal_fields(data: type[FactData]) -> tuple[str, ...]:
    """Return the fields of a fact that the vocabulary marks as personal."""
    return tuple(name for name, field in fields_of(data).items() if field.personal)


def seal(fact: AnyFact, keys: Keys) -> AnyFact:
    """Return a fact with its personal texts sealed; raise PersonErasedError or PersonalTextTooLongError."""
    names = personal_fields(type(fact.data))
    if not names:
        return fact
    key = keys.find_or_make(fact.district, fact.subject.id)
    return _with_texts(fact, names, lambda name, text: _sealed_text(key, fact, name, text))


def erased_text(act: AnyFact | None) -> str:
    """Return what a reader sees in place of a text without key: by which act, or that none is seen."""
    if act is None:
        return DESTROYED_TEXT
    return f"（已依法删除，见第 {act.sequence} 号事实 erased by law, see fact {act.sequence}）"


def acts_of_erasure(facts: Iterable[AnyFact]) -> dict[str, AnyFact]:
    """Return the acts that ordered somebody's key to be destroyed, by person, among some facts."""
    return {fact.subject.id: fact for fact in facts if isinstance(fact.data, RecordPersonalDataErased)}


def reveal(fact: AnyFact, keys: Keys, act: AnyFact | None = None) -> Revealed:
    """Return a fact with its personal texts readable, or with a note that the key was destroyed, and by which act."""
    names = tuple(name for name in personal_fields(type(fact.data)) if str(getattr(fact.data, name)).startswith(_MARK))
    if not names:
        return Revealed(fact)
    try:
        key = keys.find(fact.district, fact.subject.id)
    except PersonErasedError:
        return Revealed(_with_texts(fact, names, lambda _name, _text: erased_text(act)), names)
    if key is None:
        raise SealedTextDamagedError(fact.subject.id)
    return Revealed(_with_texts(fact, names, lambda name, text: _plain_text(key, fact, name, text)))


def with_sealed_text(fact: AnyFact, stored: AnyFact) -> AnyFact:
    """Return a fact with the personal texts of its stored form, for comparing it when the key is gone."""
    return _with_texts(fact, personal_fields(type(fact.data)), lambda name, _text: str(getattr(stored.data, name)))


def _with_texts(fact: AnyFact, names: tuple[str, ...], change: Callable[[str, str], str]) -> AnyFact:
    texts = {name: getattr(fact.data, name) for name in names}
    changed = {name: change(name, text) for name, text in texts.items() if isinstance(text, str)}
    return replace(fact, data=replace(fact.data, **changed))


def _context(fact: AnyFact, field: str) -> list[bytes]:
    return [_CONTEXT, fact.district.encode(), fact.subject.id.encode(), field.encode()]


def _sealed_text(key: bytes, fact: AnyFact, field: str, text: str) -> str:
    try:
        cipher = AESSIV(key)
    except (TypeError, ValueError) as fault:  # somebody put something else where the key was kept
        raise SealedTextDamagedError(fact.subject.id) from fault
    sealed = _MARK + base64.urlsafe_b64encode(cipher.encrypt(text.encode(), _context(fact, field))).decode()
    if len(sealed) > LONGEST_TEXT:
        raise PersonalTextTooLongError(len(text))
    return sealed


def _plain_text(key: bytes, fact: AnyFact, field: str, text: str) -> str:
    try:
        sealed = base64.urlsafe_b64decode(text.removeprefix(_MARK))
        return AESSIV(key).decrypt(sealed, _context(fact, field)).decode()
    except (InvalidTag, binascii.Error, TypeError, ValueError) as fault:
        raise SealedTextDamagedError(fact.subject.id) from fault
