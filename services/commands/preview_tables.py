"""A preview as people read it: what would be broken first, Chinese first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.alerts.showing import STEPS, URGENCIES
from services.commands.tables import SEVERITIES, readable

if TYPE_CHECKING:
    from projections.effects import Effect, What
    from services.recording.preview import Preview

HEADINGS: Final[dict[What, str]] = {
    "broken": "会违反 would break",
    "undetermined": "无法判定，缺少记录 could not be determined, not recorded",
    "foreseen": "按安排将会违反 would come to a breach as planned",
    "opened": "开始计时 would set in motion",
    "moved": "变动 would move",
    "paused": "暂停计时 would stand still",
    "made_good": "逾期补办 would be made good, late",
    "settled": "按规定了结 would settle, as it should be",
    "withdrawn": "撤回违反 would no longer be a breach",
    "waived": "豁免 would be waived",
    "dropped": "不再适用 would apply no longer",
    "unchanged": "结论不变，预警有变 would stand as before, though its alert changes",
}
COLUMNS: Final = ("规则 rule", "案卷 subject", "当事方 party", "到期 due", "预警 alert")
NOTHING: Final = "—"
_EXPLAINED: Final = frozenset({"broken", "foreseen"})


def print_preview(file: str, lines: Sequence[int], preview: Preview[Effect]) -> None:
    """Show what would become of the facts of a file."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"[bold]预演 preview[/bold] {escape(file)}，{len(lines)} 个事实 facts，"
        f"截至第 {preview.through} 号事实 as of sequence {preview.through}；未入账 nothing was recorded"
    )
    for problem in preview.problems:
        where = "" if problem.fact is None else f"第{lines[problem.fact]}行 line {lines[problem.fact]} "
        console.print(f"\n[bold]会被拒绝 would be refused[/bold] {where}{escape(str(problem))}")
    for place in preview.unjudged:
        console.print(f"\n第{lines[place]}行程序无法判定，请将日志交运维人员 / line {lines[place]} could not be judged")
    if preview.problems:
        return
    if preview.at is None:
        console.print("\n本区县没有规则书，无从判定 / no rulebook for this district, so nothing is judged")
        return
    for what, heading in HEADINGS.items():
        found = [one for one in preview.changes if one.what == what]
        if found:
            console.print(f"\n[bold]{heading}[/bold]（{len(found)}）")
            _print_all(console, what, found, lines)
    if not preview.changes:
        console.print("\n不引起任何变化 nothing would change")


def _print_all(console: Console, what: What, found: Sequence[Effect], lines: Sequence[int]) -> None:
    if what in _EXPLAINED:
        for one in found:
            head = f"{SEVERITIES[one.severity]} · {one.rule} · {_alert(one)}".removesuffix(" · ")
            console.print(f"\n{escape(head)}  [dim]{_lines(one, lines)}[/dim]")
            console.print(escape(one.say.zh))
            console.print(f"[dim]{escape(one.say.en)}[/dim]")
        return
    rows = [_row(one, what, lines) for one in found]
    shown = [place for place in range(len(rows[0])) if any(row[place] != NOTHING for row in rows)]
    table = Table()
    for place in shown:
        table.add_column((*COLUMNS, _last_column(what))[place], overflow="fold")
    for row in rows:
        table.add_row(*(escape(row[place]) for place in shown))
    console.print(table, soft_wrap=False)


def _row(one: Effect, what: What, lines: Sequence[int]) -> tuple[str, ...]:
    last = "、".join(one.missing) if what == "undetermined" else _lines(one, lines)
    cells = (one.rule, one.subject, one.party or one.period or "", _due(one), _alert(one), last)
    return tuple(cell or NOTHING for cell in cells)


def _last_column(what: What) -> str:
    return "缺少 not recorded" if what == "undetermined" else "依据行 lines"


def _due(one: Effect) -> str:
    after = (readable(one.due_at) if one.due_at else "") + ("（暂定 provisional）" if one.provisional else "")
    moved = one.due_before is not None and one.after is not None and one.due_before != one.due_at
    return f"{readable(one.due_before)} → {after or NOTHING}" if moved else after


def _alert(one: Effect) -> str:
    steps = dict.fromkeys(STEPS[f"alert.{step}.v1"] for step in one.alert_steps)
    told = f"，告知 told {'、'.join(one.told)}" if one.told else ""
    urgency = "" if one.urgency is None else f"（{URGENCIES[one.urgency]}）"
    return "、".join(steps) + urgency + told


def _lines(one: Effect, lines: Sequence[int]) -> str:
    places = sorted({*one.proposed, *(() if one.by is None else (one.by,))})
    return "、".join(f"{lines[place]}" for place in places)
