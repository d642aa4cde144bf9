"""Many rows written at once, which have to come to the same in a SQLite file and in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from projections.databases.views_database import Rows, ViewsDatabase
from services.stores.views_places import ViewsPlace

BACKGROUND = ("district", "sequence", "type", "fact")
MANY = 2_000
LARGE = 2**62


@pytest.fixture
def views(place: ViewsPlace) -> Iterator[ViewsDatabase]:
    with closing(place.watch()) as opened:
        yield opened


class NotSoManyError(Exception):
    """Another number of rows was changed than was to be."""


def kept(views: ViewsDatabase) -> list[tuple[object, ...]]:
    rows = views.read("SELECT district, sequence, type, fact FROM background ORDER BY district, sequence")
    return [(*rest, bytes(fact)) for *rest, fact in rows]


@pytest.mark.parametrize("many", [3, MANY])
def test_every_value_comes_back_as_it_was_given_however_many_rows_there_are(views: ViewsDatabase, many: int) -> None:
    odd = ('it\'s 100% \\x41 "quoted" ?', "文件\n第二行 \u2028", "")
    rows = [
        ("xinzhou", LARGE - many + one, odd[one % len(odd)], bytes(range(256)) + bytes([one % 256]))
        for one in range(many)
    ]
    with views.writing():
        views.insert("background", BACKGROUND, rows)
    assert kept(views) == rows


@pytest.mark.parametrize("odd", ['"', "\\", 'a"b\\"c', "{a,b}", "NULL", "", "文件，\n 二", "a,b", "'", "%s ?"])
def test_of_a_list_of_texts_each_is_found_as_it_was_given(views: ViewsDatabase, odd: str) -> None:
    with views.writing():
        views.insert(
            "extents", ("district", "subject", "until"), [("xinzhou", one, 1) for one in (odd, "other", "third")]
        )
    query = f"SELECT subject FROM extents WHERE {views.among('subject')} ORDER BY subject"  # noqa: S608  our own names
    assert [row[0] for row in views.read(query, [odd, "third", "nowhere"])] == sorted([odd, "third"])


def test_what_is_not_given_or_has_no_value_is_empty(views: ViewsDatabase) -> None:
    given = ("district", "subject", "rule", "place", "state", "wake", "kept")
    with views.writing():
        views.insert("standing", given, [("xinzhou", "matter/m", "r", 0, "open", None, b"{}")])
        views.insert("standing", (*given[:5], "kept"), [("xinzhou", "matter/m", "r", 1, "open", b"{}")])
    assert views.read("SELECT place, wake FROM standing ORDER BY place") == [(0, None), (1, None)]


def test_a_row_that_is_there_is_left_or_changed_as_is_said(views: ViewsDatabase) -> None:
    columns = ("district", "subject", "until")
    with views.writing():
        views.insert("extents", columns, [("xinzhou", "matter/a", 5), ("xinzhou", "matter/b", 5)])
        views.insert("extents", columns, [("xinzhou", "matter/a", 9)], "ON CONFLICT DO NOTHING")
        views.insert(
            "extents",
            columns,
            [("xinzhou", "matter/b", 7), ("xinzhou", "matter/c", 7)],
            "ON CONFLICT (district, subject) DO UPDATE SET until = excluded.until",
        )
    found = views.read("SELECT subject, until FROM extents ORDER BY subject")
    assert found == [("matter/a", 5), ("matter/b", 7), ("matter/c", 7)]


@pytest.mark.parametrize("many", [0, 2, MANY])
def test_rows_of_several_tables_are_put_in_together_however_many_each_has(views: ViewsDatabase, many: int) -> None:
    reach = "ON CONFLICT (district, subject) DO UPDATE SET until = excluded.until"
    facts: list[tuple[object, ...]] = [("xinzhou", sequence, "t", b"\x00") for sequence in range(many)]
    for until in (5, 9):
        with views.writing():
            views.insert_together(
                Rows("background", BACKGROUND, facts if until == 9 else []),
                Rows("extents", ("district", "subject", "until"), [("xinzhou", "matter/a", until)], reach),
                Rows("links", ("district", "target", "source", "field"), []),
            )
    assert kept(views) == facts
    assert [tuple(row) for row in views.read("SELECT subject, until FROM extents")] == [("matter/a", 9)]


def test_what_is_changed_together_is_changed_in_each_table_as_its_own_statement_says(views: ViewsDatabase) -> None:
    among = views.among("subject")
    with views.writing():
        views.insert("background", BACKGROUND, [("xinzhou", sequence, "t", b"") for sequence in (1, 2)])
        views.insert("extents", ("district", "subject", "until"), [("xinzhou", one, 1) for one in ("a", "b", "c")])
        views.write_together(
            ("UPDATE background SET type = ? WHERE sequence = ?", ("u", 2)),
            (f"DELETE FROM extents WHERE district = ? AND {among}", ("xinzhou", ["a", "c"])),  # noqa: S608  our own names
            (f"DELETE FROM standing WHERE district = ? AND {among}", ("xinzhou", [])),  # noqa: S608  the same
        )
    assert [(sequence, type_) for _, sequence, type_, _ in kept(views)] == [(1, "t"), (2, "u")]
    assert [row[0] for row in views.read("SELECT subject FROM extents")] == ["b"]


def test_the_rows_of_some_keys_are_taken_out_and_no_others(views: ViewsDatabase) -> None:
    rows = [(district, sequence, "t", b"") for district in ("xinzhou", "yuanzhou") for sequence in (1, 2, 3)]
    with views.writing():
        views.insert("background", BACKGROUND, rows)
        views.remove("background", ("district", "sequence"), [("xinzhou", 1), ("yuanzhou", 3), ("nowhere", 2)])
        views.remove("background", ("district",), [])
    assert kept(views) == [rows[1], rows[2], rows[3], rows[4]]


def test_nothing_is_kept_unless_a_statement_changed_as_many_rows_as_it_had_to(views: ViewsDatabase) -> None:
    rows = [("xinzhou", sequence, "t", b"") for sequence in (1, 2)]
    statement = f"UPDATE background SET type = ? WHERE {views.among('district')}"  # noqa: S608  our own names
    with views.writing():
        views.insert("background", BACKGROUND, rows)
        views.change(statement, ("u", ["xinzhou"]), NotSoManyError(), 2)
    for expected in (1, 3):
        with pytest.raises(NotSoManyError), views.writing():
            views.change(statement, ("v", ["xinzhou"]), NotSoManyError(), expected)
    assert [type_ for _, _, type_, _ in kept(views)] == ["u", "u"]


def test_several_questions_are_answered_in_their_order(views: ViewsDatabase) -> None:
    with views.writing():
        views.insert("background", BACKGROUND, [("xinzhou", 1, "t", b"")])
    asked = views.read_together(
        ("SELECT sequence FROM background WHERE district = ?", ("xinzhou",)),
        (f"SELECT type FROM background WHERE {views.among('type')}", (["t", "u"],)),  # noqa: S608  our own names
        ("SELECT 1 FROM background WHERE district = ?", ("nowhere",)),
    )
    assert [list(map(tuple, rows)) for rows in asked] == [[(1,)], [("t",)], []]
