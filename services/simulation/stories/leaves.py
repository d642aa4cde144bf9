"""Absences: registered, reported, approved and covered as the district wants it, then taken as registered."""

from __future__ import annotations

from services.simulation.story import Flaw, Step, Story, step

REQUESTED = step("absence.requested", "absence", "@person", 0, to="@head", form="leave_form")
REPORTED = step("absence.reported", "absence", "@person", 0, to="@head", form="oral")
APPROVED = step("absence.approved", "absence", "@head", 1, from_="@from", until="@until", opinion="同意")
CONSENTED = step("absence.consented", "absence", "@own_leader", 0, opinion="同意")
FILED = step("absence.filed", "absence", "@person", 1, with_unit="@u_party", form="written")
RETURN_REPORTED = Step(
    fact="absence.return_reported",
    case="absence",
    by="@person",
    data={"to": "@head", "form": "phone"},
    at="@back_at",
    anywhere=True,
)
ACTING_HEAD = step(
    *("entrustment.given", "entrustment", "@head", 1),
    kind="acting_head",
    by="@head",
    to="@exec",
    from_="@first_day",
    until="@last_day",
    absence="#absence",
    reason="区长离区",
)


def leave(  # noqa: PLR0913 - one argument for each thing that differs between districts
    name: str,
    scene: str,
    monthly: float,
    *,
    before: tuple[Step, ...],
    after: tuple[Step, ...] = (),
    stand_in: str | None = None,
    handover: str | None = None,
    flaws: tuple[Flaw, ...] = (),
) -> Story:
    """Return the story of one person's absence; `before` is what the district demands before the departure."""
    return Story(
        name=name,
        setting=scene,
        monthly=monthly,
        steps=(registered("absence", "@person", stand_in), *before, *taken("absence", "@person", handover), *after),
        flaws=flaws,
    )


def registered(case: str, person: str, stand_in: str | None = None) -> Step:
    """Return the registration of an absence outside the city."""
    return step(
        *("absence.registered", case, person, 0),
        person=person,
        kind="business_trip",
        from_="@from",
        until="@until",
        reason="公务",
        leaves=["urban_area", "district", "city"],
        destination="@place",
        stand_in=stand_in,
    )


def taken(case: str, person: str, handover: str | None = None) -> tuple[Step, Step]:
    """Return the departure and the return, as registered."""
    return (
        Step(
            fact="absence.departed",
            case=case,
            by=person,
            data={} if handover is None else {"handover_to": handover},
            at="@departs_at",
            anywhere=True,
        ),
        Step(fact="absence.returned", case=case, by=person, at="@returns_at", anywhere=True),
    )
