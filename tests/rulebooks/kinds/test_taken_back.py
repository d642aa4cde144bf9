"""What was given and taken back before the act."""

from __future__ import annotations

import pytest

from tests.rulebooks.kinds.histories import fact, judged, rule

PLANNED = fact(
    "meeting.planned",
    "meeting/zw-1",
    "2026-03-01",
    kind="executive",
    title="会议",
    starts_at="2026-03-10",
    host="u-office",
    mode="in_person",
)
CONSENTED = """
kind: gate
on: meeting.opened
settle: now
needs: [{zh: 同意, en: consent, fact: approval.given, about: case, not_after: trigger}]
"""


@pytest.mark.parametrize(
    ("given", "withdrawn", "state"),
    [
        (("2026-03-02",), ("2026-03-05",), "violated"),
        (("2026-03-02",), ("2026-03-01",), "satisfied"),
        (("2026-03-02",), ("2026-03-12",), "satisfied"),
        (("2026-03-02", "2026-03-06"), ("2026-03-05",), "satisfied"),
        (("2026-03-02", "2026-03-06"), ("2026-03-05", "2026-03-07"), "violated"),
        (("2026-03-02",), ("2026-03-02",), "not_determinable"),
        (("2026-03-02",), ("2026-03-10",), "not_determinable"),
    ],
)
def test_an_approval_taken_back_before_the_act_does_not_count(
    given: tuple[str, ...], withdrawn: tuple[str, ...], state: str
) -> None:
    approval = "approval/a-1"
    facts = [
        PLANNED,
        *(
            fact("approval.given", approval, on, kind="consent", about="meeting/zw-1", level="unit_head")
            for on in given
        ),
        *(fact("approval.withdrawn", approval, on, reason="情况有变") for on in withdrawn),
        fact("meeting.opened", "meeting/zw-1", "2026-03-10", chair="p-1"),
    ]
    assert [one.state for one in judged(rule(CONSENTED), facts)] == [state]


def test_another_approval_taken_back_takes_nothing_from_this_one() -> None:
    facts = [
        PLANNED,
        *(
            fact(
                "approval.given",
                f"approval/a-{n}",
                "2026-03-02",
                kind="consent",
                about="meeting/zw-1",
                level="unit_head",
            )
            for n in (1, 2)
        ),
        fact("approval.withdrawn", "approval/a-2", "2026-03-05", reason="情况有变"),
        fact("meeting.opened", "meeting/zw-1", "2026-03-10", chair="p-1"),
    ]
    assert [one.state for one in judged(rule(CONSENTED), facts)] == ["satisfied"]
