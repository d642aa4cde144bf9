"""How moments and ids are written for people: on the pages, and in the report that is printed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from markupsafe import Markup

from events.moment import OFFSET, Moment

LONGEST_UNBROKEN: Final = 32
"""Characters of an id, or of a part between slashes, that stay on one line; a longer one may break anywhere."""
_LAST_OF_A_DAY: Final = dt.time.max


def moment(text: str | None, *, seconds: bool = False) -> Markup:
    """Return a date or date-time (text as recorded) to be read: `2026-10-10`, `2026-10-10 09:00`, the end of a day.

    The offset stands beside it only where it is not that of the districts (+08:00); what is no moment, or a dash for
    none, is shown as it is. `seconds` are for paper, where nobody can look up the rest.
    """
    if text is None:
        return Markup("—")
    try:
        Moment(text)
    except ValueError:
        return Markup("{}").format(text)
    return Markup('<time datetime="{}">{}</time>').format(text, _read(text, seconds=seconds))


def _read(text: str, *, seconds: bool) -> Markup:
    if "T" not in text:
        return Markup("{}").format(text)
    given = dt.datetime.fromisoformat(text)
    local = given.utcoffset() == OFFSET
    if local and given.time() == _LAST_OF_A_DAY:
        return Markup('{} 日终 <span lang="en" class="en">end of day</span>').format(given.date())
    clock = given.replace(tzinfo=None) if local else given
    return Markup("{}").format(clock.isoformat(" ", "seconds" if seconds else "minutes"))


def identity(text: str) -> Markup:
    """Return an id that breaks at its slashes alone (`countersign/` `cs-1`), unless a part of it is long."""
    parts = text.split("/")
    long = any(len(one) > LONGEST_UNBROKEN for one in parts)
    broken = Markup("/<wbr>").join(parts)
    return Markup('<span class="{}">{}</span>').format("id long" if long else "id", broken)
