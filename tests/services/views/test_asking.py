"""Views are asked: pages, filters, what is worked out on reading, names, and whose desk it is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from events.fact import AnyFact
from events.keys import MemoryKeys
from events.moment import TIME_ZONE
from events.personal import DESTROYED_TEXT, seal
from projections.databases.views_database import ViewsError
from projections.policy.policy import shipped_policy
from projections.views.catalogue import VIEWS
from projections.views.query import Query, QueryError
from services.stores.views_places import FolderPlace
from services.views.asking import AskedBy, ViewPage, ask
from services.views.names import RuleName
from tests.projections.kept import Folders
from tests.projections.views.test_watched_views import Watched, watched
from tests.projections.views.test_watched_views import asked as countersign
from tests.projections.views.view_scene import XINZHOU, ViewScene
from tests.rulebooks.kinds.histories import fact, post

NOW = dt.datetime(2026, 9, 29, 9, tzinfo=TIME_ZONE)


def by(keys: MemoryKeys | None = None, may_see: frozenset[str] | None = None, now: dt.datetime = NOW) -> AskedBy:
    return AskedBy(now=now, policy=shipped_policy(), keys=keys, may_see=may_see)


def asked_of(unit: str, number: int, at: str) -> AnyFact:
    given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
    return fact("countersign.requested", f"countersign/cs-{number:02d}", at, departments=[unit], **given)


@pytest.fixture
def scene(tmp_path: Path) -> ViewScene:
    made = ViewScene(FolderPlace(tmp_path))
    units = ("u-land", "u-finance", "u-justice")
    made.record(*[asked_of(units[number % 3], number, f"2026-09-{1 + number // 4:02d}") for number in range(24)])
    made.feeding.catch_up()
    return made


def keys_of(scene: ViewScene, query: Query) -> list[str]:
    """Return the keys of all pages, one after another."""
    found: list[str] = []
    while True:
        page = scene.ask("countersigns", query)
        found += [str(row["key"]) for row in page.rows]
        if page.next is None:
            return found
        query = replace(query, after=page.next)


@pytest.mark.parametrize("limit", [1, 5, 24, 100])
def test_pages_after_a_key_give_every_row_once_in_order(scene: ViewScene, limit: int) -> None:
    whole = sorted(scene.stored("countersigns").items(), key=lambda row: (row[1]["asked_at"], row[0]), reverse=True)
    assert keys_of(scene, Query(limit=limit)) == [key for key, _ in whole]


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_a_filter_of_several_values_pages_through_their_rows_in_one_order(scene: ViewScene, limit: int) -> None:
    filters = {"party": ("u-land", "u-justice"), "asked_at_from": ("2026-09-03",), "asked_at_until": ("2026-09-05",)}
    wanted = [
        key
        for key, row in scene.stored("countersigns").items()
        if row["party"] != "u-finance" and "2026-09-03" <= str(row["asked_at"]) <= "2026-09-05"
    ]
    found = keys_of(scene, Query(filters=filters, limit=limit))
    assert (sorted(found), len(found)) == (sorted(wanted), 8)


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        (Query(filters={"colour": ("red",)}), "view.filter_unknown", "colour"),
        (Query(filters={"standing": ("red",)}), "view.filter_unreadable", "standing"),
        (Query(filters={"asked_at_from": ("soon",)}), "view.filter_unreadable", "asked_at_from"),
        (Query(filters={"asked_at_from": ("2026-09-01", "2026-09-02")}), "view.filter_too_many", "asked_at_from"),
        (Query(filters={"party": ("\ud800",)}), "view.filter_unreadable", "party"),
        (Query(order="colour"), "view.order_unknown", "order"),
        (Query(limit=0), "view.limit_out_of_range", "limit"),
        (Query(after="WzFd"), "view.after_unreadable", "after"),
        (Query(after="é"), "view.after_unreadable", "after"),
        (Query(after="bnVsbA"), "view.after_unreadable", "after"),
    ],
)
def test_a_question_that_a_view_does_not_take_is_refused_by_name(
    scene: ViewScene, query: Query, code: str, field: str
) -> None:
    with pytest.raises(QueryError) as refused:
        scene.ask("countersigns", query)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_timeline_wants_its_case_and_an_unknown_view_is_none(scene: ViewScene) -> None:
    with pytest.raises(QueryError, match=r"view\.filter_needed"):
        scene.ask("timeline", Query())
    with pytest.raises(QueryError, match=r"view\.unknown"):
        ask(scene.rows, scene.ledger, "weather", XINZHOU, Query(), by())


def test_what_may_not_be_seen_is_neither_listed_nor_counted(scene: ViewScene) -> None:
    scene.record(replace(asked_of("u-land", 99, "2026-09-30"), classification="work_secret"))
    scene.feeding.catch_up()
    open_to_all = by(may_see=frozenset({"public", "internal"}))
    whole = ask(scene.rows, scene.ledger, "countersigns", XINZHOU, Query(), by())
    shown = ask(scene.rows, scene.ledger, "countersigns", XINZHOU, Query(), open_to_all)
    assert (len(whole.rows), len(shown.rows)) == (25, 24)
    counts = [
        ask(scene.rows, scene.ledger, "overview", XINZHOU, Query(filters={"measure": ("opinions_asked",)}), one).rows
        for one in (by(), open_to_all)
    ]
    assert [sum(int(str(row["number"])) for row in rows) for rows in counts] == [25, 24]
    case = {"case": ("countersign/cs-99",)}
    assert ask(scene.rows, scene.ledger, "timeline", XINZHOU, Query(filters=case), open_to_all).rows == ()


def test_a_timeline_shows_what_stands_in_the_ledger_in_the_order_of_its_columns(scene: ViewScene) -> None:
    names = ["key", *(one.name for one in VIEWS["timeline"].description.columns)]
    case = {"case": ("countersign/cs-01",)}
    (row,) = ask(scene.rows, scene.ledger, "timeline", XINZHOU, Query(filters=case), by()).rows
    (recorded,) = scene.ledger.read_case(XINZHOU, "countersign/cs-01")
    assert list(row) == names
    assert (row["fact"], row["type"], row["unit"]) == (str(recorded.id), recorded.type, recorded.actor.unit)
    assert isinstance(row["says"], dict)
    assert row["says"]["about"] == "matter/m-1"


def named(scene: ViewScene, keys: MemoryKeys | None) -> dict[str, str]:
    filters = {"case": ("person/p-1",)}
    return ask(scene.rows, scene.ledger, "timeline", XINZHOU, Query(filters=filters), by(keys)).names.entries


def test_persons_are_named_only_with_their_key_and_units_by_the_roster(scene: ViewScene) -> None:
    keys = MemoryKeys()
    office = fact(
        "roster.unit_established", "unit/u-office", "2024-01-01", name="区政府办公室", kind="government_office"
    )
    registered = fact("roster.person_registered", "person/p-1", "2024-01-02", name="某人")
    acted = fact("roster.person_registered", "person/p-2", "2024-01-03", {"person": "p-1"}, name="另一人")
    scene.record(office, *(seal(one, keys) for one in (registered, acted)))
    scene.feeding.catch_up()
    office_name = {"u-office": "区政府办公室"}
    assert named(scene, keys) == office_name
    filters = {"case": ("person/p-2",)}
    asked_for = [
        ask(scene.rows, scene.ledger, "timeline", XINZHOU, Query(filters=filters), by(one)) for one in (keys, None)
    ]
    assert [one.names.entries for one in asked_for] == [{"p-1": "某人"}, {}]
    keys.erase(XINZHOU, "p-1", registered.id)
    erased = ask(scene.rows, scene.ledger, "timeline", XINZHOU, Query(filters=filters), by(keys))
    assert erased.names.entries == {"p-1": DESTROYED_TEXT}


def away(case: str, person: str, first: str, last: str) -> AnyFact:
    span = {"from_": first, "until": last}
    return fact("absence.registered", case, "2026-09-01", person=person, kind="training", reason="学习", **span)


def arranged(since: str) -> AnyFact:
    members = {"ab_form": "mutual", "members": ["p-a", "p-b"], "from_": since}
    return fact("roster.ab_arranged", "ab_arrangement/ab-1", "2026-01-01", **members)


def test_ab_partners_away_on_one_day_alone_are_told_but_not_when_the_leave_of_one_was_refused(
    scene: ViewScene,
) -> None:
    scene.record(
        arranged("2026-10-12"),
        away("absence/a", "p-a", "2026-10-08", "2026-10-12"),
        away("absence/b", "p-b", "2026-10-12", "2026-10-14"),
        away("absence/c", "p-b", "2026-10-15", "2026-10-16"),
    )
    scene.feeding.catch_up()
    assert partners(scene) == {
        "absence/a": (("p-b",), ("p-b",)),
        "absence/b": (("p-a",), ("p-a",)),
        "absence/c": (("p-a",), ()),
    }
    scene.record(fact("absence.refused", "absence/b", "2026-09-02", reason="另有任务"))
    scene.feeding.catch_up()
    assert partners(scene) == {
        "absence/a": (("p-b",), ()),
        "absence/b": (("p-a",), ()),
        "absence/c": (("p-a",), ()),
    }


def test_ab_partners_away_at_the_same_time_are_told_and_those_back_early_are_not(scene: ViewScene) -> None:
    scene.record(
        arranged("2026-01-01"),
        away("absence/a", "p-a", "2026-10-08", "2026-10-12"),
        away("absence/b", "p-b", "2026-10-10", "2026-10-14"),
        away("absence/c", "p-c", "2026-10-10", "2026-10-14"),
    )
    scene.feeding.catch_up()
    assert partners(scene) == {
        "absence/a": (("p-b",), ("p-b",)),
        "absence/b": (("p-a",), ("p-a",)),
        "absence/c": ((), ()),
    }
    scene.record(fact("absence.returned", "absence/a", "2026-10-09"))
    scene.feeding.catch_up()
    assert partners(scene)["absence/b"] == (("p-a",), ())
    scene.record(
        fact("roster.ab_arrangement_ended", "ab_arrangement/ab-1", "2026-10-01", ended_on="2026-10-01", reason="调整")
    )
    scene.feeding.catch_up()
    assert partners(scene)["absence/b"] == ((), ())


def partners(scene: ViewScene) -> dict[str, tuple[object, object]]:
    shown = ask(scene.rows, scene.ledger, "absences", XINZHOU, Query(), by())
    return {str(row["absence"]): (row["partners"], row["partners_away"]) for row in shown.rows}


def desk(one: Watched, now: dt.datetime, **whose: str) -> ViewPage:
    filters = {name: (value,) for name, value in whose.items()}
    return ask(one.scene.rows, one.ledger, "desk", XINZHOU, Query(filters=filters), by(now=now))


def test_the_desk_of_a_head_shows_what_waits_for_the_unit_with_the_working_days_left() -> None:
    with watched(Folders()) as one:
        one.scene.views = VIEWS
        one.scene.feeding = one.scene.fed_by(100)
        one.record(*post("p-land", "unit_head", "u-land"), *post("p-clerk", "unit_staff", "u-land"), countersign())
        one.direct.now = dt.datetime(2026, 9, 29, tzinfo=dt.UTC)
        one.catch_up()
        reply = "xinzhou/28.2-reply"
        told = [
            [
                (row["holder"], row["days_left"], row["due_soon"])
                for row in desk(one, dt.datetime(2026, month, day, 9, tzinfo=TIME_ZONE), **whose).rows
                if row["rule"] == reply
            ]
            for month, day, whose in [
                (9, 29, {"person": "p-land"}),
                (10, 9, {"person": "p-land"}),
                (10, 10, {"unit": "u-land"}),
                (10, 12, {"post": "post-p-land-unit_head"}),
                (9, 29, {"person": "p-clerk"}),
            ]
        ]
        shown = desk(one, NOW, person="p-land")
    assert told == [
        [("u-land", 4, False)],
        [("u-land", 1, True)],
        [("u-land", 0, True)],
        [("u-land", -1, False)],
        [],
    ]
    assert isinstance(shown.names.rules[reply], RuleName)
    assert shown.names.rules[reply].article == "28.2"


def test_views_that_were_never_built_are_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(ViewsError, match="taizhang serve"):
        FolderPlace(tmp_path).rows(writable=False)
