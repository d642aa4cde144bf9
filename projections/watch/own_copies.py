"""Copies of state whose containers are its own: what goes on from them leaves the original as it was."""

from __future__ import annotations

import copy
from typing import TypeVar

from rulebooks.record.timeline import Timeline

State = TypeVar("State")


def own_copy(state: State) -> State:
    """Return state with containers of its own, down to those that lie in its fields; what is immutable is shared."""
    if isinstance(state, dict):
        nested = isinstance(next(iter(state.values()), None), dict | list | set | Timeline)
        return type(state)({key: own_copy(one) for key, one in state.items()} if nested else state)
    if isinstance(state, list | set):
        return copy.copy(state)
    if not hasattr(state, "__dict__"):
        return state
    other = copy.copy(state)
    vars(other).update({name: own_copy(value) for name, value in vars(state).items()})
    return other
