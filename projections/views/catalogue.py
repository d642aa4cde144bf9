"""Every view there is, by name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from projections.views.absences import ABSENCES
from projections.views.alerts import ALERTS
from projections.views.attendance import ATTENDANCE
from projections.views.countersigns import COUNTERSIGNS
from projections.views.desk import DESK
from projections.views.documents import DOCUMENTS
from projections.views.meetings import MEETINGS
from projections.views.missing import MISSING
from projections.views.numbers import NUMBERS
from projections.views.overview import OVERVIEW
from projections.views.roster import ROSTER
from projections.views.tasks import TASKS
from projections.views.timeline import TIMELINE
from projections.views.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.views.view import View

VIEWS: Final[Mapping[str, View]] = MappingProxyType(
    {
        view.name: view
        for view in (
            DESK,
            ALERTS,
            TOPICS,
            MEETINGS,
            ATTENDANCE,
            COUNTERSIGNS,
            DOCUMENTS,
            NUMBERS,
            TASKS,
            ABSENCES,
            MISSING,
            OVERVIEW,
            TIMELINE,
            ROSTER,
        )
    }
)
