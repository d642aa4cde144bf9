"""How moments and ids are written for people: on the pages, and in the report that is printed."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from events.moment import Moment

LONGEST_UNBROKEN: Final = 32
"""Characters of an id, or of a part between slashes, that stay on one line; a longer one may break anywhere."""
_TO_THE_MINUTE: Final = len("2026-10-10 09:00")
_TO_THE_SECOND: Final = len("2026-10-10 09:00:00")


def moment(text: str | None, *, seconds: bool = False) -> Markup:
    """Return a date or date-time (text as recorded) to be read in +08:00: `2026-10-10`, `2026-10-10 09:00`.

    What is no moment is shown as it is, a dash for none. `seconds` are for paper, where nobody can look up the rest.
    """
    if text is None:
        return Markup("—")
    try:
        said = Moment(text).said
    except ValueError:
        return Markup("{}").format(text)
    return Markup('<time datetime="{}">{}</time>').format(text, said[: _TO_THE_SECOND if seconds else _TO_THE_MINUTE])


def identity(text: str) -> Markup:
    """Return an id that breaks at its slashes alone (`countersign/` `cs-1`), unless a part of it is long."""
    parts = text.split("/")
    long = any(len(one) > LONGEST_UNBROKEN for one in parts)
    broken = Markup("/<wbr>").join(parts)
    return Markup('<span class="{}">{}</span>').format("id long" if long else "id", broken)
