"""Whether enough members were in the room, at the opening and for each item."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, leaders, post, rule, said, stands

MORE_THAN_HALF = """
kind: quorum
on: meeting.opened
settle: {facts: [meeting.closed]}
body: executive
present: {more_than: 1/2}
items: true
"""
HALF = MORE_THAN_HALF.replace("more_than", "at_least")
RECUSED_COUNT = MORE_THAN_HALF + "recused: present\n"
MEETING = "meeting/zw-1"
DAY = "2026-03-17"


def at(time: str) -> str:
    return f"{DAY}T{time}+08:00"


def came(person: str, time: str | None = "09:00", *, present: bool = True, capacity: str = "member") -> AnyFact:
    moment = DAY if time is None else at(time)
    return fact("meeting.attendance_recorded", MEETING, moment, person=person, present=present, capacity=capacity)


def left(person: str, time: str | None, **more: object) -> AnyFact:
    return fact("meeting.person_left", MEETING, DAY if time is None else at(time), person=person, **more)


def rejoined(person: str, time: str) -> AnyFact:
    return fact("meeting.person_rejoined", MEETING, at(time), person=person)


def recused(person: str, item: int, *, left_room: bool = True) -> AnyFact:
    return fact(
        "meeting.recusal_made", MEETING, at("09:10"), item=item, person=person, reason="亲属", left_room=left_room
    )


def item(number: int, begins: str, ends: str) -> list[AnyFact]:
    matter = f"matter/m-{number}"
    return [
        fact("meeting.item_opened", MEETING, at(begins), item=number, matter=matter),
        fact("meeting.decision_made", MEETING, at(ends), item=number, matter=matter, decision="1", outcome="adopted"),
    ]


def meeting(count: int, *facts: AnyFact) -> list[AnyFact]:
    opened = fact("meeting.opened", MEETING, at("09:00"), chair="p-1")
    closed = fact("meeting.closed", MEETING, at("11:00"), minutes_need="required")
    return [*leaders(count), opened, *facts, closed]


def present(*numbers: int) -> list[AnyFact]:
    return [came(f"p-{number}") for number in numbers]


def absent(*numbers: int) -> list[AnyFact]:
    return [came(f"p-{number}", present=False) for number in numbers]


@pytest.mark.parametrize(
    ("text", "there", "state"),
    [
        (MORE_THAN_HALF, 3, "satisfied"),
        (MORE_THAN_HALF, 2, "violated"),
        (HALF, 2, "satisfied"),
        (HALF, 1, "violated"),
    ],
)
def test_the_share_is_counted_of_the_members_in_office(text: str, there: int, state: str) -> None:
    facts = meeting(4, *present(*range(1, there + 1)), *absent(*range(there + 1, 5)))
    assert stands(rule(text), facts) == [Stand(state, None, "opening")]


def test_those_sitting_in_never_count() -> None:
    sitting = [came(f"p-s{number}", capacity="sit_in") for number in range(5)]
    found = judged(rule(MORE_THAN_HALF), meeting(4, *present(1, 2), *absent(3, 4), *sitting))
    assert [(one.state, one.period) for one in found] == [("violated", "opening")]
    assert said(found[0]) == (
        "会议开始时，常务会议组成人员应到 4 人，实到 2 人，须超过 1/2；未到：p-3、p-4；列席人员不计入"
    )


def test_a_member_who_sits_in_is_not_there_as_a_member() -> None:
    facts = meeting(3, *present(1), came("p-2", capacity="sit_in"), *absent(3))
    assert stands(rule(MORE_THAN_HALF), facts) == [Stand("violated", None, "opening")]


def test_a_vacant_post_is_no_member_and_an_acting_holder_is() -> None:
    vacant = fact(
        "roster.post_established", "post/post-v", "2024-01-02", title="副区长", unit="u-gov", role="deputy_head"
    )
    gone = fact(
        "roster.person_left_post",
        "post/post-p-3-deputy_head",
        "2026-03-01",
        person="p-3",
        left_on="2026-03-01",
        leaving_reason="transferred",
    )
    acting = post("p-4", "deputy_head", held_as="acting")
    facts = [vacant, gone, *acting, *meeting(3, *present(1, 4), *absent(2))]
    found = judged(rule(MORE_THAN_HALF), facts)
    assert [one.state for one in found] == ["satisfied"]
    assert "应到 3 人，实到 2 人" in said(found[0])


def test_a_person_with_two_posts_counts_once() -> None:
    facts = [*post("p-1", "deputy_head"), *meeting(2, *present(1), *absent(2))]
    assert stands(rule(MORE_THAN_HALF), facts) == [Stand("violated", None, "opening")]


def test_unknown_presence_keeps_the_answer_open_only_while_it_matters() -> None:
    open_one = judged(rule(MORE_THAN_HALF), meeting(5, *present(1, 2), *absent(4, 5)))
    assert [(one.state, one.missing) for one in open_one] == [
        ("not_determinable", ("meeting/zw-1 meeting.attendance_recorded.v1: p-3",))
    ]
    assert stands(rule(MORE_THAN_HALF), meeting(5, *present(1, 2, 3))) == [Stand("satisfied", None, "opening")]
    assert stands(rule(MORE_THAN_HALF), meeting(5, *present(1), *absent(2, 3, 4))) == [
        Stand("violated", None, "opening")
    ]


def test_who_came_late_was_not_there_at_the_opening_but_for_the_later_item() -> None:
    facts = meeting(
        4, *present(1, 2), came("p-3", "09:20"), *absent(4), *item(1, "09:05", "09:15"), *item(2, "09:30", "10:00")
    )
    assert stands(rule(MORE_THAN_HALF), facts) == [
        Stand("violated", None, "opening"),
        Stand("violated", None, "item 1"),
        Stand("satisfied", None, "item 2"),
    ]


def test_attendance_with_the_day_alone_counts_from_the_opening() -> None:
    facts = meeting(2, came("p-1", None), came("p-2", None), *item(1, "09:05", "09:15"))
    assert stands(rule(MORE_THAN_HALF), facts) == [
        Stand("satisfied", None, "opening"),
        Stand("satisfied", None, "item 1"),
    ]


def test_the_worst_moment_of_an_item_counts() -> None:
    moves = [left("p-3", "09:40"), rejoined("p-3", "09:50")]
    facts = meeting(4, *present(1, 2, 3), *absent(4), *item(1, "09:05", "09:30"), *item(2, "09:30", "10:00"), *moves)
    found = judged(rule(MORE_THAN_HALF), facts)
    assert [(one.state, one.period) for one in found] == [
        ("satisfied", "opening"),
        ("satisfied", "item 1"),
        ("violated", "item 2"),
    ]
    happened = found[2].happened
    assert happened is not None
    assert happened.text == at("09:40:00")


def test_who_left_or_recused_himself_is_told_apart_from_who_never_came() -> None:
    gone = [left("p-3", "09:40"), recused("p-2", 2)]
    found = judged(rule(MORE_THAN_HALF), meeting(4, *present(1, 2, 3), *absent(4), *item(2, "09:30", "10:00"), *gone))
    assert said(found[1]) == (
        "审议第 2 项议题时（2026-03-17 09:40），常务会议组成人员应到 4 人，实到 1 人，须超过 1/2；"
        "未到：p-4；离会：p-3；回避：p-2；列席人员不计入"
    )


def test_leaving_at_the_close_harms_no_item_without_a_decision() -> None:
    heard = fact("meeting.item_opened", MEETING, at("10:00"), item=1, matter="matter/m-1")
    facts = meeting(2, *present(1, 2), heard, left("p-2", "11:00"))
    assert stands(rule(MORE_THAN_HALF), facts)[1] == Stand("satisfied", None, "item 1")


def test_an_item_without_opening_is_judged_at_its_decision() -> None:
    decision = item(1, "09:05", "09:30")[1]
    early = meeting(2, *present(1, 2), decision, left("p-2", "09:31"))
    late = meeting(2, *present(1, 2), decision, left("p-2", "09:29"))
    assert stands(rule(MORE_THAN_HALF), early)[1] == Stand("satisfied", None, "item 1")
    assert stands(rule(MORE_THAN_HALF), late)[1] == Stand("violated", None, "item 1")


def test_whoever_recused_himself_counts_as_the_rulebook_reads_it() -> None:
    facts = meeting(2, *present(1, 2), recused("p-2", 2), *item(1, "09:05", "09:30"), *item(2, "09:30", "10:00"))
    assert [one.state for one in stands(rule(MORE_THAN_HALF), facts)] == ["satisfied", "satisfied", "violated"]
    gone_and_back = [*facts, left("p-2", "09:30", item=2), rejoined("p-2", "10:00")]
    assert [one.state for one in stands(rule(RECUSED_COUNT), gone_and_back)] == ["satisfied"] * 3


def test_whoever_recused_himself_and_stayed_counts() -> None:
    facts = meeting(2, *present(1, 2), recused("p-2", 1, left_room=False), *item(1, "09:05", "09:30"))
    assert stands(rule(MORE_THAN_HALF), facts)[1] == Stand("satisfied", None, "item 1")


def test_whoever_recused_himself_again_and_left_then_does_not_count() -> None:
    stayed_first = [recused("p-2", 1, left_room=False), recused("p-2", 1)]
    facts = meeting(2, *present(1, 2), *stayed_first, *item(1, "09:05", "09:30"))
    assert stands(rule(MORE_THAN_HALF), facts)[1] == Stand("violated", None, "item 1")


def test_leaving_at_an_unknown_hour_leaves_the_items_open_unless_it_names_one() -> None:
    items = [*item(1, "09:05", "09:30"), *item(2, "09:30", "10:00")]
    unknown = stands(rule(MORE_THAN_HALF), meeting(2, *present(1, 2), *items, left("p-2", None)))
    assert [one.state for one in unknown] == ["satisfied", "not_determinable", "not_determinable"]
    named = stands(rule(MORE_THAN_HALF), meeting(2, *present(1, 2), *items, left("p-2", None, item=2)))
    assert [one.state for one in named] == ["satisfied", "satisfied", "violated"]


def test_a_decision_of_which_only_the_day_is_known_may_have_come_before_or_after_a_departure() -> None:
    decision = fact("meeting.decision_made", MEETING, DAY, item=1, matter="matter/m-1", decision="1", outcome="adopted")
    facts = meeting(2, *present(1, 2), decision, left("p-2", "09:29"))
    assert stands(rule(MORE_THAN_HALF), facts)[1] == Stand("not_determinable", None, "item 1")
    assert stands(rule(MORE_THAN_HALF), meeting(2, *present(1, 2), decision))[1].state == "satisfied"


def test_without_a_roster_nothing_can_be_counted() -> None:
    found = judged(rule(MORE_THAN_HALF), [one for one in meeting(2, *present(1, 2)) if one.subject.kind == "meeting"])
    assert [(one.state, one.missing) for one in found] == [("not_determinable", ("roster: executive",))]


def test_a_meeting_waits_for_its_close() -> None:
    assert stands(rule(MORE_THAN_HALF), meeting(2, *present(1))[:-1]) == [Stand("waiting")]


@pytest.mark.parametrize("share", ["{more_than: half}", "{at_least: 3/2}", "{}"])
def test_a_share_that_is_none_is_refused(share: str) -> None:
    with pytest.raises(CompileError):
        rule(f"kind: quorum\non: meeting.opened\nbody: executive\npresent: {share}\n")


ONCE = MORE_THAN_HALF.replace("on: meeting.opened", "on: {fact: meeting.opened, pick: first}")


def opened_again(time: str) -> AnyFact:
    return fact("meeting.opened", MEETING, at(time), chair="p-1")


def test_a_meeting_opened_again_is_found_once_with_each_of_its_items_once() -> None:
    items = [*item(1, "09:05", "09:30"), *item(2, "10:05", "10:30")]
    facts = meeting(4, *present(1, 2), *absent(3, 4), *items, opened_again("10:00"))
    assert stands(rule(ONCE), facts) == [
        Stand("violated", None, "opening"),
        Stand("violated", None, "item 1"),
        Stand("violated", None, "item 2"),
    ]


@pytest.mark.parametrize(("back", "state"), [("09:50", "satisfied"), ("10:00", "satisfied"), ("10:10", "violated")])
def test_enough_must_be_there_at_each_opening(back: str, state: str) -> None:
    away = [left("p-2", "09:40"), rejoined("p-2", back)]
    facts = meeting(2, *present(1, 2), *away, opened_again("10:00"))
    assert stands(rule(ONCE), facts) == [Stand(state, None, "opening")]


def test_a_later_opening_with_enough_does_not_heal_the_first() -> None:
    facts = meeting(2, *present(1), came("p-2", "09:50"), opened_again("10:00"))
    assert stands(rule(ONCE), facts) == [Stand("violated", None, "opening")]


NEXT_DAY = "2026-03-18"


def moved(person: str, moment: str, *, back: bool = False) -> AnyFact:
    return fact(f"meeting.person_{'rejoined' if back else 'left'}", MEETING, moment, person=person)


def taken_up(number: int, moment: str) -> AnyFact:
    return fact("meeting.item_opened", MEETING, moment, item=number, matter=f"matter/m-{number}")


def decided(number: int, moment: str) -> AnyFact:
    given = {"item": number, "matter": f"matter/m-{number}", "decision": "1", "outcome": "adopted"}
    return fact("meeting.decision_made", MEETING, moment, **given)


def in_two_sittings(*moves: AnyFact) -> list[AnyFact]:
    """Return a meeting that puts item 1 aside for item 2, and takes it up again the next day."""
    anew = [taken_up(1, f"{NEXT_DAY}T09:00+08:00"), decided(1, f"{NEXT_DAY}T10:00+08:00")]
    closed = fact("meeting.closed", MEETING, f"{NEXT_DAY}T11:00+08:00", minutes_need="required")
    first = [taken_up(1, at("09:05")), *item(2, "09:30", "10:00")]
    return [*meeting(2, *present(1, 2))[:-1], *first, *anew, *moves, closed]


@pytest.mark.parametrize(
    ("moves", "states"),
    [
        ([], ("satisfied", "satisfied")),
        ([moved("p-2", at("10:01")), moved("p-2", f"{NEXT_DAY}T09:00+08:00", back=True)], ("satisfied", "satisfied")),
        ([moved("p-2", at("09:40")), moved("p-2", at("09:50"), back=True)], ("satisfied", "violated")),
        ([moved("p-2", at("10:05"))], ("violated", "satisfied")),
        ([moved("p-2", DAY)], ("violated", "not_determinable")),
        ([moved("p-2", NEXT_DAY)], ("not_determinable", "satisfied")),
        ([moved("p-2", at("09:10")), moved("p-2", at("09:20"), back=True)], ("violated", "satisfied")),
    ],
)
def test_an_item_taken_up_again_is_judged_in_each_sitting_and_not_between_them(
    moves: list[AnyFact], states: tuple[str, str]
) -> None:
    found = stands(rule(MORE_THAN_HALF), in_two_sittings(*moves))
    assert found[1:] == [Stand(states[0], None, "item 1"), Stand(states[1], None, "item 2")]


def test_who_left_after_the_first_sitting_is_told_to_be_missing_in_the_second() -> None:
    found = judged(rule(MORE_THAN_HALF), in_two_sittings(moved("p-2", at("10:05"))))
    assert said(found[1]).startswith("审议第 1 项议题时（2026-03-18 09:00），常务会议组成人员应到 2 人，实到 1 人")


@pytest.mark.parametrize("between", [[], [opened_again("10:30")]])
def test_while_nothing_says_when_an_item_was_put_aside_who_is_away_leaves_it_open(between: list[AnyFact]) -> None:
    """A sitting without a close may have ended at any time before the item, or the meeting, was opened anew."""
    away = [left("p-2", "09:20"), rejoined("p-2", "10:40")]
    facts = meeting(2, *present(1, 2), *item(1, "09:05", "11:00"), *away, *between, taken_up(1, at("10:45")))
    found = judged(rule(ONCE), facts)
    assert [(one.state, one.missing) for one in found[1:]] == [
        ("not_determinable", ("meeting/zw-1 meeting.item_opened.v1: item 1",))
    ]
    assert "；当时是否仍在审议没有记录；" in said(found[1])


@pytest.mark.parametrize(("back", "state"), [("09:55", "not_determinable"), ("10:05", "violated")])
def test_who_was_away_only_for_the_next_item_leaves_an_earlier_one_open_that_is_decided_after_it(
    back: str, state: str
) -> None:
    away = [left("p-2", "09:35"), rejoined("p-2", back)]
    facts = meeting(2, *present(1, 2), *item(1, "09:05", "10:00"), *item(2, "09:30", "09:50"), *away)
    assert stands(rule(MORE_THAN_HALF), facts)[1] == Stand(state, None, "item 1")


def test_who_left_at_an_unknown_hour_of_the_day_of_two_openings_may_have_missed_the_second() -> None:
    facts = meeting(2, *present(1, 2), left("p-2", None), opened_again("10:00"))
    assert stands(rule(ONCE), facts) == [Stand("not_determinable", None, "opening")]
