"""Who may record what."""

from __future__ import annotations

import pytest

from events.vocabulary import FACTS
from services.recording.authorisation import EVERY_ROLE_OF_PEOPLE, Principal, Role, allowed_roles, unauthorised
from services.recording.secrecy import WITHHELD, tells_a_secret
from tests.events.facts_to_try import example
from tests.services.recording.acts import (
    XINZHOU,
    Given,
    act,
    asked,
    imported,
    problem_codes,
    recorder,
    replied,
    requested,
)


def someone(*roles: Role, districts: frozenset[str] | None = frozenset({XINZHOU})) -> Principal:
    return Principal("somebody", frozenset(roles), districts)


@pytest.mark.parametrize("type_", FACTS)
def test_every_type_is_open_to_somebody_and_never_to_everybody(type_: str) -> None:
    roles = allowed_roles(type_)
    assert roles
    assert not roles >= EVERY_ROLE_OF_PEOPLE


def test_a_type_that_the_table_does_not_know_is_denied() -> None:
    assert allowed_roles("matter.invented.v1") == frozenset()


def reserved_to(*roles: Role) -> set[str]:
    return {type_ for type_ in FACTS if allowed_roles(type_) == {*roles}}


def test_only_the_ledger_writes_clock_facts_and_who_read_what() -> None:
    assert reserved_to("ledger") == {
        "clock.reached.v1",
        "record.viewed.v1",
        "record.exported.v1",
        "record.attempt_refused.v1",
    }


def test_only_the_watch_writes_the_life_of_an_alert() -> None:
    life = ("raised", "due_moved", "escalated", "resolved", "withdrawn", "reopened")
    assert reserved_to("watch") == {f"alert.{step}.v1" for step in life}


def test_people_acknowledge_answer_and_waive() -> None:
    for step in ("acknowledged", "answered", "waived"):
        assert {"clerk", "leader", "inspector"} <= allowed_roles(f"alert.{step}.v1")


def test_only_inspectors_make_findings_about_conduct() -> None:
    assert reserved_to("inspector") == {"conduct.finding_made.v1"}


def test_only_operators_change_rulebooks_calendars_and_settings_and_erase_personal_data() -> None:
    areas = ("rulebook.", "calendar.", "setting.", "record.personal_data_erased.")
    assert reserved_to("operator") == {type_ for type_ in FACTS if type_.startswith(areas)}


def test_an_agency_records_its_own_inspections_and_no_decision_of_the_office() -> None:
    assert unauthorised(example("supervision.problem_found.v1"), someone("agency")) is None
    refusal = unauthorised(example("meeting.decision_made.v1"), someone("agency"))
    assert refusal is not None
    assert (refusal.code, refusal.field) == ("recording.role_lacks_right", "type")
    assert refusal.zh.endswith("可录入者：经办人员、领导。")
    assert refusal.en.endswith("these may: clerk, leader.")


def test_nobody_records_for_a_foreign_district() -> None:
    refusal = unauthorised(requested(), someone("clerk", districts=frozenset({"yuanzhou"})))
    assert refusal is not None
    assert (refusal.code, refusal.field) == ("recording.foreign_district", "district")
    assert unauthorised(requested(), someone("clerk", districts=None)) is None


@pytest.mark.parametrize("origin", ["watch", "clock", "imported"])
def test_a_clerk_cannot_pass_a_fact_off_as_another_origins(origin: str) -> None:
    refusal = unauthorised(act("matter.closed", "m-1", summary="办结", envelope={"origin": origin}), someone("clerk"))
    assert refusal is not None
    assert (refusal.code, refusal.field) == ("recording.origin_reserved", "origin")


def test_an_operator_imports_what_he_could_record() -> None:
    fact = imported("countersign.replied", "cs-1", department="u-land", stance="agree")
    assert unauthorised(fact, someone("clerk", "operator")) is None


def test_the_unauthorised_is_refused_before_the_ledger_is_asked() -> None:
    with recorder() as (records, ledger):
        answer = records.record(asked(requested(), replied(), principal=someone("agency")))
        assert (answer.status, problem_codes(answer)) == ("refused", ["role_lacks_right", "role_lacks_right"])
        assert ledger.head(XINZHOU).sequence == 0


SECRET = {"classification": "state_secret"}


def test_that_a_state_secret_exists_may_be_recorded() -> None:
    fact = act("briefing.titled", "b-1", envelope=SECRET, title=WITHHELD, unit="u-office")
    assert tells_a_secret(fact) is None


@pytest.mark.parametrize(
    ("data", "envelope", "field"),
    [
        ({"title": "某工程"}, {}, "data.title"),
        ({"title": WITHHELD}, {"source": {"kind": "paper", "name": "某机密文件"}}, "source.name"),
    ],
)
def test_what_a_state_secret_says_stays_outside(
    data: dict[str, Given], envelope: dict[str, object], field: str
) -> None:
    refusal = tells_a_secret(act("briefing.titled", "b-1", unit="u-office", envelope={**SECRET, **envelope}, **data))
    assert refusal is not None
    assert (refusal.code, refusal.field) == ("recording.tells_state_secret", field)
    assert "某" not in refusal.zh + refusal.en


APPROVED: dict[str, Given] = {"kind": "review", "about": "matter/m-14", "level": "leader_in_charge"}
COORDINATED: dict[str, Given] = {"led_at": "leader_in_charge", "led_by": "p-li", "agreement": "small_difference"}


@pytest.mark.parametrize(
    ("type_", "case", "data", "field"),
    [
        ("approval.given", "ap-1", {**APPROVED, "amount_wan": "12"}, "data.amount_wan"),
        ("review.materials_returned", "rv-1", {"missing": [WITHHELD, "某材料"]}, "data.missing"),
        (
            "countersign.coordinated",
            "cs-1",
            {**COORDINATED, "views": [{"department": "u-land", "opinion": "某地不宜"}]},
            "data.views.opinion",
        ),
    ],
    ids=["an amount", "a text of a list", "a text of an entry"],
)
def test_amounts_and_texts_of_lists_and_entries_of_a_state_secret_stay_outside_too(
    type_: str, case: str, data: dict[str, Given], field: str
) -> None:
    refusal = tells_a_secret(act(type_, case, envelope=SECRET, **data))
    assert refusal is not None
    assert (refusal.code, refusal.field) == ("recording.tells_state_secret", field)
    assert tells_a_secret(act("approval.given", "ap-1", envelope=SECRET, **APPROVED)) is None


def test_other_classes_may_say_what_they_say() -> None:
    assert [type_ for type_ in FACTS if tells_a_secret(example(type_))] == []
