"""The house settings: what is shipped, what they decide, and how wrong ones are refused."""

from __future__ import annotations

import hashlib

import pytest

from events.moment import Moment
from projections.alerts.escalation import due_soon, next_step
from projections.policy.policy import SHIPPED, PolicyError, Step, policy_from, shipped_policy
from tests.rulebooks.kinds.histories import calendar

TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_settings_name_their_hash() -> None:
    assert shipped_policy().sha256 == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    assert shipped_policy().ladder == (Step(1, "holder"), Step(3, "leader_in_charge"), Step(5, "office_head"))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("breach: high", "breach: soon", "urgency.breach"),
        ("tell: holder", "tell: nobody", "escalation[1].tell"),
        ("after_working_days: 3", "after_working_days: 1", "escalation[2]"),
        ("after_working_days: 5", "after_working_days: five", "escalation[3].after_working_days"),
        ("due_soon: {working_days: 1}", "due_soon: {days: 1}", "due_soon.days"),
        ("[office_director]", "[director]", "roles.office_head"),
        ("otherwise: office_head", "", "otherwise"),
        ("policy: taizhang/1", "policy: taizhang/1\nextra: 1", "extra"),
        ("policy: taizhang/1", "policy: [", "-"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_by_field(old: str, new: str, field: str) -> None:
    with pytest.raises(PolicyError) as refused:
        policy_from(TEXT.replace(old, new, 1).encode())
    assert refused.value.field == field


def test_a_limit_is_due_soon_from_the_working_day_before() -> None:
    due = Moment("2026-10-10").latest
    days = ["2026-10-08", "2026-10-09", "2026-10-10", "2026-10-11"]
    soon = [due_soon(shipped_policy(), due, Moment(day).earliest, calendar()) for day in days]
    assert soon == [False, True, True, False]


def test_the_ladder_counts_working_days_and_ends() -> None:
    due = Moment("2026-09-30").latest
    moments = [next_step(shipped_policy(), due, taken, calendar()) for taken in range(4)]
    assert moments == [*(Moment(day).latest for day in ("2026-10-08", "2026-10-10", "2026-10-13")), None]
