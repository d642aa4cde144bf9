"""What else to record (还须补录): what is missing in a case, and which rule waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.views.description import CLASSIFICATION, Description, Order, column, is_
from projections.views.view import Row, View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.watch.shelf import Kept

UNNAMED: Final = "—"
"""What is missing where the judgement does not say."""


def _rows(kept: Kept, classification: str) -> Iterable[Row]:
    if kept.state != "not_determinable":
        return []
    party, period = kept.party or "", kept.period or ""
    return [
        Row(
            "|".join((kept.subject, what, kept.rule, party, period, str(kept.trigger))),
            {
                "about": kept.subject,
                "case_kind": kept.subject.partition("/")[0],
                "missing": what,
                "rule": kept.rule,
                "party": kept.party,
                "period": kept.period,
                "opened_at": kept.opened,
                "classification": classification,
            },
        )
        for what in dict.fromkeys(kept.missing or (UNNAMED,))
    ]


MISSING: Final = View(
    Description(
        name="missing",
        zh="还须补录",
        en="What else to record",
        version=1,
        columns=(
            column("about", "案卷", "Case", "case"),
            column("case_kind", "案卷种类", "Kind of case"),
            column("missing", "缺少的记录", "Not recorded"),
            column("rule", "等待它的规则", "Rule that waits for it", "rule"),
            column("party", "当事方", "Party", "party"),
            column("period", "期间或议题", "Period or item"),
            column("opened_at", "起算", "Opened", "moment"),
            CLASSIFICATION,
        ),
        filters=is_("about", "party", "rule", "case_kind", "missing"),
        orders=(
            Order(name="case", column="about", zh="案卷", en="by case"),
            Order(name="opened", column="opened_at", zh="起算", en="latest first", descending=True),
        ),
    ),
    of_finding=_rows,
)
