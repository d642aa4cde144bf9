"""Types of which msgspec knows everything before anybody reads one.

What msgspec knows of a type it works out when it first reads one, in steps that another thread can see half done, which
ends the process. So each type that several threads may read is worked out beforehand, by one thread at a time.
"""

from __future__ import annotations

from threading import Lock
from typing import Final, TypeVar

import msgspec

from events.fact import decode_moment

Read = TypeVar("Read")
_working_out: Final = Lock()


def prepared(wanted: type[Read]) -> type[Read]:
    """Return the type once msgspec knows all of it, and of the types within it."""
    with _working_out:
        msgspec.json.Decoder(wanted, dec_hook=decode_moment)
    return wanted
