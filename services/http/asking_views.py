"""Asking a view on behalf of a caller: as what he may see it, and whose desk is his own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from services.http import problems
from services.http.actions import classes_seen, may_see_personal
from services.views.asking import AskedBy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.view_rows.rows import ViewRows
    from services.http.parts import Parts
    from services.identity.caller import Caller


@contextmanager
def open_rows(parts: Parts) -> Iterator[ViewRows]:
    """Give the rows of the views; raise ProblemError when this process keeps none."""
    if parts.view_rows is None:
        raise problems.unavailable("views.not_kept", "本进程不保存视图。", "This process keeps no views.")
    with parts.view_rows() as rows:
        yield rows


def asked_by(parts: Parts, district: str, caller: Caller) -> AskedBy:
    """Return for whom a view is asked: now, under the house settings in force, what his roles may see."""
    return AskedBy(
        now=parts.clock(),
        policy=parts.policy_of(district),
        keys=parts.keys if may_see_personal(caller.roles) else None,
        may_see=classes_seen(caller.roles),
    )


def own_desk(caller: Caller) -> dict[str, tuple[str, ...]]:
    """Return the filters that narrow the desk to the caller's own: by person, post and unit of the token."""
    given = {"person": caller.person or caller.subject, "post": caller.post, "unit": caller.unit}
    return {name: (one,) for name, one in given.items() if one is not None}
