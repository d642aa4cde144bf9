"""Recording from a form of a page, and what the page tells when it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from starlette.concurrency import run_in_threadpool

from services.http.refusals import refusal_of
from services.http.routes.preview import preview_for
from services.pages.reading import parties_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.ledger.port import Receipt
    from services.http.parts import Parts
    from services.http.problems import ProblemError
    from services.identity.caller import Caller
    from services.recording import request as recording


async def recorded(parts: Parts, request: recording.Request, caller: Caller, district: str) -> Sequence[Receipt]:
    """Record what a form asks for; raise ProblemError when it is not in the ledger afterwards."""
    result = await parts.recorder.record_soon(request)
    if not result.is_in_the_ledger:
        raise await refusal_of(parts, result, request, caller, district)
    return result.receipts


async def foreseen(parts: Parts, asked: recording.Request, caller: Caller, district: str) -> dict[str, Any]:
    """Return what the templates show of a preview, and the names of whom it is about; raise ProblemError."""
    preview = await preview_for(parts, asked, caller)
    names = await run_in_threadpool(parties_named, parts, district, caller, [one.party for one in preview.changes])
    return {"preview": preview, "names": names}


def told(problem: ProblemError) -> dict[str, Any]:
    """Return what the templates show of a problem."""
    details = problem.body.problems
    shown = msgspec.to_builtins(problem.body)
    return {"problem": {"field": None, **shown}, "details": () if details is msgspec.UNSET else details}
