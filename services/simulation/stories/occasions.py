"""What else happens: costs, releases, briefings, duty on days off, sudden events, trips to the base."""

from __future__ import annotations

from typing import Final

from services.simulation.story import Break, Due, Flaw, Step, Story, step

BRIEFING_DAYS: Final = tuple(f"{year}-{month:02}-12" for year in (2025, 2026) for month in range(2, 12))

TRIP_DAYS: Final = tuple(f"{year}-{month:02}-06" for year in (2025, 2026) for month in range(2, 12))


def costs(article: str) -> Story:
    """Return the cost of a meeting, which stands in a budget."""
    return Story(
        name="cost",
        monthly=1.5,
        steps=(
            step(
                *("funds.cost_recorded", "cost", "@unit", 0),
                kind="meeting",
                unit="@unit",
                planned=False,
                amount_wan="1.2",
                budget_line="会议费",
            ),
        ),
        flaws=(
            Flaw.changed(
                *("cost outside the budget", "funds.cost_recorded", {"budget_line": None}),
                article=article,
                subject="cost",
            ),
        ),
    )


def banquets(article: str) -> Story:
    """Return a banquet on public money, which rests on a ground."""
    return Story(
        name="banquet",
        monthly=0.5,
        steps=(
            step(
                *("funds.cost_recorded", "cost", "@unit", 0),
                kind="banquet",
                unit="@unit",
                planned=False,
                amount_wan="0.3",
                budget_line="公务接待费",
                ground="公务接待审批单",
            ),
        ),
        flaws=(
            Flaw.changed(
                *("banquet without a ground", "funds.cost_recorded", {"ground": None}),
                article=article,
                subject="cost",
            ),
        ),
    )


def releases(article: str) -> Story:
    """Return the release of important news, approved before."""
    return Story(
        name="release",
        monthly=1.5,
        steps=(
            step(
                *("publicity.prepared", "publicity", "@unit", 0),
                kind="release",
                title="@title",
                unit="@unit",
                in_name_of="unit",
                important=True,
                undecided=False,
            ),
            step(
                *("approval.given", "approval", "@leader", 1),
                kind="release",
                about="#publicity",
                level="leader_in_charge",
            ),
            step("publicity.released", "publicity", "@unit", 2, channels=["portal"]),
        ),
        flaws=(Flaw.left_out("released without approval", "approval.given", article=article, subject="publicity"),),
    )


def briefings(article: str | None, *, one: str | None = None) -> Story:
    """Return a department's briefing, which the office passed before it came out; `one` allows no second title."""
    unseen = Flaw.left_out(
        "briefing not passed by the office", "approval.given", article=article or "", subject="briefing"
    )
    second = Flaw(
        name="a second briefing of a department",
        add=_briefing("briefing:second", "简讯", 4),
        breaks=(Break(article=one or "", subject="unit/@unit", party="@unit"),),
    )
    return Story(
        name="briefing",
        setting="department_of_the_month",
        on_days=BRIEFING_DAYS,
        steps=_briefing("briefing", "工作简报", 0),
        flaws=(*((unseen,) if article is not None else ()), *((second,) if one is not None else ())),
    )


def _briefing(case: str, title: str, day: int) -> tuple[Step, ...]:
    """Return the first issue of a briefing, which the office passed."""
    return (
        step("briefing.titled", case, "@unit", day, title=title, unit="@unit"),
        step(
            *("approval.given", case.replace("briefing", "approval", 1), "@odir", day + 1),
            kind="approve",
            about=f"#{case}",
            level="office_director",
        ),
        step(
            *("briefing.issued", case, "@unit", day + 2),
            issue="第1期",
            channel="platform",
            to_persons=[],
            via_unit="@office",
            accepted=True,
        ),
    )


def duties(article: str) -> Story:
    """Return the duty of a day, led by a leader."""
    return Story(
        name="duty",
        monthly=2,
        steps=(rostered("@in_5"),),
        flaws=(Flaw.changed("no leader on duty", "duty.rostered", {"leader": None}, article=article, subject="duty"),),
    )


def rostered(date: str) -> Step:
    """Return who is on duty in the office on a day of the setting, and under which leader."""
    return step(
        *("duty.rostered", "duty", "@office", 0), date=date, unit="@office", officers=["@osec"], leader="@leader"
    )


def events(article: str, *, kind: str = "sudden_event", grade: str = "ordinary", due: Due | None = None) -> Story:
    """Return an event in a department's field, a sudden one unless said otherwise, reported to the office at once."""
    return Story(
        name="event",
        monthly=0.7,
        steps=(
            step(
                *("duty.event_recorded", "emergency", "@unit", 0),
                title="@title",
                kind=kind,
                event_grade=grade,
                unit="@unit",
                public_opinion=False,
            ),
            step(
                *("duty.event_reported", "emergency", "@unit", 0),
                from_unit="@unit",
                to_unit="@office",
                form="phone",
                stage="first",
            ),
            step("duty.event_handled", "emergency", "@unit", 1, unit="@unit", content="险情排除", finished=True),
        ),
        flaws=(
            Flaw(
                name="event not reported",
                leave_out=("duty.event_reported",),
                breaks=(Break(article=article, subject="emergency", due=due),),
            ),
        ),
    )


def trips(*flaws: Flaw) -> Story:
    """Return the leaders' days at the base, six in each of ten months: two months in a year."""
    return Story(
        name="trip",
        on_days=TRIP_DAYS,
        steps=(
            step(
                *("visit.planned", "visit", "@office", 0),
                kind="research_trip",
                title="@title",
                leaders="@leaders",
                host="@unit",
                from_="@in_3",
                until="@in_3",
                fields="@fields",
                arranged_by="@office",
            ),
            step(
                *("visit.made", "visit", "@office", 3),
                leaders="@leaders",
                days_spent="6",
                companions=[{"unit": "@unit"}],
                police_car=False,
                boundary_reception=False,
                meal="buffet",
            ),
        ),
        flaws=flaws,
    )
