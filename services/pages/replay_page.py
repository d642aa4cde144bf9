"""The page of a case as known or as true on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from projections.replay.entries import FactLine, FindingLine, ObligationLine
from services.http.problems import ProblemError
from services.http.routes.replay import replay_for
from services.pages.drawing import STANDINGS, Words, page
from services.pages.reading import parties_named
from services.written import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from projections.replay.answer import Replay
    from projections.replay.differences import Side
    from projections.replay.entries import Line
    from services.http.parts import Parts
    from services.http.routes.replay import Moments
    from services.identity.caller import Caller

OUTCOMES: Final = {
    **STANDINGS,
    "forecast": Words("预测", "forecast"),
    "violated": Words("违反", "violated"),
    "not_determinable": Words("无法判定", "not determinable"),
    "waived": Words("已豁免", "waived"),
    "satisfied": Words("符合", "kept"),
}
STEPS: Final = {
    "opened": Words("义务开始", "obligation opened"),
    "due": Words("届满未办", "due, not done"),
    "closed": Words("义务了结", "obligation closed"),
}
KNEW: Final = {
    "acted": Words("办理", "acted"),
    "on_behalf": Words("被代", "was acted for"),
    "recorded": Words("录入", "recorded"),
    "told": Words("被告知", "was told"),
}
UNREADABLE: Final = 422


def replay_page(parts: Parts, district: str, case: str, caller: Caller, moments: Moments) -> Response:
    """Return the page; what was asked wrongly is told on it, beside what was typed."""
    shown: dict[str, Any] = {
        "district": district,
        "here": "case",
        "case": case,
        "asked": {**moments.given, "next_finding": moments.next_finding},
        "outcomes": OUTCOMES,
        "line_steps": STEPS,
        "knew": KNEW,
        "line_kind": line_kind,
        "side": side,
    }
    try:
        found = replay_for(parts, district, case, caller, moments)
    except ProblemError as problem:
        if problem.status_code != UNREADABLE:
            raise
        return page("case_replay.html", UNREADABLE, **shown, found=None, problem=problem.body)
    if found.next_finding is not None:
        shown["asked"] = {**shown["asked"], "known_at": found.known_at, "true_at": found.true_at}
    shown["names"] = parties_named(parts, district, caller, _parties(found))
    return page("case_replay.html", **shown, found=found, problem=None)


def _parties(found: Replay) -> Iterator[str | None]:
    """Return whom the page names: parties of findings and obligations, who acted, who knew."""
    yield from (one.party for one in found.obligations)
    yield from (one.who for one in found.people)
    if found.differences is not None:
        yield from (one.party for one in found.differences.judged)
    for line in found.timeline:
        if isinstance(line, FactLine):
            yield from (line.who.person, line.who.unit)
        elif isinstance(line, ObligationLine | FindingLine):
            yield line.party


def line_kind(line: Line) -> str:
    """Return which kind of line it is."""
    if isinstance(line, FactLine):
        return "fact"
    if isinstance(line, ObligationLine):
        return "obligation"
    return "finding" if isinstance(line, FindingLine) else "idle"


def side(given: Side | None) -> str:
    """Return one side of a difference in words."""
    if given is None:
        return "无 none"
    words = OUTCOMES[given.state]
    when = [moment(one) for one in (given.due_at, given.happened_at) if one]
    return Markup(" ").join([words.zh, words.en, *when])
