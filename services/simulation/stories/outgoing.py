"""Documents in the name of the government or its office: drafted, checked, signed, issued, published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.simulation.story import Break, Due, Flaw, Step, Story, step

Place = tuple[str, str]
"""Who stands at a place of the route, and the level it counts as."""
LEADER: Final[Place] = ("@leader", "leader_in_charge")
EXECUTIVE: Final[Place] = ("@exec", "executive_deputy")
HEAD: Final[Place] = ("@head", "district_head")
DIRECTOR: Final[Place] = ("@odir", "office_director")
DEPUTY_DIRECTOR: Final[Place] = ("@odep", "office_deputy")
UNIT_HEAD: Final[Place] = ("@unit_head", "unit_head")
QUESTIONS: Final = (
    *("law_already_clear", "existing_applies", "superior_directly_applicable", "no_new_substance"),
    *("implements_superior_unit", "deploys_own_activity", "within_unit_power"),
)
ANSWERS: Final = [{"question": one, "answer": False} for one in QUESTIONS]


@dataclass(frozen=True, kw_only=True)
class Route:
    """How a district has a document go out: who checks it, who signs it, and which articles say so."""

    name: str
    in_name_of: str
    reviews: tuple[tuple[Place, str | None], ...]
    """Who checks it, with the article that a missing check breaks."""
    signer: Place
    signer_article: str
    wrong_signer: Place
    published: tuple[str, int] | None = None
    """The article on publishing, with the working days it leaves."""
    channels: tuple[str, ...] = ("portal",)
    channel_articles: Mapping[str, str] | None = None
    secrecy: str | None = None
    """The article that wants a secrecy review before publishing."""
    flags: tuple[str, ...] = ()
    party_of_wrong_signer: str | None = None


def outgoing(route: Route, monthly: float) -> Story:
    """Return the story of a document that goes its route."""
    drafted = Step(
        fact="document.drafted",
        case="document",
        by="@unit_head",
        data={
            "title": "@title",
            "kind": "notice",
            "in_name_of": route.in_name_of,
            "issuers": ["@gov" if route.in_name_of == "government" else "@office"],
            "drafter": "@unit",
            "direction": "down",
            "addressees": ["@u_town", "@u_street"],
            "fields": "@fields",
            "concerned_units": [],
            "flags": list(route.flags),
            "matters": [],
            "basis": None,
            "version": "1",
            "disclosure": "active",
            "papers": [],
        },
    )
    reviews = tuple(_reviewed(place, number) for number, (place, _) in enumerate(route.reviews, start=1))
    signed = Step(
        fact="document.signed",
        case="document",
        by=route.signer[0],
        data={"level": route.signer[1], "version": "1"},
        day=4,
    )
    issued = step(
        *("document.issued", "document", "@office", 6),
        number="@number",
        dated="@in_5",
        printed_on="@in_8",
        channel="platform",
        to_units=["@u_town", "@u_street"],
    )
    secrecy = (
        step(
            *("review.requested", "review", "@unit", 6),
            kind="secrecy",
            about="#document",
            version="1",
            reviewer="@office",
        ),
        step("review.concluded", "review", "@office", 7, result="pass", written=True, version="1"),
    )
    published = step("document.published", "document", "@office", 9, channels=list(route.channels))
    return Story(
        name=route.name,
        setting="deputys_department",
        monthly=monthly,
        steps=(drafted, *reviews, signed, issued, *(secrecy if route.secrecy is not None else ()), published),
        flaws=tuple(_flaws(route, reviews)),
    )


def _reviewed(place: Place, number: int) -> Step:
    return Step(
        fact="document.reviewed",
        case="document",
        by=place[0],
        data={"level": place[1], "result": "pass", "version": "1", "answers": ANSWERS},
        day=number,
        label=f"reviewed-{number}",
    )


def _flaws(route: Route, reviews: tuple[Step, ...]) -> list[Flaw]:
    found = [
        Flaw(
            name=f"not checked by {place[1]}",
            leave_out=(one.label,),
            breaks=(Break(article=article, subject="document"),),
        )
        for one, (place, article) in zip(reviews, route.reviews, strict=True)
        if article is not None
    ]
    found.append(
        Flaw(
            name="signed by another",
            by={"document.signed": route.wrong_signer[0]},
            change={"document.signed": {"level": route.wrong_signer[1]}},
            breaks=(Break(article=route.signer_article, subject="document", party=route.party_of_wrong_signer),),
        )
    )
    if route.published is not None:
        article, days = route.published
        due = Due(days, "document.issued")
        found.append(
            Flaw(
                name="published late",
                late="document.published",
                breaks=tuple(Break(article=article, subject="document", due=due) for _ in route.channels[:1]),
            )
        )
    if route.secrecy is not None:
        found.append(
            Flaw(
                name="published without secrecy review",
                leave_out=("review.requested", "review.concluded"),
                breaks=(Break(article=route.secrecy, subject="document"),),
            )
        )
    return found
