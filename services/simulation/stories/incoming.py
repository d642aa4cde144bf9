"""Papers that departments and towns send to the government, from the register to the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.simulation.story import Break, Due, Flaw, Step, Story, step

PRESENTED: Final = step("document.presented", "document", "@office", 0, to="@leader", parallel=False)
PROPOSED: Final = step(
    *("document.handling_proposed", "document", "@odir", 0),
    opinion="请分管领导审批",
    present_to=["@leader"],
    not_needed=["@other1_leader"],
    needs_study=False,
)
FORWARDED: Final = step("document.forwarded", "document", "@office", 2, to_unit="@unit", purpose="handle")
ANSWERED: Final = step("document.answered", "document", "@office", 2, stance="agree", opinion="同意")


def received(kind: str, **more: object) -> Step:
    """Return the register's entry of a paper that is in order."""
    data: dict[str, object] = {
        "title": "@title",
        "kind": kind,
        "from_unit": "@unit",
        "number": "@number",
        "received_by": "@office",
        "register_no": "@number",
        "main_addressees": ["@gov"],
        "to_persons": [],
        "also_sent_to": [],
        "co_senders": [],
        "signed_by": "@unit_head",
        "signer_post": "@unit_post",
        "sealed": True,
        "subject_count": 1,
        "contains_request": kind == "request",
        "concerned_units": [],
        "fields": "@fields",
        "flags": [],
        "matters": [],
        "countersign": None,
        "elements": [],
        "papers": [],
        "form": "formal_document",
    }
    return Step(fact="document.received", case="document", by="@office", data=data | more)


def marked(by: str = "@leader", level: str = "leader_in_charge", day: int = 1) -> Step:
    """Return a leader's opinion on a paper."""
    return step(
        *("document.marked_by_leader", "document", by, day),
        mark="opinion",
        stance="agree",
        opinion="同意",
        medium="electronic",
        level=level,
        to_units=["@unit"],
    )


SLIPS: Final[Mapping[str, Mapping[str, object]]] = {
    "two matters in one request": {"subject_count": 2},
    "signed by a deputy": {"signed_by": "@unit_deputy", "signer_post": "@unit_deputy_post"},
    "several addressees": {"main_addressees": ["@gov", "@u_party"]},
    "sent to a leader in person": {"to_persons": ["@leader"], "direct_ground": "none"},
    "sent by an institution": {"from_unit": "@u_center", "signed_by": "@center", "signer_post": "post-center"},
}


def requests(
    articles: Mapping[str, tuple[str, ...]], *, forwarded: bool, presented_with: tuple[str, ...] = ()
) -> Story:
    """Return a department's request; `articles` names what each slip breaks (`ARTICLE PARTY`), by the slips' names.

    `presented_with` is left out together with the opinion of the office.
    """
    slips = tuple(
        Flaw(
            name=name,
            change={"document.received": SLIPS[name]},
            breaks=tuple(Break(article=article, subject="document") for article in broken),
        )
        for name, broken in articles.items()
        if name in SLIPS
    )
    others = tuple(
        flaw
        for flaw in (
            Flaw(
                name="no opinion of the office",
                leave_out=("document.handling_proposed", *presented_with),
                breaks=_broken(articles, "no opinion of the office"),
            ),
            Flaw(
                name="presented past the division of work",
                change={"document.presented": {"to": "@strange_leader"}},
                breaks=_broken(articles, "presented past the division of work"),
            ),
        )
        if flaw.breaks
    )
    return Story(
        name="request",
        monthly=4,
        steps=(
            received("request"),
            PROPOSED,
            PRESENTED,
            marked(),
            *((FORWARDED,) if forwarded else ()),
            ANSWERED,
        ),
        flaws=(*slips, *others),
    )


def _broken(articles: Mapping[str, tuple[str, ...]], name: str) -> tuple[Break, ...]:
    named = (one.partition(" ") for one in articles.get(name, ()))
    return tuple(Break(article=article, subject="document", party=party or None) for article, _, party in named)


def reports(article: str | None) -> Story:
    """Return a department's report, in which no request may be hidden."""
    hidden = Flaw(
        name="request hidden in a report",
        change={"document.received": {"contains_request": True}},
        breaks=(Break(article=article or "", subject="document"),),
    )
    return Story(
        name="report",
        monthly=2,
        steps=(received("report"), PROPOSED, PRESENTED, marked()),
        flaws=(hidden,) if article is not None else (),
    )


def joint_requests(*broken: tuple[str, str | None], due: Due | None = None, forwarded: bool) -> Story:
    """Return a request that touches another department, which countersigned it before.

    `broken` names the articles and parties of what follows when that department was not asked; `due` is the last day
    on which it could have been asked, so that its silence would have counted as no objection.
    """
    drafted = step(
        *("document.drafted", "document", "@unit", 0),
        title="@title",
        kind="request",
        in_name_of="unit",
        issuers=["@unit"],
        drafter="@unit",
        direction="up",
        addressees=["@gov"],
        fields="@fields",
        concerned_units=["@other1"],
        flags=[],
        version="1",
    )
    countersigned = (
        step(
            *("countersign.requested", "countersign", "@unit", 0),
            kind="countersign",
            about="#document",
            sponsor="@unit",
            departments=["@other1"],
            form="online",
            version="1",
        ),
        step("countersign.received", "countersign", "@other1", 0, department="@other1", complete=True),
        step(
            *("countersign.replied", "countersign", "@other1_head", 1),
            department="@other1",
            stance="agree",
            signed_by="@other1_head",
            signer_post="@other1_post",
            sealed=True,
            head_took_part=True,
        ),
    )
    entry = received("request", concerned_units=["@other1"], countersign="#countersign")
    signed = step(
        *("document.signed", "document", "@unit_head", 2),
        level="unit_head",
        version="1",
    )
    later = (PROPOSED, PRESENTED, marked(day=4), *((FORWARDED,) if forwarded else ()), ANSWERED)
    return Story(
        name="joint-request",
        monthly=1.5,
        steps=(drafted, *countersigned, signed, *(_later(one, 3) for one in (entry, *later))),
        flaws=(
            Flaw(
                name="other department not asked",
                leave_out=tuple(one.fact for one in countersigned),
                change={"document.received": {"countersign": None, "papers": []}},
                breaks=tuple(
                    Break(article=article, subject="document", party=party, due=due) for article, party in broken
                ),
            ),
        ),
    )


def _later(one: Step, days: int) -> Step:
    return Step(fact=one.fact, case=one.case, by=one.by, data=one.data, day=one.day + days)


def superior_papers(article: str) -> Story:
    """Return an important paper from above, laid before the district head at once: within a working day."""
    to_head = step("document.presented", "document", "@office", 0, to="@head", parallel=False)
    return Story(
        name="superior",
        monthly=1,
        steps=(
            received(
                "instruction_superior",
                from_unit="@u_city",
                flags=["important"],
                contains_request=False,
                signed_by=None,
                signer_post=None,
            ),
            to_head,
            marked("@head", "district_head"),
        ),
        flaws=(
            Flaw(
                name="superior's paper laid before the head late",
                late="document.presented",
                breaks=(Break(article=article, subject="document", due=Due(1, "document.received")),),
            ),
        ),
    )
