"""What is asked of an evidence package, what vouches for it, and why one cannot be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from events.personal import personal_fields
from events.vocabulary import FACTS
from services.http.actions import classes_seen, may_see_personal
from services.not_done import NotDoneError
from services.recording.authorisation import Role

if TYPE_CHECKING:
    from events.fact import AnyFact

FORMAT: Final = "taizhang-evidence/1"


class EvidenceError(NotDoneError):
    """A package that cannot be made or read; `code` is stable."""


class Wanted(Struct, frozen=True, kw_only=True):
    """Which facts of a district, and for whose eyes.

    Without `case` the facts from `first` to `last`; with one (`kind/id`) its facts and what they hang on, as of `last`.
    `sequences` names the facts one by one, for the archive package of a `year`.
    """

    district: str
    first: int = 1
    last: int
    case: str | None = None
    sequences: tuple[int, ...] | None = None
    year: int | None = None
    role: Role = "inspector"

    @property
    def is_range(self) -> bool:
        """Whether every fact between two is wanted."""
        return self.case is None and self.sequences is None


class Vouching(Struct, frozen=True, kw_only=True):
    """What vouches for the tree: the origin of its checkpoints, the public keys and the checkpoints, as written."""

    origin: str = ""
    keys: tuple[str, ...] = ()
    checkpoints: tuple[tuple[int, bytes], ...] = ()


class Exported(Struct, frozen=True, kw_only=True):
    """What a package holds; `root` is that of the tree of `size` facts, `manifest_sha256` the hash of the whole."""

    facts: int
    withheld: int
    size: int
    root: str
    checkpoints: int
    manifest_sha256: str
    warnings: tuple[str, ...] = ()


class Gate:
    """What a role may be shown of facts; the others are handed out as their leaf alone."""

    def __init__(self, role: Role) -> None:
        self._classes = classes_seen(frozenset({role}))
        self._personal = may_see_personal(frozenset({role}))
        every = len(self._classes) == len(classes_seen(frozenset({"inspector"})))
        self.opens_all = every and self._personal

    def shows(self, fact: AnyFact) -> bool:
        """Tell whether a fact may be shown as it is stored: its class, and no personal text for who may see none."""
        if fact.classification not in self._classes:
            return False
        return self._personal or not any(
            isinstance(getattr(fact.data, name), str) for name in personal_fields(FACTS[fact.type])
        )
