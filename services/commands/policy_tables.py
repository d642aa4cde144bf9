"""House settings as people read them, Chinese first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from events.vocabulary import enums
from services.alerts.showing import URGENCIES

if TYPE_CHECKING:
    from projections.policy.policy import Teller
    from services.policy.explaining import Explained, Heard

TELLERS: Final[dict[Teller, str]] = {
    "holder": "责任单位负责人或责任人 the head of the unit, or the person",
    "leader_in_charge": "分管领导 the leader in charge",
    "office_head": "办公室负责人 the head of the office",
}
GRADES: Final = {
    "breach": "违反 breach",
    "deviation": "偏离 deviation",
    "notice": "提醒 notice",
    "forecast": "预测 forecast",
}


def print_explained(one: Explained) -> None:
    """Show what settings say, and for a district whom they name today."""
    console = Console(highlight=False)
    where = "" if one.district is None else f"{one.district} "
    console.print(f"[bold]{where}内部设置 house settings[/bold] {escape(one.policy)}，SHA-256 {one.sha256}")
    console.print(
        f"到期前 {one.due_soon_working_days} 个工作日起列为临期 / due soon from {one.due_soon_working_days} working "
        "days before the due day"
    )
    ladder = Table(title="逾期升级 who is told of what is overdue", title_justify="left")
    for column in ("级次 step", "逾期后工作日 working days after", "告知 told", "岗位 posts"):
        ladder.add_column(column, overflow="fold")
    for rung in one.ladder:
        ladder.add_row(
            str(rung.step), str(rung.after_working_days), TELLERS[rung.tell], "、".join(map(_post, rung.posts)) or "—"
        )
    console.print(ladder)
    console.print(
        f"岗位空缺或无人分管时告知再上一级，最后告知 {TELLERS[one.otherwise]} / where nobody holds the post or is in "
        "charge, whom the next step names is told, at last as just said"
    )
    urgency = Table(title="紧急程度 urgency", title_justify="left")
    for grade in one.urgency:
        urgency.add_column(GRADES[grade])
    urgency.add_row(*(URGENCIES[grade] for grade in one.urgency.values()))
    console.print(urgency)
    if one.units:
        heard = Table(title="按今日名册 by today's roster", title_justify="left")
        heard.add_column("单位 unit", overflow="fold")
        for rung in one.ladder:
            heard.add_column(f"第 {rung.step} 级 step {rung.step}", overflow="fold")
        for unit in one.units:
            heard.add_row(escape(f"{unit.name} {unit.unit}"), *(_heard(step) for step in unit.steps))
        console.print(heard)


def _heard(step: Heard) -> str:
    persons = "、".join(step.persons) or "无人 nobody"
    return f"空缺 vacant → {persons}" if step.vacant else persons


def _post(role: str) -> str:
    zh, en = enums()["role"].values[role]
    return f"{zh} {en}"
