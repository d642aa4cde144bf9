"""新邱区人民政府工作规则（新政发〔2022〕5号）: what goes up, what is given out with a day set, what costs money."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.occasions import banquets
from services.simulation.stories.tasks import problems, reported
from services.simulation.stories.upward import data_reports, superior_meetings, superior_papers, upward_requests
from services.simulation.story import Break, Due, Flaw, Step, Story, step

URGENT_TASK: Final = Story(
    name="urgent-task",
    monthly=0.7,
    steps=(
        step(
            *("instruction.issued", "task", "@office", 0),
            kind="leader_instruction",
            content="@title",
            by="@leader",
            units=["@unit"],
            grade="important_urgent",
            due="@in_5",
        ),
        step(
            *("instruction.assigned", "task", "@office", 0),
            lead="@unit",
            co_units=["@other1"],
            responsible_person="@unit_deputy",
            supervisor="@office",
        ),
        step("instruction.reminded", "task", "@office", 1, kind="supervision_notice", unit="@unit", due="@in_8"),
        step(
            *("instruction.progress_reported", "task", "@unit_head", 6),
            unit="@unit",
            to_unit="@office",
            progress="done",
            content="已办结",
            approved_by="@unit_head",
            sealed=True,
            parts_of=["@other1"],
        ),
        *reported(6)[1:],
    ),
    flaws=(
        Flaw(
            name="past the day of the notice",
            late="instruction.progress_reported",
            breaks=(Break(article="58.2", subject="task", party="@unit", due=Due(0, "@in_8", "day")),),
        ),
        Flaw.changed(
            *("the other department left out", "instruction.progress_reported", {"parts_of": []}),
            article="56.2",
            subject="task",
        ),
    ),
)
YEARLY_TASK: Final = Story(
    name="yearly-task",
    on_days=("2025-01-20", "2026-01-20"),
    steps=(
        step(
            *("instruction.issued", "task", "@office", 0),
            kind="yearly_task",
            content="@title",
            by="@leader",
            units=["@unit"],
            grade="year_long",
        ),
        *reported(40)[1:],
    ),
)
CONSENTED_DOCUMENT: Final = Story(
    name="consented-document",
    setting="deputys_department",
    monthly=0.8,
    steps=(
        Step(
            fact="document.drafted",
            case="document",
            by="@unit_head",
            data={
                "title": "@title",
                "kind": "notice",
                "in_name_of": "unit_with_consent",
                "issuers": ["@unit"],
                "drafter": "@unit",
                "direction": "down",
                "addressees": ["@u_town"],
                "fields": "@fields",
                "concerned_units": [],
                "flags": [],
                "matters": [],
                "basis": None,
                "version": "1",
                "disclosure": "active",
                "papers": [],
                "consent_note": True,
            },
        ),
        step("approval.given", "approval", "@leader", 1, kind="consent", about="#document", level="leader_in_charge"),
        step("document.signed", "document", "@unit_head", 2, level="unit_head", version="1"),
        step(
            *("document.issued", "document", "@unit", 3),
            number="@number",
            dated="@in_2",
            printed_on="@in_3",
            channel="platform",
            to_units=["@u_town"],
        ),
    ),
    flaws=(
        Flaw.left_out("without the leader's consent", "approval.given", article="52.1", subject="document"),
        Flaw.changed(
            "without the note of consent",
            "document.drafted",
            {"consent_note": False},
            article="52.1",
            subject="document",
        ),
    ),
)
ABROAD: Final = Story(
    name="abroad",
    monthly=0.3,
    steps=(
        step(
            *("visit.planned", "visit", "@office", 0),
            kind="abroad",
            title="@title",
            leaders=["@leader"],
            host="@unit",
            from_="@in_3",
            until="@in_3",
            fields="@fields",
            arranged_by="@office",
        ),
        step("visit.made", "visit", "@office", 3, leaders=["@leader"]),
        step(
            *("report.submitted", "report", "@unit", 10),
            kind="report",
            about="#visit",
            from_unit="@unit",
            to_unit="@office",
            form="written",
        ),
    ),
    flaws=(
        Flaw.done_late(
            *("no account of the journey in time", "report.submitted"),
            article="67.1",
            subject="visit",
            due=Due(1, "visit.made", "month"),
        ),
    ),
)
REPORTS: Final = (
    upward_requests(signer_article="51.1(1)", followed="69.1"),
    *superior_papers(monthly="70.1", at_once="70.1"),
    data_reports("72.1"),
    superior_meetings("46.1", 2),
    URGENT_TASK,
    YEARLY_TASK,
    problems(
        article=None,
        source="inspection",
        flaws=(
            Flaw.left_out("no supervision notice", "supervision.problem_notified", article="58.1", subject="finding"),
        ),
    ),
    CONSENTED_DOCUMENT,
    banquets("64.1"),
    ABROAD,
)
