"""A leader's research at the base on a topic of his own, with few companions, and the report on it."""

from __future__ import annotations

from services.simulation.story import Break, Flaw, Story, step


def research_trips(*, crowd: str | None = None, most: int = 2) -> Story:
    """Return a trip of one leader; `crowd` is the article that lets `most` departments go along."""
    along = ["@unit", "@other1", "@other2", "@stranger"][: most + 1]
    flaws = (
        Flaw(
            name="too many companions",
            change={"visit.made": {"companions": [{"unit": one} for one in along]}},
            breaks=(Break(article=crowd or "", subject="visit", party="#visit"),),
        ),
    )
    return Story(
        name="research-trip",
        setting="deputys_department",
        monthly=0.8,
        steps=(
            step(
                *("visit.planned", "visit", "@office", 0),
                kind="contact_day",
                title="@title",
                leaders=["@leader"],
                host="@unit",
                from_="@in_3",
                until="@in_3",
                fields="@fields",
                arranged_by="@office",
            ),
            step(
                *("visit.made", "visit", "@office", 3),
                leaders=["@leader"],
                days_spent="1",
                companions=[{"unit": "@unit"}],
                police_car=False,
                boundary_reception=False,
                meal="buffet",
            ),
        ),
        flaws=flaws if crowd is not None else (),
    )
