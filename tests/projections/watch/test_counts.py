"""A count that goes on for years stands period by period: what is over is neither judged nor saved again."""

from __future__ import annotations

import orjson
from msgspec.structs import replace

from events.fact import AnyFact
from events.moment import Moment
from events.parsing import History
from projections.watch.watch import Watch
from services.checking import Clocks
from tests.projections.playing import ROSTER_KINDS, cases_of, judging
from tests.rulebooks.kinds.histories import fact

CAP = "xinzhou/24.4-cap"
YEARLY = "xinzhou/17.2-frequency"
YEARS = range(2024, 2031)


def roster() -> list[AnyFact]:
    """Return the roster with which the cases of the rule begin."""
    case = next(one for one in cases_of("xinzhou") if one.rule == CAP)
    return [fact for fact in case.facts if fact.subject.kind in ROSTER_KINDS]


def meetings() -> list[AnyFact]:
    """Tell of three district-wide meetings a year, of which a unit may hold one."""
    data = {
        "planned": {"kind": "district_wide", "title": "会议", "host": "u-agri", "mode": "in_person"},
        "opened": {"chair": "p-agri", "convener": "p-head"},
    }
    people = {"convener": "p-head", "chair": "p-agri", "district_wide": True}
    lines: list[object] = [{"district": "xinzhou"}]
    for day in (f"{year}-{month:02}-15" for year in YEARS for month in (2, 5, 8)):
        data["planned"] |= {"starts_at": f"{day}T09:00:00+08:00", **people}  # type: ignore[dict-item]  # a flag among texts
        lines += [
            {
                "type": f"meeting.{name}.v1",
                "subject": {"kind": "meeting", "id": f"m-{day}"},
                "occurred_at": f"{day}T09:00:00+08:00",
                "actor": {"unit": "u-agri"},
                "data": data[name],
            }
            for name in ("planned", "opened")
        ]
    return list(History(map(orjson.dumps, lines)))


def test_one_more_of_this_year_saves_this_year_alone() -> None:
    by = judging("xinzhou")
    watch = Watch(by.rules, by.calendar)
    Clocks(watch, "xinzhou").play([*roster(), *meetings()[:-1]])
    before = {subject: len(rows) for (rule, subject), rows in watch.save().standing.items() if rule == CAP}
    violated = [one.period for rule, one in watch.standing() if rule.header.id == CAP and one.state == "violated"]
    watch.take(meetings()[-1])
    after = {subject: len(rows) for (rule, subject), rows in watch.save().standing.items() if rule == CAP}
    assert before == {f"=unit/u-agri {year}-01-01": 2 if year < YEARS[-1] else 1 for year in YEARS}
    assert violated == [str(year) for year in YEARS for _ in range(2 if year < YEARS[-1] else 1)]
    assert after == {f"=unit/u-agri {YEARS[-1]}-01-01": 2}


def told(type_: str, case: str, day: str, **data: object) -> AnyFact:
    """Return a fact of the district."""
    return replace(fact(type_, case, day, **data), district="xinzhou")


def test_a_year_tied_to_a_meeting_alone_is_judged_anew_when_that_turns_out_to_be_another_meeting() -> None:
    # No unit stands to which the year could be tied, and the year is over when the meeting's kind becomes known.
    by = judging("xinzhou")
    watch = Watch(by.rules, by.calendar)
    planned = {"title": "会议", "starts_at": "2026-03-17T09:00:00+08:00", "host": "u-office", "mode": "in_person"}
    facts = [
        told(
            "roster.post_established", "post/post-head", "2024-01-02", title="区长", unit="u-gov", role="district_head"
        ),
        told("absence.departed", "absence/q-1", "2025-01-15"),
        told("meeting.opened", "meeting/m-1", "2026-03-17", chair="p-head"),
        told("meeting.planned", "meeting/m-1", "2026-03-04", kind="executive", **planned),
    ]
    clocks, states = Clocks(watch, "xinzhou"), []
    for number, one in enumerate(facts, start=1):
        watch.take(replace(one, sequence=number))
        clocks.strike_through(Moment("2026-04-01").earliest)
        states.append([(one.period, one.state) for rule, one in watch.standing() if rule.header.id == YEARLY])
    assert states[2:] == [[("2025", "violated"), ("2026", "open")], []]
