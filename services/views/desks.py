"""Whose desk it is: what waits for a person also waits for the posts held, and for the units headed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.moment import Moment
from projections.view_rows.pages import page
from projections.views.query import LARGEST_PAGE, MOST_VALUES, Query

if TYPE_CHECKING:
    import datetime as dt

    from projections.policy.policy import Policy
    from projections.view_rows.pages import AskedRows
    from projections.views.view import Value


def holders(
    rows: AskedRows,
    district: str,
    policy: Policy,
    today: dt.date,
    *,
    person: str | None = None,
    post: str | None = None,
    unit: str | None = None,
) -> tuple[str, ...]:
    """Return in whose name things wait for a person, a post or a unit on a day.

    A head of a unit, by the roles that the house policy names, finds what waits for the unit too.
    """
    found: dict[str, None] = dict.fromkeys(one for one in (person, post, unit) if one is not None)
    heads = frozenset(policy.roles["holder"])
    of_person = [] if person is None else _holdings(rows, district, today, {"person": (person,)})
    of_post = [] if post is None else _holdings(rows, district, today, {"case": (f"post/{post}",)})
    found.update(dict.fromkeys(str(one["entry"]) for one in of_person))
    found.update(dict.fromkeys(str(one["person"]) for one in of_post))
    found.update(dict.fromkeys(str(one["unit"]) for one in (*of_person, *of_post) if one["role"] in heads))
    return tuple(found)[:MOST_VALUES]


def _holdings(
    rows: AskedRows, district: str, today: dt.date, filters: dict[str, tuple[str, ...]]
) -> list[dict[str, Value]]:
    roster = rows.live("roster")
    if roster is None:
        return []
    asked = Query(filters={**filters, "sort": ("holding",)}, limit=LARGEST_PAGE)
    return [one for one in page(rows, roster, district, asked).rows if _holds(one, today)]


def _holds(row: dict[str, Value], today: dt.date) -> bool:
    began = Moment(str(row["since"])).day <= today
    over = row["until"] is not None and Moment(str(row["until"])).day < today
    left = row["left"] is not None and Moment(str(row["left"])).day <= today
    return began and not over and not left
