"""Alerts as they come: lines for people, Chinese first, or one JSON object a line for programs."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final, TextIO

import orjson
from rich.console import Console
from rich.markup import escape

from events.alert import AlertDueMoved, AlertEscalated, AlertRaised, AlertReopened, AlertWithdrawn
from events.fact import case_key
from events.moment import Moment
from events.printing import stored_bytes
from services.commands.tables import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from services.alerts.listing import Listed

FINDINGS: Final = {
    "violated": "预警 alert",
    "forecast": "预测 forecast",
    "due_soon": "临期 due soon",
    "not_determinable": "无法判定 not determinable",
}
STANDINGS: Final = {
    "raised": "待处理 open",
    "forecast": "预测 forecast",
    "resolved": "已补办 resolved",
    "withdrawn": "已撤回 withdrawn",
    "waived": "已豁免 waived",
}
URGENCIES: Final = {"high": "紧急 high", "medium": "一般 medium", "low": "较低 low"}
STEPS: Final = {
    "alert.raised.v1": "预警 raised",
    "alert.due_moved.v1": "到期变动 due moved",
    "alert.escalated.v1": "升级 escalated",
    "alert.resolved.v1": "已补办 resolved",
    "alert.withdrawn.v1": "撤回 withdrawn",
    "alert.reopened.v1": "重启 reopened",
}


class AlertLines:
    """Writes each alert fact when it is recorded; may be called from any thread.

    `reader` finds the alert that a later fact is about.
    """

    def __init__(self, stream: TextIO, reader: Callable[[], LedgerReader | None], *, as_json: bool) -> None:
        self._stream = stream
        self._console = Console(file=stream, highlight=False, soft_wrap=True)
        self._reader = reader
        self._as_json = as_json
        self._writing = Lock()

    def __call__(self, fact: AnyFact) -> None:
        """Write one fact."""
        with self._writing:
            if self._as_json:
                self._stream.write(stored_bytes(fact).decode() + "\n")
                self._stream.flush()
            elif isinstance(fact.data, AlertRaised):
                self._show_raised(fact, fact.data)
            else:
                self._show_step(fact)

    def _show_raised(self, fact: AnyFact, data: AlertRaised) -> None:
        head = f"{FINDINGS[data.finding]} · {SEVERITIES[data.severity]} · {URGENCIES[data.urgency]} · {data.rule}"
        self._console.print(
            f"\n[bold]{escape(head)}[/bold]  [dim]{fact.district} #{fact.sequence} {fact.occurred_at.said}[/dim]"
        )
        self._console.print(escape(data.say.zh))
        self._console.print(f"[dim]{escape(data.say.en)}[/dim]")

    def _show_step(self, fact: AnyFact) -> None:
        reader = self._reader()
        history = [] if reader is None else reader.read_case(fact.district, case_key(fact.subject))
        raised = next((one.data for one in history if isinstance(one.data, AlertRaised)), None)
        about = "" if raised is None else f"{raised.rule} {raised.about} {raised.party or ''}".rstrip()
        head = f"{STEPS.get(fact.type, fact.type)} · {about}"
        where = f"{fact.district} #{fact.sequence} {fact.occurred_at.said}"
        self._console.print(f"[bold]{escape(head)}[/bold]{escape(_said(fact))}  [dim]{where}[/dim]")


def show_listed(console: Console, one: Listed) -> None:
    """Show one alert in full: how it stands, whom it concerns, why."""
    head = (
        f"{FINDINGS[one.finding]} · {SEVERITIES[one.severity]} · {URGENCIES[one.urgency]} · "
        f"{STANDINGS[one.standing]} · {one.rule}"
    )
    console.print(f"\n[bold]{escape(head)}[/bold]  [dim]{one.district} {one.alert}[/dim]")
    console.print(escape(one.say.zh))
    console.print(f"[dim]{escape(one.say.en)}[/dim]")
    if one.told:
        persons = "、".join(one.told)
        console.print(
            f"已升级至第 {one.escalated} 级，已告知 {persons} / step {one.escalated}, told: {', '.join(one.told)}"
        )
    for answer in one.answers:
        console.print(f"申辩 its own account: {escape(answer)}")


def listed_line(one: Listed) -> str:
    """Return one alert as a line of JSON."""
    return orjson.dumps(one, default=_plain).decode()


def _plain(given: object) -> object:
    return {name: getattr(given, name) for name in getattr(given, "__struct_fields__", ())}


def _said(fact: AnyFact) -> str:
    match fact.data:
        case AlertEscalated(step=step, to_persons=persons):
            return f"：第 {step} 级，告知 step {step}, told {'、'.join(persons)}"
        case AlertWithdrawn(reason=reason) | AlertReopened(reason=reason):
            return f"：{reason}"
        case AlertDueMoved(due_at=due_at):
            return f"：{due_at.said if isinstance(due_at, Moment) else '—'}"
        case _:
            return ""
