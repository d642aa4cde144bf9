"""The soak itself: what it calls flat, and that it plays on the real service and sees what that holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.soak.flatness import FEWEST, Sample, compared
from tests.soak.playing import ASKED, played

FLAT = [Sample(float(n), 200.0 + n % 3, 40 + n % 2, 12, {"desk": [5.0, 7.0, 30.0]}) for n in range(40)]


def growing(field: str, by: float) -> list[Sample]:
    return [
        one._replace(**{field: type(getattr(one, field))(getattr(one, field) + by * n)}) for n, one in enumerate(FLAT)
    ]


def not_flat(samples: Sequence[Sample]) -> list[str]:
    return [one.what for one in compared(samples) if not one.is_flat]


def test_what_stays_as_it_is_is_flat() -> None:
    assert not_flat(FLAT) == []
    assert [one.what for one in compared(FLAT)] == ["memory_mb", "handles", "threads", "desk_p50_ms", "desk_p95_ms"]


@pytest.mark.parametrize(
    ("samples", "what"),
    [
        (growing("memory_mb", 4.0), ["memory_mb"]),
        (growing("handles", 0.5), ["handles"]),
        (growing("threads", 0.5), ["threads"]),
        ([one._replace(waits={"desk": [5.0 + 3 * n] * 3}) for n, one in enumerate(FLAT)], ["desk_p50_ms"]),
        (
            [one._replace(waits={"desk": [5.0, 5.0, 400.0 if n > 24 else 20.0]}) for n, one in enumerate(FLAT)],
            ["desk_p95_ms"],
        ),
    ],
)
def test_what_grows_is_named(samples: Sequence[Sample], what: list[str]) -> None:
    assert not_flat(samples) == what


def test_what_grows_only_while_it_warms_up_is_flat() -> None:
    assert not_flat([FLAT[0]._replace(memory_mb=900.0), *FLAT[1:]]) == []


def test_of_a_run_that_is_too_short_nothing_is_said() -> None:
    with pytest.raises(ValueError, match="samples after warming up"):
        compared(FLAT[: FEWEST - 1])


def test_a_short_run_plays_on_the_real_service_without_a_fault(tmp_path: Path) -> None:
    found = list(played(tmp_path, 7.0, 0.5, seed=1))
    assert [one for one in found if isinstance(one, str)] == []
    samples = [one for one in found if isinstance(one, Sample)]
    assert {sort for one in samples for sort in one.waits} == {*ASKED, "record", "preview"}
    assert min(one.memory_mb for one in samples) > 1
    assert min(one.handles for one in samples) > 1
