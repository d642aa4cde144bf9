"""What the commands show people: tables and explanations, Chinese first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from events.moment import Moment

if TYPE_CHECKING:
    from services.checking import Checked

OUTCOMES = {
    "violated": "违反 violated",
    "not_determinable": "无法判定 not determinable",
    "waived": "已豁免 waived",
    "satisfied": "符合 satisfied",
}
SEVERITIES = {"breach": "违反 breach", "deviation": "偏离 deviation", "notice": "提醒 notice"}
STATES = {"open": "进行中 open", "due_soon": "临期 due soon", "paused": "暂停 paused"}


def readable(moment: str | None) -> str:
    """Return a moment, written as facts have it, as people write it; a dash for none."""
    return "—" if moment is None else Moment(moment).said


def print_checked(checked: Checked) -> None:
    """Show what a history came to: findings with their explanation, then what still runs."""
    console = Console(highlight=False)
    console.print(
        f"[bold]{checked.district}[/bold] {checked.rulebook}，截至 as of {readable(checked.until)}，"
        f"{checked.facts} 个事实 facts"
    )
    for finding in checked.findings:
        head = f"{OUTCOMES[finding.outcome]} · {SEVERITIES[finding.severity]} · {finding.rule}"
        console.print(f"\n[bold]{escape(head)}[/bold]")
        console.print(escape(finding.say.zh))
        console.print(f"[dim]{escape(finding.say.en)}[/dim]")
        lines = "、".join(map(str, finding.facts))
        console.print(f"[dim]依据行 proving lines: {lines}[/dim]")
    if checked.open:
        table = Table(title="进行中 still running", title_justify="left")
        for column in ("规则 rule", "案卷 subject", "当事方 party", "到期 due", "状态 state"):
            table.add_column(column)
        for one in checked.open:
            due = readable(one.due_at) + ("（暂定 provisional）" if one.provisional else "")
            table.add_row(one.rule, one.subject, one.party or one.period or "—", due, STATES[one.state])
        console.print(table)
    if not checked.findings:
        console.print("没有发现 no findings")
