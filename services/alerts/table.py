"""The list of alerts as a table for Excel and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from services.alerts.listing import Listed
from services.alerts.showing import FINDINGS, STANDINGS, URGENCIES
from services.commands.tables import SEVERITIES
from services.workbooks.tables import Row, TableColumn

TITLE: Final = "预警 alerts"
COLUMNS: Final = (
    TableColumn("urgency", "紧急程度", "urgency", width=12),
    TableColumn("standing", "状态", "standing", width=14),
    TableColumn("severity", "级别", "severity", width=12),
    TableColumn("finding", "结论", "finding", width=14),
    TableColumn("district", "区县", "district", width=12),
    TableColumn("article", "条款", "article", width=12),
    TableColumn("rule", "规则", "rule", width=30),
    TableColumn("about", "案卷", "subject", width=24),
    TableColumn("party", "当事方", "party"),
    TableColumn("period", "期间", "period", width=12),
    TableColumn("opened_at", "起算", "opened at", "moment", 20),
    TableColumn("due_at", "到期", "due at", "moment", 20),
    TableColumn("provisional", "暂定", "provisional", "flag", 12),
    TableColumn("raised_at", "发出", "raised at", "moment", 20),
    TableColumn("escalated", "升级次数", "escalated", "number", 12),
    TableColumn("told", "已告知", "told", "list", 24),
    TableColumn("acknowledged", "已知悉", "acknowledged", "flag", 12),
    TableColumn("answers", "申辩说明", "answers", "list", 30),
    TableColumn("say_zh", "说明", "in Chinese", width=80),
    TableColumn("say_en", "英文说明", "in English", width=80),
    TableColumn("alert", "预警编号", "alert id", width=38),
)


_LABELS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"urgency": URGENCIES, "standing": STANDINGS, "severity": SEVERITIES, "finding": FINDINGS}
)


def alert_rows(alerts: Iterable[Listed]) -> Iterator[Row]:
    """Return one row an alert, in the order of COLUMNS."""
    return ([_shown(one, column.key) for column in COLUMNS] for one in alerts)


def _shown(alert: Listed, key: str) -> object:
    match key:
        case "say_zh":
            return alert.say.zh
        case "say_en":
            return alert.say.en
        case _:
            value = getattr(alert, key)
            return _LABELS[key].get(value, value) if key in _LABELS else value
