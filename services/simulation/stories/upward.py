"""What goes up and comes down: requests and data to the city, papers of superior departments, the city's meetings."""

from __future__ import annotations

from services.simulation.stories.outgoing import ANSWERS, DIRECTOR, HEAD, LEADER
from services.simulation.story import Break, Due, Flaw, Step, Story, step


def upward_requests(
    *,
    signer_article: str,
    followed: str | None = None,
    flags: tuple[str, ...] = (),
    disclosure: str | None = "none",
) -> Story:
    """Return a request of the government to the city, signed by the head.

    `followed` is the article that wants it reported within a month what became of it; without `disclosure` its class is
    not recorded.
    """
    reviews = tuple(
        Step(
            fact="document.reviewed",
            case="document",
            by=by,
            data={"level": level, "result": "pass", "version": "1", "answers": ANSWERS},
            day=day,
            label=f"reviewed-{day}",
        )
        for day, (by, level) in enumerate((DIRECTOR, LEADER), start=1)
    )
    report = step(
        *("report.submitted", "report", "@unit", 12),
        kind="report",
        about="#document",
        from_unit="@unit",
        to_unit="@office",
        form="written",
    )
    flaws = [
        Flaw.by_another(
            *("signed by a deputy", "document.signed", "@strange_leader", {"level": "leader_in_charge"}),
            article=signer_article,
            subject="document",
        )
    ]
    if followed is not None:
        flaws.append(
            Flaw.done_late(
                *("its fate reported late", "report.submitted"),
                article=followed,
                subject="document",
                due=Due(1, "document.issued", "month"),
            )
        )
    return Story(
        name="upward-request",
        setting="deputys_department",
        monthly=0.8,
        steps=(
            Step(
                fact="document.drafted",
                case="document",
                by="@unit_head",
                data={
                    "title": "@title",
                    "kind": "request",
                    "in_name_of": "government",
                    "issuers": ["@gov"],
                    "drafter": "@unit",
                    "direction": "up",
                    "addressees": ["@u_city"],
                    "fields": "@fields",
                    "concerned_units": [],
                    "flags": list(flags),
                    "matters": [],
                    "basis": None,
                    "version": "1",
                    "papers": [],
                    **({} if disclosure is None else {"disclosure": disclosure}),
                },
            ),
            *reviews,
            Step(fact="document.signed", case="document", by=HEAD[0], data={"level": HEAD[1], "version": "1"}, day=3),
            step(
                *("document.issued", "document", "@office", 5),
                number="@number",
                dated="@in_3",
                printed_on="@in_5",
                channel="platform",
                to_units=["@u_city"],
            ),
            *((report,) if followed is not None else ()),
        ),
        flaws=tuple(flaws),
    )


def superior_papers(*, monthly: str, at_once: str) -> tuple[Story, ...]:
    """Return papers from a department's superior: routine ones listed within a month, important ones sent at once."""

    def received(*flags: str) -> Step:
        return step(
            *("document.received", "document", "@unit", 0),
            title="@title",
            kind="notice",
            from_unit="@u_citydept",
            number="@number",
            received_by="@unit",
            register_no="@number",
            fields="@fields",
            concerned_units=[],
            contains_request=False,
            flags=list(flags),
        )

    listed = step(
        *("report.submitted", "report", "@unit", 8),
        kind="papers_list",
        about="#document",
        covers=["#document"],
        from_unit="@unit",
        to_unit="@office",
        form="written",
        elements=["copies"],
    )
    passed_on = step("document.forwarded", "document", "@unit", 1, to_unit="@office", purpose="read")
    return (
        Story(
            name="superior-paper",
            monthly=1,
            steps=(received(), listed),
            flaws=(
                Flaw.changed(
                    "copies left out", "report.submitted", {"elements": []}, article=monthly, subject="report"
                ),
                Flaw.done_late(
                    *("listed late", "report.submitted"),
                    article=monthly,
                    subject="document",
                    due=Due(1, "document.received", "month"),
                ),
            ),
        ),
        Story(
            name="important-superior-paper",
            monthly=0.7,
            steps=(received("important"), passed_on),
            flaws=(
                Flaw.done_late(
                    *("passed on late", "document.forwarded"),
                    article=at_once,
                    subject="document",
                    due=Due(1, "document.received"),
                ),
            ),
        ),
    )


def data_reports(article: str) -> Story:
    """Return data that a department gives to its superior with the consent of the leader in charge."""
    return Story(
        name="data-report",
        setting="deputys_department",
        monthly=0.8,
        steps=(
            step(
                "publicity.prepared",
                "publicity",
                "@unit",
                0,
                kind="data",
                title="@title",
                unit="@unit",
                in_name_of="unit",
            ),
            step(
                "approval.given", "approval", "@leader", 1, kind="release", about="#publicity", level="leader_in_charge"
            ),
            step("publicity.released", "publicity", "@unit", 2, channels=["platform"], to_unit="@u_citydept"),
        ),
        flaws=(Flaw.left_out("without consent", "approval.given", article=article, subject="publicity"),),
    )


def superior_meetings(article: str, days: int) -> Story:
    """Return a meeting of the city, reported in writing some working days after it."""
    return Story(
        name="superior-meeting",
        setting="full_week",
        monthly=0.8,
        steps=(
            Step(
                fact="meeting.planned",
                case="meeting",
                by="@office",
                data={
                    "kind": "superior",
                    "title": "@title",
                    "starts_at": "@in_2",
                    "host": "@u_city",
                    "mode": "in_person",
                },
            ),
            step("meeting.closed", "meeting", "@office", 2, minutes_need="none"),
            step(
                *("report.submitted", "report", "@unit", 3),
                kind="meeting_report",
                about="#meeting",
                from_unit="@unit",
                to_unit="@office",
                form="written",
                elements=["meeting_spirit", "measures"],
            ),
        ),
        flaws=(
            Flaw.done_late(
                *("reported late", "report.submitted"),
                article=article,
                subject="meeting",
                due=Due(days, "meeting.closed"),
            ),
            Flaw(
                name="no proposals in the report",
                change={"report.submitted": {"elements": ["meeting_spirit"]}},
                breaks=(Break(article=article, subject="report"),),
            ),
        ),
    )
