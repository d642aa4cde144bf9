"""What facts would be refused for and set in motion, before they are recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from events.fact import AnyFact
from services.recording.preview import Judged, Preview
from services.recording.request import Request
from tests.services.recording.acts import XINZHOU, act, asked, away, planned, recorder, replied, requested

ACTS = (
    requested(),
    replied("u-land"),
    replied("u-water"),
    replace(replied("u-land"), occurred_at=replied(at="2026-10-08").occurred_at),
    replied("u-finance", opinion="无意见"),
    act("countersign.closed", "cs-1", summary="办结"),
    away(),
    act("absence.departed", "a-1", "2026-10-08"),
    act("record.annulled", "c-1", wrong=str(replied("u-land").id), reason="误录"),
    act("record.personal_data_erased", "p-li", basis="个人信息保护法第47条", reason="本人申请"),
    planned(),
)
"""Acts that fit, that are impossible, that stand under an id of another, and one that the recorder cannot carry out."""
CASES = ("countersign/cs-1", "absence/a-1", "meeting/zw-18")
REQUESTS = st.builds(
    lambda facts, expected: asked(*facts, expected=expected),
    st.lists(st.sampled_from(ACTS), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(CASES), st.integers(0, 3), max_size=1),
)


def opens_two(
    district: str, facts: Sequence[AnyFact], through: int, recorded_at: dt.datetime | None = None
) -> Judged[str]:
    """Stand for the watch: what it would say of any facts."""
    del recorded_at
    changes = (f"{district} after {through}: {fact.type} opens an obligation" for fact in facts)
    return Judged(through=through, changes=tuple(changes))


def previewed(request: Request, *before: Request) -> Preview[str]:
    with recorder() as (records, ledger):
        records.record_all(before)
        preview = records.preview(request, opens_two)
        assert ledger.head(XINZHOU).sequence == sum(len(one.facts) for one in before)
    return preview


def test_a_preview_says_what_is_set_in_motion_and_as_of_when() -> None:
    assert previewed(asked(replied()), asked(requested())) == Preview(
        through=1, problems=(), changes=("xinzhou after 1: countersign.replied.v1 opens an obligation",)
    )


def test_a_preview_names_every_fact_that_would_be_refused() -> None:
    preview = previewed(asked(replied("u-water"), replied(), replied("u-mine")), asked(requested()))
    assert [(one.fact, one.code, one.field) for one in preview.problems] == [
        (0, "recording.never_asked", "data.department"),
        (2, "recording.never_asked", "data.department"),
    ]
    assert preview.changes == ()


def test_what_is_recorded_already_would_not_be_refused() -> None:
    assert previewed(asked(requested()), asked(requested())).problems == ()


def test_a_preview_of_nothing_says_so() -> None:
    assert [one.code for one in previewed(asked()).problems] == ["ledger.empty_proposal"]


def test_a_preview_names_the_case_that_has_moved_on_since_the_version_stated() -> None:
    preview = previewed(asked(replied(), expected={"countersign/cs-1": 0}), asked(requested()))
    assert [(one.code, one.field) for one in preview.problems] == [("recording.version_conflict", "expected")]
    assert preview.changes == ()


def test_what_is_recorded_already_is_a_repeat_whatever_version_is_stated() -> None:
    assert previewed(asked(requested(), expected={"countersign/cs-1": 7}), asked(requested())).problems == ()


@given(requests=st.lists(REQUESTS, min_size=1, max_size=6))
def test_a_preview_refuses_exactly_what_recording_then_refuses(requests: Sequence[Request]) -> None:
    with recorder() as (records, ledger):
        for request in requests:
            preview: Preview[str] = records.preview(request)
            head = ledger.head(XINZHOU).sequence
            answer = records.record(request)
            assert (preview.through, preview.problems) == (head, answer.problems)
