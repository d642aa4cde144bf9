"""The dates that the texts themselves carry: of their adoption, signature and printing, and of their worked clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import orjson
import pytest

from services.checking import Checked, Options, check_history


def fact(type_name: str, case: str, on: str, /, *, by: str = "u-office", **data: object) -> dict[str, Any]:
    kind, _, identity = case.partition("/")
    return {
        "type": f"{type_name}.v1",
        "subject": {"kind": kind, "id": identity},
        "occurred_at": on,
        "actor": {"unit": by},
        "data": data,
    }


def checked(district: str, facts: Sequence[dict[str, Any]], until: str) -> Checked:
    lines = [orjson.dumps(one) for one in ({"district": district, "until": until}, *facts)]
    return check_history(lines, Options(show_satisfied=True))


def adopted_and_issued(meeting: str, signed: str, printed: str) -> list[dict[str, Any]]:
    """Tell how a document was adopted by an executive meeting, signed and printed."""
    return [
        fact(
            *("document.drafted", "document/rules", meeting),
            title="区人民政府工作规则",
            kind="notice",
            in_name_of="government",
            issuers=["u-gov"],
            drafter="u-office",
            direction="down",
            fields=["overall"],
            version="1",
            flags=[],
        ),
        fact(
            *("meeting.planned", "meeting/executive", meeting),
            kind="executive",
            title="区政府常务会议",
            starts_at=f"{meeting}T09:00:00+08:00",
            host="u-office",
            mode="in_person",
        ),
        fact(
            *("meeting.decision_made", "meeting/executive", f"{meeting}T10:00:00+08:00"),
            by="u-gov",
            item=1,
            matter="matter/rules",
            decision="1.1",
            outcome="adopted",
            to_issue=True,
            document="document/rules",
        ),
        fact("meeting.closed", "meeting/executive", f"{meeting}T11:00:00+08:00", minutes_need="none"),
        fact("document.signed", "document/rules", signed, by="u-gov", level="district_head"),
        fact(
            *("document.issued", "document/rules", printed),
            number="〔2022〕1号",
            dated=signed,
            printed_on=printed,
            channel="paper",
        ),
    ]


@pytest.mark.parametrize(
    ("district", "meeting", "signed", "printed"),
    [
        ("yuanzhou", "2023-07-07", "2023-07-10", "2023-07-10"),
        ("qianjiang", "2022-11-16", "2022-11-19", "2022-11-21"),
    ],
)
def test_what_was_done_before_the_rules_were_in_force_is_not_judged_by_them(
    district: str, meeting: str, signed: str, printed: str
) -> None:
    found = checked(district, adopted_and_issued(meeting, signed, printed), "2023-12-31")
    assert (found.findings, found.open) == ((), ())


def test_qianjiangs_rules_were_printed_within_the_limit_that_they_set_themselves() -> None:
    """Adopted on Wednesday 2022-11-16, signed on Saturday, printed on Tuesday the 22nd; and so a year later."""
    found = checked("qianjiang", adopted_and_issued("2023-11-15", "2023-11-18", "2023-11-21"), "2023-12-31")
    assert [(one.outcome, str(one.due_at)) for one in found.findings if one.article == "58.2"] == [
        ("satisfied", "2023-11-22")
    ]
    late = checked("qianjiang", adopted_and_issued("2023-11-15", "2023-11-18", "2023-11-23"), "2023-12-31")
    assert [(one.outcome, str(one.due_at)) for one in late.findings if one.article == "58.2"] == [
        ("violated", "2023-11-22")
    ]


@pytest.mark.parametrize(
    ("district", "last_day_before", "first_day", "article", "due"),
    [
        ("yuanzhou", "2023-07-10", "2023-07-11", "27.2", "2023-07-14"),
        ("qianjiang", "2022-11-21", "2022-11-22", "53.3", "2022-12-01"),
    ],
)
def test_the_rules_judge_from_the_day_they_were_issued_on(
    district: str, last_day_before: str, first_day: str, article: str, due: str
) -> None:
    def asked(day: str) -> Checked:
        request = fact(
            *("countersign.requested", "countersign/first", day),
            by="u-housing",
            kind="opinion",
            about="document/request",
            sponsor="u-housing",
            departments=["u-land"],
            form="online",
        )
        return checked(district, [request], "2023-12-31")

    assert (asked(last_day_before).findings, asked(last_day_before).open) == ((), ())
    assert [(one.article, one.due_at) for one in asked(first_day).findings] == [(article, due)]


@pytest.mark.parametrize(
    ("grade", "deployed", "last_day"),
    [
        ("ordinary", "2022-06-06", "2022-06-12"),
        ("ordinary", "2022-09-30", "2022-10-06"),
        ("complex", "2022-06-06", "2022-07-05"),
        ("complex", "2022-12-01", "2022-12-31"),
        ("year_long", "2023-01-03", "2023-12-31"),
    ],
)
def test_the_710_clock_of_xinqiu_counts_the_day_of_deployment(grade: str, deployed: str, last_day: str) -> None:
    """一般事项7天之内办结，复杂事项1个月内有结果，年初确定的所有事项年底清零；从部署当日算起（第五十八条）."""

    def done_on(day: str) -> list[tuple[str, str, str]]:
        kind = "yearly_task" if grade == "year_long" else "leader_instruction"
        history = [
            fact("instruction.issued", "task/one", deployed, kind=kind, content="办理", units=["u-land"], grade=grade),
            fact("instruction.completed", "task/one", day, by="u-land", unit="u-land", summary="已办结"),
        ]
        found = checked("xinqiu", history, "2024-06-30").findings
        return [(one.article, one.outcome, str(one.due_at)) for one in found if one.article == "58.2"]

    next_day = (dt.date.fromisoformat(last_day) + dt.timedelta(days=1)).isoformat()
    assert done_on(last_day) == [("58.2", "satisfied", last_day)]
    assert done_on(next_day) == [("58.2", "violated", last_day)]
