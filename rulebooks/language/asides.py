"""Asking a frame on the side: what was used and missed is handed back instead of being kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from rulebooks.language.comparisons import several

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.fact import AnyFact
    from rulebooks.language.frame import Frame
    from rulebooks.language.path_parts import Path

T = TypeVar("T")


class Aside(NamedTuple, Generic[T]):
    """A value, the facts from which it was read and what was missing."""

    value: T
    facts: tuple[AnyFact, ...]
    missing: tuple[str, ...]


def aside(frame: Frame, ask: Callable[[Frame], T], it: AnyFact | None = None) -> Aside[T]:
    """Ask the frame, with a fact as `it` when one is given, and leave it as it was."""
    used, missing = len(frame.used), len(frame.missing)
    before, at = frame.it, frame.at
    if it is not None:
        frame.it, frame.at = it, it.occurred_at
    value = ask(frame)
    frame.it, frame.at = before, at
    found = Aside(value, tuple(frame.used[used:]), tuple(frame.missing[missing:]))
    del frame.used[used:], frame.missing[missing:]
    return found


def read_of(frame: Frame, fact: AnyFact, path: Path) -> tuple[object, ...]:
    """Return the values that a path gives for a fact as `it`: UNSET for one not known, nothing when there is none."""
    return tuple(several(aside(frame, path.read, fact).value))
