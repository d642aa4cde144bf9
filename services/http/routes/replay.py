"""Replay: a case as known, or as true, on any day, what differs between the two, and the next finding."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from events.moment import Moment
from projections.replay.answer import Replay
from projections.replay.question import Question
from services.http import problems
from services.http.actions import classes_seen
from services.http.answers import answer
from services.http.describing import answers, schema_of
from services.http.guard import Guard
from services.http.parts import Parts
from services.http.problems import ProblemError
from services.identity.caller import Caller
from services.replay.answering import Answering
from services.replay.basis import shipped_basis
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.replaying import Asked, NoSuchCaseError

KnownAt = Annotated[str | None, Query(max_length=40, description="当时所知：入账不晚于此 as known: recorded by then")]
TrueAt = Annotated[str | None, Query(max_length=40, description="当时实情：发生不晚于此 as true: occurred by then")]


class Moments:
    """The moments that a replay is asked about, as texts: a date, which means its end, or a date-time with offset."""

    def __init__(
        self,
        known_at: KnownAt = None,
        true_at: TrueAt = None,
        compare: Annotated[
            str | None, Query(max_length=40, description="与另一时点比较 compare with another moment")
        ] = None,
        *,
        next_finding: Annotated[bool, Query(description="跳到下一处发现 go on to the next finding")] = False,
    ) -> None:
        """Take them as they stand in the address; an empty one is none."""
        self.given = {"known_at": known_at or None, "true_at": true_at or None, "compare": compare or None}
        self.next_finding = next_finding

    def __bool__(self) -> bool:
        return any(self.given.values()) or self.next_finding

    def read(self, name: str) -> Moment | None:
        """Return one of them; raise ProblemError for what is no moment."""
        return moment_of(name, self.given[name])


def moment_of(name: str, given: str | None) -> Moment | None:
    """Return a moment as it stands in the address, None for an empty one; raise ProblemError for what is none."""
    try:
        return Moment(given.replace(" ", "+")) if given else None
    except ValueError:
        raise ProblemError(
            422,
            "replay.moment_unreadable",
            f"{name} 应写作日期 2026-10-09 或带时区的时间 2026-10-09T09:00:00+08:00，故未重放。",
            f"{name} is written as a date, 2026-10-09, or a date-time with offset, 2026-10-09T09:00:00+08:00; "
            "nothing was replayed.",
            field=name,
        ) from None


def replay_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["cases"])

    @router.get(
        "/v1/districts/{district}/cases/{kind}/{case_id}/replay", responses=answers({200: schema_of(Replay)}, 422)
    )
    def replay(
        district: str,
        kind: str,
        case_id: str,
        caller: Annotated[Caller, guard.may("case.replay")],
        moments: Annotated[Moments, Depends()],
    ) -> Response:
        """案卷在任一日的所知与实情，两者的差异，下一处发现。A case as known or true on any day, and what differs."""
        return answer(replay_for(parts, district, f"{kind}/{case_id}", caller, moments))

    return router


def replay_for(parts: Parts, district: str, case: str, caller: Caller, moments: Moments) -> Replay:
    """Return the replay of a case as a caller may see it; raise ProblemError when he may see nothing of it."""
    asked = Asked(
        case=case,
        question=Question(moments.read("known_at"), moments.read("true_at")),
        compare=moments.read("compare"),
        next_finding=moments.next_finding,
        classes=classes_seen(caller.roles),
        whole=False,
    )
    if parts.view_rows is None:
        raise problems.unavailable("views.not_kept", "本进程不保存视图。", "This process keeps no views.")
    reach = reach_of(parts.ledger, district, parts.clock())
    with parts.views() as views, parts.view_rows() as rows:
        answering = Answering(Sources(parts.ledger, views, rows), shipped_basis(district), district, reach)
        try:
            return answering.answer(asked)
        except NoSuchCaseError:
            raise problems.not_found() from None
