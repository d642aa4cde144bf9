"""Moments and ids as people read them."""

from __future__ import annotations

import pytest

from services.written import identity, moment


@pytest.mark.parametrize(
    ("recorded", "read"),
    [
        ("2026-10-10", "2026-10-10"),
        ("2026-10-10T09:00:37+08:00", "2026-10-10 09:00"),
        ("2026-10-10T23:59:59.999999+08:00", "2026-10-10 24:00"),
        ("2026-10-10T23:59:59+08:00", "2026-10-10 23:59"),
        ("2026-10-10T23:30:00Z", "2026-10-11 07:30"),
    ],
)
def test_a_moment_is_read_in_the_districts_time_and_kept_whole_for_programs(recorded: str, read: str) -> None:
    assert moment(recorded) == f'<time datetime="{recorded}">{read}</time>'


def test_on_paper_a_moment_has_its_seconds() -> None:
    on_paper = moment("2026-10-10T09:00:37.5+08:00", seconds=True)
    assert on_paper == '<time datetime="2026-10-10T09:00:37.5+08:00">2026-10-10 09:00:37</time>'


@pytest.mark.parametrize(
    ("given", "shown"), [(None, "—"), ("—", "—"), ("<b>", "&lt;b&gt;"), ("2026-13-01", "2026-13-01")]
)
def test_what_is_no_moment_is_shown_as_it_is(given: str | None, shown: str) -> None:
    assert moment(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("u-land", '<span class="id">u-land</span>'),
        ("countersign/cs-1", '<span class="id">countersign/<wbr>cs-1</span>'),
        (
            "alert/72aff767-d256-586a-9169-8d62fadf9eac",
            '<span class="id long">alert/<wbr>72aff767-d256-586a-9169-8d62fadf9eac</span>',
        ),
        ("matter/<b>", '<span class="id">matter/<wbr>&lt;b&gt;</span>'),
    ],
)
def test_an_id_breaks_after_a_slash_and_only_a_long_one_elsewhere(given: str, shown: str) -> None:
    assert identity(given) == shown
