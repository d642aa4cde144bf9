"""What was given, and was taken back, refused or had run out before the act."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

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


HEAD, UNIT_HEAD = "district_head", "unit_head"


@pytest.mark.parametrize(
    ("given", "refused", "state"),
    [
        ((HEAD, "p-1", "2026-03-02"), (HEAD, "p-1", "2026-03-05"), "violated"),
        ((HEAD, "p-1", "2026-03-02"), (HEAD, "p-1", "2026-03-01"), "satisfied"),
        ((HEAD, "p-1", "2026-03-02"), (HEAD, "p-1", "2026-03-12"), "satisfied"),
        ((HEAD, "p-1", "2026-03-02"), (HEAD, "p-1", "2026-03-10"), "not_determinable"),
        ((HEAD, "p-1", "2026-03-02"), (HEAD, "p-acting", "2026-03-05"), "violated"),
        ((UNIT_HEAD, "p-1", "2026-03-02"), (UNIT_HEAD, "p-1", "2026-03-05"), "violated"),
        ((UNIT_HEAD, "p-1", "2026-03-02"), (UNIT_HEAD, None, "2026-03-05"), "violated"),
        ((UNIT_HEAD, "p-1", "2026-03-02"), (UNIT_HEAD, "p-2", "2026-03-05"), "satisfied"),
        ((UNIT_HEAD, "p-1", "2026-03-02"), (HEAD, "p-1", "2026-03-05"), "satisfied"),
    ],
)
def test_an_approval_counts_until_its_own_step_is_refused(
    given: tuple[str, str, str], refused: tuple[str, str | None, str], state: str
) -> None:
    level, person, on = given
    other_level, other, day = refused
    by = {"person": other} if other else {"post": "post-1"}
    facts = [
        PLANNED,
        fact(
            "approval.given", "approval/a-1", on, {"person": person}, kind="consent", about="meeting/zw-1", level=level
        ),
        fact("approval.refused", "approval/a-1", day, by, level=other_level, reason="不宜召开"),
        fact("meeting.opened", "meeting/zw-1", "2026-03-10", chair="p-1"),
    ]
    assert [one.state for one in judged(rule(CONSENTED), facts)] == [state]


def test_who_approves_for_somebody_and_he_himself_are_one_approver() -> None:
    acting = fact(
        "approval.given",
        "approval/a-1",
        "2026-03-02",
        {"person": "p-2"},
        kind="consent",
        about="meeting/zw-1",
        level="unit_head",
    )
    facts = [
        PLANNED,
        replace(acting, on_behalf_of="p-1"),
        fact("approval.refused", "approval/a-1", "2026-03-05", {"person": "p-1"}, level="unit_head", reason="不宜召开"),
        fact("meeting.opened", "meeting/zw-1", "2026-03-10", chair="p-1"),
    ]
    assert [one.state for one in judged(rule(CONSENTED), facts)] == ["violated"]


@pytest.mark.parametrize(
    ("until", "opened", "state"),
    [
        ("2026-03-09", "2026-03-10", "violated"),
        ("2026-03-10", "2026-03-10", "satisfied"),
        ("2026-03-10", "2026-03-10T15:00+08:00", "satisfied"),
        ("2026-03-10T12:00+08:00", "2026-03-10T12:00+08:00", "satisfied"),
        ("2026-03-10T12:00+08:00", "2026-03-10T15:00+08:00", "violated"),
        ("2026-03-10T12:00+08:00", "2026-03-10", "not_determinable"),
    ],
)
def test_an_approval_with_an_end_covers_no_act_after_it(until: str, opened: str, state: str) -> None:
    approved = {"kind": "consent", "about": "meeting/zw-1", "level": "unit_head", "until": until}
    facts = [
        PLANNED,
        fact("approval.given", "approval/a-1", "2026-03-02", **approved),
        fact("meeting.opened", "meeting/zw-1", opened, chair="p-1"),
    ]
    assert [one.state for one in judged(rule(CONSENTED), facts)] == [state]
