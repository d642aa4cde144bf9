"""What the watch would have found of single cases at a moment, as rows of views, whatever the length of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.replay.case_standing import judged_then, watch_at
from projections.view_rows.feeding import group_of, rows_of_findings
from projections.watch.shelf import kept
from services.replay.replaying import COUNTED_FOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.replay.as_of import AsOf
    from projections.replay.case_standing import By
    from projections.replay.knowledge import Knowledge
    from projections.views.query import Query
    from projections.views.view import Row, View

ABOUT: Final = "about"
"""The filter that names the cases that rows of findings are about."""


def cases_asked(view: View, query: Query) -> Sequence[str]:
    """Return the cases that a question to a view with findings is about; none where it is about others as well.

    Of units and persons it is counted across all cases, so that single cases do not tell.
    """
    cases = query.filters.get(ABOUT, ())
    if view.of_finding is None or any(case.partition("/")[0] in COUNTED_FOR for case in cases):
        return ()
    return cases


def found_of_cases(
    knowledge: Knowledge, by: By, view: View, cases: Sequence[str], as_of: AsOf
) -> dict[str, Sequence[Row]]:
    """Return the rows of a view that follow from how cases stood, by group."""
    groups: dict[str, list[Row]] = {}
    watch = watch_at(knowledge, by, as_of)
    for case in dict.fromkeys(cases):
        for rule, judgement in judged_then(watch, case):
            name = rule.header.id
            rows = rows_of_findings(view, [kept(name, judgement)])
            groups.setdefault(group_of(name, case), []).extend(rows)
    return dict(groups)
