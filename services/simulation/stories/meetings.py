"""Parts of a meeting: its topics, its papers, the sitting, the minutes and what is made known."""

from __future__ import annotations

from collections.abc import Sequence

from services.simulation.story import Step, step


def proposed(
    which: str, kind: str, day: int, *, by: str, flags: Sequence[str] = (), concerned: bool = False
) -> tuple[Step, ...]:
    """Return a topic's proposal for the executive meeting and its classification."""
    matter = f"matter:{which}"
    entered = Step(
        fact="matter.proposed",
        case=matter,
        by=by,
        day=day,
        data={
            "title": f"@title_{which}",
            "kind": kind,
            "sponsor": f"@unit_{which}",
            "fields": f"@fields_{which}",
            "concerned_units": ["@other1"] if concerned else [],
            "forum": "executive",
            "on_form": True,
        },
        label=f"proposed-{which}",
    )
    classified = Step(
        fact="matter.classified",
        case=matter,
        by="@office",
        day=day,
        data={"flags": list(flags)},
        label=f"classified-{which}",
    )
    return (entered, classified)


def consulted(kind: str, day: int, *, matter: str = "#matter:a", sponsor: str = "@unit_a") -> tuple[Step, ...]:
    """Return the opinion of the other department on a topic, asked and given the next day."""
    return (
        Step(
            fact="countersign.requested",
            case="countersign",
            by=sponsor,
            day=day,
            data={
                "kind": kind,
                "about": matter,
                "sponsor": sponsor,
                "departments": ["@other1"],
                "form": "online",
                "version": "1",
            },
        ),
        step("countersign.received", "countersign", "@other1", day, department="@other1", complete=True),
        step(
            *("countersign.replied", "countersign", "@other1_head", day + 1),
            department="@other1",
            stance="agree",
            signed_by="@other1_head",
            signer_post="@other1_post",
            sealed=True,
            head_took_part=True,
        ),
    )


def approval(label: str, by: str, day: int, kind: str, about: str, level: str, **more: object) -> Step:
    """Return an approval on the way of a topic or a meeting."""
    return Step(
        fact="approval.given",
        case=f"approval:{label}",
        by=by,
        day=day,
        data={"kind": kind, "about": about, "level": level, **more},
        label=label,
    )


def reviewed(
    label: str, kind: str, day: int, *, about: str, asked_by: str, reviewer: str, by: str, **more: object
) -> tuple[Step, Step]:
    """Return a review asked for and concluded."""
    case = f"review:{label}"
    return (
        Step(
            fact="review.requested",
            case=case,
            by=asked_by,
            day=day,
            data={"kind": kind, "about": about, "version": "1", "reviewer": reviewer},
            label=f"{label}-asked",
        ),
        Step(
            fact="review.concluded",
            case=case,
            by=by,
            day=day,
            data={"result": "pass", "written": True, "version": "1", **more},
            label=label,
        ),
    )


def papers(
    which: str,
    day: int,
    *,
    by: str,
    held: Sequence[str],
    signers: Sequence[str],
    elements: Sequence[str] = ("consulted_opinions", "proposal"),
) -> Step:
    """Return the papers of a topic handed in at the office."""
    return Step(
        fact="matter.papers_submitted",
        case=f"matter:{which}",
        by=by,
        day=day,
        data={
            "to_unit": "@office",
            "version": "1",
            "papers": list(held),
            "elements": list(elements),
            "signers": list(signers),
        },
        label=f"papers-{which}",
    )


def planned(kind: str, day: int, title: str, *, chair: str = "@head", host: str = "@office", **more: object) -> Step:
    """Return the plan of a meeting at nine o'clock."""
    return Step(
        fact="meeting.planned",
        case="meeting",
        by=host,
        day=day,
        data={
            "kind": kind,
            "title": title,
            "starts_at": "@starts_at",
            "host": host,
            "in_name_of": "government",
            "convener": chair,
            "chair": chair,
            "mode": "in_person",
            **more,
        },
    )


def entry(item: int, which: str, kind: str = "ordinary") -> dict[str, object]:
    """Return one entry of an agenda."""
    return {"item": item, "matter": f"#matter:{which}", "kind": kind, "lead": f"@unit_{which}"}


def opened(chair: str = "@head", **change: object) -> Step:
    """Return the opening at the hour planned."""
    return Step(
        fact="meeting.opened",
        case="meeting",
        by="@office",
        data={"chair": chair, "convener": chair, **change},
        at="@starts_at",
        anywhere=True,
    )


def attended(label: str, persons: str, *, present: bool = True, capacity: str = "member") -> Step:
    """Return who came, or did not, at the opening."""
    return Step(
        fact="meeting.attendance_recorded",
        case="meeting",
        by="@office",
        data={"person": "@each", "present": present, "capacity": capacity},
        each=persons,
        at="@starts_at",
        label=label,
    )


def item(number: int, which: str, outcome: str = "adopted", **more: object) -> tuple[Step, Step]:
    """Return an item taken up and decided."""
    return (
        Step(
            fact="meeting.item_opened",
            case="meeting",
            by="@office",
            data={
                "item": number,
                "matter": f"#matter:{which}",
                "presenter": f"@head_{which}",
                "presenter_post": f"@post_{which}",
            },
            at=f"@item{number}_at",
            label=f"item-{number}",
        ),
        Step(
            fact="meeting.decision_made",
            case="meeting",
            by="@gov",
            data={
                "item": number,
                "matter": f"#matter:{which}",
                "decision": f"{number}.1",
                "outcome": outcome,
                "version": "1",
                "responsible": [f"@unit_{which}"],
                **more,
            },
            at=f"@item{number}_done",
            label=f"decided-{number}",
        ),
    )


def closed(minutes: str = "required") -> Step:
    """Return the close of the meeting."""
    return Step(fact="meeting.closed", case="meeting", by="@office", data={"minutes_need": minutes}, at="@closes_at")


def minutes(
    reviews: Sequence[tuple[str, str]],
    signer: tuple[str, str],
    *,
    decisions: Sequence[str],
    drafter: str = "@office",
    issue_day: int = 3,
    to_persons: Sequence[str] | None = None,
) -> tuple[Step, ...]:
    """Return the minutes drafted, checked, signed and issued."""
    checks = tuple(
        Step(
            fact="minutes.reviewed",
            case="minutes",
            by=by,
            day=1,
            data={"level": level, "result": "pass"},
            label=f"minutes-checked-{by.removeprefix('@')}",
        )
        for by, level in reviews
    )
    return (
        Step(
            fact="minutes.drafted",
            case="minutes",
            by=drafter,
            day=1,
            data={
                "meeting": "#meeting",
                "drafter": drafter,
                "decisions": list(decisions),
                "subjects": ["other"],
                "major": False,
                "attachments": [],
            },
        ),
        *checks,
        Step(fact="minutes.signed", case="minutes", by=signer[0], day=2, data={"level": signer[1]}),
        step(
            *("minutes.issued", "minutes", "@office" if drafter == "@office" else drafter, issue_day),
            number="@number",
            to_units=["@unit", "@other1"],
            to_persons=to_persons,
        ),
    )


def made_known(day: int) -> Step:
    """Return the publication of what the meeting decided."""
    return step(
        *("publicity.information_published", "publicity", "@office", day),
        kind="decision",
        about="#meeting",
        unit="@office",
        channels=["portal"],
    )
