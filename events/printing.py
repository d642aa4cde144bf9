"""From a fact to bytes and back: the line of a history, and the form in which the ledger stores and seals it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import msgspec
import orjson

from events.fact import AnyFact, decode_moment, encode_moment
from events.ledger.errors import UnknownFormError
from events.lifting import LIFTS, Lifts, lift
from events.parsing import model

_SORTED: Final = msgspec.json.Encoder(enc_hook=encode_moment, order="sorted")
_SEQUENCE: Final = "sequence"
_SAID_SEQUENCE: Final = re.compile(rb'"sequence":([1-9][0-9]{0,18})[,}]')


def stored_bytes(fact: AnyFact) -> bytes:
    """Return the whole fact, sequence and `recorded_at` included, as the one text the ledger stores and seals.

    The text is JSON in UTF-8 with keys in order and no spaces; what is not known is absent, what is known to be none is
    null.
    """
    return _SORTED.encode(fact)


def from_stored(type_: str, stored: bytes, lifts: Lifts = LIFTS) -> AnyFact:
    """Read a fact as the ledger stored it under a type; an old type is lifted to the one in force.

    Raises UnknownFormError for a type, a field or a value that is none of this program, msgspec.DecodeError for bytes
    that the ledger did not write.
    """
    try:
        if type_ not in lifts:
            return _decoder(type_).decode(stored)
        name, fact = lift(type_, orjson.loads(stored), lifts)
        lifted: AnyFact = msgspec.convert(fact, model(name), dec_hook=decode_moment)
    except (KeyError, msgspec.ValidationError) as fault:
        raise UnknownFormError(f"{_number_of(stored)}{type_}: {fault}") from fault
    return lifted


def _number_of(stored: bytes) -> str:
    """Return which fact it is, by what its bytes say last of its sequence; nothing where they say none."""
    said = _SAID_SEQUENCE.findall(stored)
    return f"第 {int(said[-1])} 号 number {int(said[-1])}, " if said else ""


@cache
def _decoder(type_: str) -> msgspec.json.Decoder[AnyFact]:
    return msgspec.json.Decoder(model(type_), dec_hook=decode_moment)


def history_line(fact: AnyFact) -> bytes:
    """Return the fact as one line of a history, without line break: all but the sequence, which the ledger assigns."""
    shown: dict[str, Any] = msgspec.to_builtins(fact, enc_hook=encode_moment)
    shown.pop(_SEQUENCE, None)
    return orjson.dumps(shown)
