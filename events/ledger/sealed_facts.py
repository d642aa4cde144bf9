"""Facts as they are stored and sealed: the bytes, what the envelope repeats, the leaf and the root."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol
from uuid import UUID

import orjson
from msgspec import Struct

from events.ledger.port import LedgerReader
from events.tree.sealing import HashFunction, envelope_of, leaf_hash

_PAGE: Final = 1_000
_RECORDED_AT: Final = b',"recorded_at":"'


class SealedFact(Struct, frozen=True, gc=False):
    """A fact as stored: `version` is its place in its case, `root` that of the tree up to and with it.

    `recorded_at` and `district` are those of the payload, the others those that the store keeps beside it.
    """

    district: str
    sequence: int
    id: str
    case: str
    version: int
    type: str
    recorded_at: str
    payload: bytes
    leaf: bytes
    root: bytes


class SealedReader(LedgerReader, Protocol):
    """A ledger that can also be read as it is stored."""

    def named_districts(self) -> Sequence[str]:
        """Return the districts that heads or facts name, whatever the heads say.

        A name that is no text is given as it would be printed.
        """
        ...

    def adds_up(self) -> bool:
        """Tell whether each fact and each stored row is counted by a head, all seen at once."""
        ...

    def leads_true(self) -> bool:
        """Tell whether each way of reading leads to the stored rows.

        The tables and indexes are those of a ledger, nothing stands in front of them, and no index leads elsewhere.
        """
        ...

    def sealed(self, district: str, after: int = 0, limit: int = 1_000) -> Sequence[SealedFact]:
        """Return the next facts after a sequence as they are stored, at most `limit`."""
        ...


def sealed_facts(ledger: SealedReader, district: str, first: int, last: int) -> Iterator[SealedFact]:
    """Give the facts of a range as they are stored, page by page; fewer where the ledger lacks some."""
    after = first - 1
    while after < last and (page := ledger.sealed(district, after, min(_PAGE, last - after))):
        for fact in page:
            if fact.sequence > last:
                return
            yield fact
        after = page[-1].sequence


def sealed_fact(row: Any) -> SealedFact:  # noqa: ANN401  in the order of StoredRow's fields; a tampered file decides
    """Read a stored row; raise ValueError, KeyError or TypeError for one that no ledger writes."""
    sequence, fact_id, leaf, root, stream, version, topic, state = row
    if type(stream) is not str or type(topic) is not str or type(state) is not bytes:
        raise ValueError(sequence)
    owner, _, case = stream.partition("/")
    return SealedFact(
        district=owner,
        sequence=sequence,
        id=str(UUID(bytes=fact_id)),
        case=case,
        version=version,
        type=topic,
        recorded_at=_recorded_at(state),
        payload=state,
        leaf=leaf,
        root=root,
    )


def stored_row(fact: SealedFact) -> tuple[Any, ...]:
    """Return a fact in the order of StoredRow's fields."""
    stream = f"{fact.district}/{fact.case}"
    return (fact.sequence, UUID(fact.id).bytes, fact.leaf, fact.root, stream, fact.version, fact.type, fact.payload)


def _recorded_at(state: bytes) -> str:
    """Return when a fact was recorded: it stands behind the data, where no text can hold an unescaped quote."""
    start = state.rfind(_RECORDED_AT)
    if start < 0:
        return str(orjson.loads(state)["recorded_at"])
    start += len(_RECORDED_AT)
    return state[start : state.index(b'"', start)].decode()


def leaf_of(digest: HashFunction, fact: SealedFact) -> bytes:
    """Return the leaf that a stored fact should have."""
    envelope = envelope_of(fact.district, fact.sequence, fact.recorded_at, fact.case, fact.version, fact.type, fact.id)
    return leaf_hash(digest, envelope, fact.payload)
