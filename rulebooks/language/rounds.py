"""Rounds: what is asked anew in the same case begins a round in which earlier answers do not count."""

from __future__ import annotations

from typing import Any, Final

from rulebooks.problems import as_list
from rulebooks.source import Located

SEARCHES: Final = ("from", "instead", "pauses", "closes", "ends")
ELSEWHERE: Final = ("in", "about")


def in_rounds(given: Located) -> Located:
    """Return a deadline whose searches in its own case find nothing that stands certainly before its trigger."""
    searches = {key: [_since(one) for one in as_list(given[key])] for key in SEARCHES if key in given}
    return _copy(given, searches)


def _since(given: Any) -> Any:  # noqa: ANN401  # YAML holds any value here
    if not isinstance(given, Located):
        return given
    if "fact" in given and not any(key in given for key in ELSEWHERE):
        return _copy(given, {"since": "trigger"})
    return _copy(given, {key: _since(given[key]) for key in ("begins", "ends") if key in given})


def _copy(given: Located, new: dict[str, Any]) -> Located:
    copy = Located({**given, **new})
    copy.file, copy.line = given.file, given.line
    return copy
