"""The AB partners of those who are away, and which of them are away meanwhile: in two questions for a whole page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.moment import Moment
from projections.view_rows.pages import rows_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from events.moment import Instant
    from projections.view_rows.pages import AskedRows
    from projections.view_rows.rows import Build
    from projections.views.view import Value

_NOT_AWAY: Final = frozenset({"cancelled", "refused"})
_NOBODY: Final[Mapping[str, Value]] = {"partners": (), "partners_away": ()}


class _Away(NamedTuple):
    """From when until when somebody is away, by the row of the absence."""

    begins: Moment
    ends: Moment


class _Arranged(NamedTuple):
    """Who stands in for somebody, and from and until which instant; None: without an end."""

    since: Instant
    over: Instant | None
    partners: tuple[str, ...]


class _Reaching(NamedTuple):
    """The instants between which somebody is away, as far as they are recorded."""

    begins: Instant | None
    ends: Instant


class Partners:
    """Works out the partners for the rows of one page of absences."""

    def __init__(
        self, rows: AskedRows, roster: Build, absences: Build, district: str, shown: Iterable[Mapping[str, Value]]
    ) -> None:
        away = [(str(row["person"]), span) for row in shown if (span := _span(row)) is not None]
        self._arranged: dict[str, list[_Arranged]] = {}
        for one in rows_with(rows, roster, district, "person", dict.fromkeys(person for person, _ in away)):
            if one["sort"] == "partnership" and isinstance(one["partners"], tuple):
                self._arranged.setdefault(str(one["person"]), []).append(_arranged(one, one["partners"]))
        named = {one: None for person, span in away for one in self._of(person, span)}
        self._absences: dict[str, list[_Reaching]] = {}
        if not named:
            return
        # Whoever is away in any of these spans; which of them it is, is looked at row by row.
        bounds = {
            "from_at_until": max((span.ends for _, span in away), key=lambda one: one.latest).text,
            "until_at_from": min((span.begins for _, span in away), key=lambda one: one.earliest).text,
        }
        for one in rows_with(rows, absences, district, "person", named, bounds):
            if one["standing"] not in _NOT_AWAY and one["until_at"] is not None:
                self._absences.setdefault(str(one["person"]), []).append(_reaching(one))

    def __call__(self, row: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the partners by the arrangements in force during an absence, and those of them away meanwhile."""
        span = _span(row)
        if span is None:
            return _NOBODY
        partners = self._of(str(row["person"]), span)
        if row["standing"] in _NOT_AWAY:
            return {"partners": partners, "partners_away": ()}
        away = (one for one in partners if any(_overlaps(each, span) for each in self._absences.get(one, ())))
        return {"partners": partners, "partners_away": tuple(away)}

    def _of(self, person: str, span: _Away) -> tuple[str, ...]:
        in_force = (one.partners for one in self._arranged.get(person, ()) if _in_force(one, span))
        return tuple(dict.fromkeys(one for each in in_force for one in each))


def _span(row: Mapping[str, Value]) -> _Away | None:
    begins, ends = row["from_at"], row["until_at"]
    if row["person"] is None or begins is None or ends is None:
        return None
    return _Away(Moment(str(begins)), Moment(str(row["returned_at"] or ends)))


def _arranged(row: Mapping[str, Value], partners: tuple[str, ...]) -> _Arranged:
    until = None if row["until"] is None else Moment(str(row["until"])).latest
    left = None if row["left"] is None else Moment(str(row["left"])).earliest
    over = min((one for one in (until, left) if one is not None), default=None)
    return _Arranged(Moment(str(row["since"])).earliest, over, partners)


def _in_force(one: _Arranged, span: _Away) -> bool:
    return one.since <= span.ends.latest and (one.over is None or span.begins.earliest < one.over)


def _reaching(row: Mapping[str, Value]) -> _Reaching:
    begins = None if row["from_at"] is None else Moment(str(row["from_at"])).latest
    ends = (Moment(str(one)).latest for one in (row["until_at"], row["returned_at"]) if one is not None)
    return _Reaching(begins, min(ends))


def _overlaps(one: _Reaching, span: _Away) -> bool:
    return (one.begins is None or one.begins <= span.ends.latest) and one.ends >= span.begins.earliest
