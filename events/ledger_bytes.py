"""The bytes of stored facts."""

from functools import cache
from typing import Any

import msgspec
import orjson

from events import clock, matter, roster
from events.fact import AnyFact, Fact, FactData, decode_moment, encode_moment

_CLASSES: dict[str, type[FactData]] = {
    kind.TYPE.name: kind
    for module in (clock, matter, roster)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, FactData) and kind is not FactData
}


def stored_bytes(fact: AnyFact) -> bytes:
    """Write a fact."""
    plain = msgspec.to_builtins(fact, enc_hook=encode_moment)
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)


@cache
def _decoder(name: str) -> msgspec.json.Decoder[Any]:
    wanted: Any = Fact
    return msgspec.json.Decoder(wanted[_CLASSES[name]], dec_hook=decode_moment)


def from_stored(name: str, stored: bytes) -> AnyFact:
    """Read a fact."""
    fact: AnyFact = _decoder(name).decode(stored)
    return fact
