"""What facts would be refused for and set in motion, before they are recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from events.fact import AnyFact
from services.recording.preview import Judged, Preview
from services.recording.request import Request
from tests.services.recording.acts import XINZHOU, asked, recorder, replied, requested


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
