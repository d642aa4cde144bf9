"""What every ledger does, whatever it is stored in: one body of tests, run over each store."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from events.keys import MemoryKeys
from events.ledger.clock import clock_fact
from events.ledger.errors import Reason
from events.ledger.port import Anchor, Conflict, Failed, Head, Histories, Ledger, Proposal, Recorded, Refused, Repeated
from events.ledger.proofs import consistency_proof, inclusion_proof
from events.ledger.verification import PAGE
from events.matter import MatterClosed
from events.moment import TIME_ZONE
from events.personal import DESTROYED_TEXT, reveal
from events.printing import stored_bytes
from events.tree.proofs import is_consistent, is_included
from events.tree.sealing import Frontier, envelope_bytes, hash_function, leaf_hash
from tests.events.ledger.examples import (
    MINUTE,
    NINE,
    XINZHOU,
    YUANZHOU,
    alone,
    receipts,
    refusal,
    registered,
    sequences,
    withdrawn,
)
from tests.events.ledger.reference import tree_hash

SHA256 = hash_function("sha256")
CASE = "matter/m-14"


class RecordingContract:
    """Writing: all or none, in order, once."""

    def test_facts_get_a_dense_sequence_for_each_district(self, ledger: Ledger) -> None:
        first = ledger.record(alone(withdrawn(1), withdrawn(1, district=YUANZHOU), withdrawn(2)), NINE)
        second = ledger.record(alone(withdrawn(3), withdrawn(2, district=YUANZHOU)), NINE)
        assert (sequences(first), sequences(second)) == ([1, 1, 2], [3, 2])
        assert ledger.districts() == [XINZHOU, YUANZHOU]
        assert ledger.sequences() == {XINZHOU: 3, YUANZHOU: 2}

    def test_the_facts_of_a_proposal_are_recorded_together(self, ledger: Ledger) -> None:
        facts = (withdrawn(1), withdrawn(2), withdrawn(1, matter="m-15"))
        (outcome,) = ledger.record([Proposal(facts=facts)], NINE)
        assert [receipt.fact_id for receipt in receipts(outcome)] == [fact.id for fact in facts]
        assert ledger.read(XINZHOU) == [
            replace(fact, sequence=sequence, recorded_at=NINE) for sequence, fact in enumerate(facts, 1)
        ]

    def test_a_receipt_proves_the_fact_in_the_tree_of_its_district(self, ledger: Ledger) -> None:
        outcomes = ledger.record(alone(withdrawn(1), withdrawn(1, matter="m-15"), withdrawn(2)), NINE)
        given = [receipt for outcome in outcomes for receipt in receipts(outcome)]
        stored = ledger.read(XINZHOU)
        versions = [1, 1, 2]
        leaves = [
            leaf_hash(SHA256, envelope_bytes(fact, version), stored_bytes(fact))
            for fact, version in zip(stored, versions, strict=True)
        ]
        assert [receipt.leaf for receipt in given] == leaves
        assert [receipt.root for receipt in given] == [tree_hash(SHA256, leaves[:size]) for size in (1, 2, 3)]
        assert ledger.head(XINZHOU) == Head(XINZHOU, 3, NINE, given[-1].root, "sha256")

    def test_a_fact_recorded_again_is_the_same_fact(self, ledger: Ledger) -> None:
        (first,) = ledger.record(alone(withdrawn(1)), NINE)
        again = replace(withdrawn(1), recorded_at=NINE + MINUTE, recorded_by="somebody else")
        outcomes = ledger.record(alone(again), NINE + MINUTE)
        assert outcomes == [Repeated(receipts(first))]
        assert len(ledger.read(XINZHOU)) == 1

    def test_a_fact_with_a_known_id_and_other_content_is_refused(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1)), NINE)
        (outcome,) = ledger.record(alone(withdrawn(1, reason="撤回")), NINE)
        assert refusal(outcome) == "ledger.other_content"
        assert len(ledger.read(XINZHOU)) == 1

    def test_a_repeat_within_one_batch_and_within_one_proposal_is_recorded_once(self, ledger: Ledger) -> None:
        twice = Proposal(facts=(withdrawn(1), withdrawn(1)))
        outcomes = ledger.record([twice, *alone(withdrawn(1))], NINE)
        assert [type(outcome) for outcome in outcomes] == [Recorded, Repeated]
        assert sequences(outcomes) == [1, 1, 1]

    def test_one_id_with_two_contents_in_a_proposal_is_refused(self, ledger: Ledger) -> None:
        (outcome,) = ledger.record([Proposal(facts=(withdrawn(1), withdrawn(1, reason="撤回")))], NINE)
        assert refusal(outcome) == "ledger.other_content"
        assert (ledger.districts(), ledger.sequences()) == ([], {})

    def test_what_is_new_in_a_proposal_joins_what_is_known(self, ledger: Ledger) -> None:
        (first,) = ledger.record(alone(withdrawn(1)), NINE)
        (outcome,) = ledger.record([Proposal(facts=(withdrawn(2), withdrawn(1)))], NINE + MINUTE)
        assert isinstance(outcome, Recorded)
        assert sequences([outcome]) == [2, 1]
        assert receipts(outcome)[1] == receipts(first)[0]

    def test_a_stated_version_that_moved_is_a_conflict_of_that_proposal_alone(self, ledger: Ledger) -> None:
        stated = Proposal(facts=(withdrawn(2), withdrawn(1, matter="m-15")), expected={CASE: 0})
        outcomes = ledger.record([*alone(withdrawn(1)), stated, *alone(withdrawn(3))], NINE)
        assert outcomes[1] == Conflict(CASE, expected=0, actual=1)
        assert sequences([outcomes[0], outcomes[2]]) == [1, 2]
        assert ledger.read_case(XINZHOU, "matter/m-15") == []

    def test_a_stated_version_that_holds_is_recorded(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1)), NINE)
        stated = Proposal(facts=(withdrawn(2),), expected={CASE: 1, "matter/m-99": 0})
        assert sequences(ledger.record([stated], NINE)) == [2]

    def test_a_repeat_is_answered_before_its_stated_version_is_looked_at(self, ledger: Ledger) -> None:
        stated = Proposal(facts=(withdrawn(1),), expected={CASE: 0})
        (first,) = ledger.record([stated], NINE)
        assert ledger.record([stated], NINE) == [Repeated(receipts(first))]

    def test_a_request_with_the_same_key_gets_the_first_answer_again(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1), withdrawn(2)), NINE)
        (first,) = ledger.record([Proposal(facts=(withdrawn(3), withdrawn(4)), key="form-7")], NINE)
        retried = Proposal(facts=(withdrawn(3, name="a new id"), withdrawn(4, name="another")), key="form-7")
        assert ledger.record([retried], NINE + MINUTE) == [Repeated(receipts(first))]
        assert len(ledger.read(XINZHOU)) == 4

    def test_a_key_is_remembered_within_its_batch(self, ledger: Ledger) -> None:
        request = Proposal(facts=(withdrawn(1),), key="form-7")
        retried = Proposal(facts=(withdrawn(1, name="a new id"),), key="form-7")
        assert [type(outcome) for outcome in ledger.record([request, retried], NINE)] == [Recorded, Repeated]

    @pytest.mark.parametrize("facts", [(withdrawn(2, reason="撤回"),), (withdrawn(1), withdrawn(2))])
    def test_a_key_with_another_request_is_refused(self, ledger: Ledger, facts: tuple[object, ...]) -> None:
        ledger.record([Proposal(facts=(withdrawn(1),), key="form-7")], NINE)
        other = Proposal(facts=facts, key="form-7")  # type: ignore[arg-type]  # parametrize forgets the type
        assert refusal(ledger.record([other], NINE)[0]) == "ledger.key_reused"

    def test_a_key_belongs_to_its_district(self, ledger: Ledger) -> None:
        here = Proposal(facts=(withdrawn(1),), key="form-7")
        there = Proposal(facts=(withdrawn(1, district=YUANZHOU),), key="form-7")
        assert [type(outcome) for outcome in ledger.record([here, there], NINE)] == [Recorded, Recorded]

    def test_a_proposal_without_facts_is_refused(self, ledger: Ledger) -> None:
        assert refusal(ledger.record([Proposal(facts=())], NINE)[0]) == "ledger.empty_proposal"

    def test_a_proposal_of_two_districts_is_refused(self, ledger: Ledger) -> None:
        both = Proposal(facts=(withdrawn(1), withdrawn(1, district=YUANZHOU)))
        assert refusal(ledger.record([both], NINE)[0]) == "ledger.several_districts"

    def test_a_clock_without_offset_is_a_fault_of_the_program(self, ledger: Ledger) -> None:
        with pytest.raises(ValueError, match="no offset"):
            ledger.record(alone(withdrawn(1)), NINE.replace(tzinfo=None))


class StoredContract:
    """Writing where the facts outlive the process, so that what cannot be stored or sealed is refused."""

    def test_a_fact_that_cannot_be_written_is_refused_alone(self, ledger: Ledger) -> None:
        outcomes = ledger.record(alone(withdrawn(1, reason="\ud800"), withdrawn(2)), NINE)
        assert (refusal(outcomes[0]), sequences(outcomes[1:])) == ("ledger.unstorable", [1])

    def test_a_ledger_without_keys_takes_no_personal_text(self, ledger: Ledger) -> None:
        outcomes = ledger.record(alone(registered(), withdrawn(1)), NINE)
        assert (refusal(outcomes[0]), sequences(outcomes[1:])) == ("ledger.keys_missing", [1])


class DecidingContract:
    """Decisions asked inside the writing transaction."""

    def test_a_decision_sees_what_its_batch_recorded_before_it(self, ledger: Ledger) -> None:
        seen: list[dict[str, int]] = []

        def decide(histories: Histories) -> None:
            seen.append({case: len(facts) for case, facts in histories.items()})

        ledger.record(alone(withdrawn(1)), NINE)
        deciding = [Proposal(facts=(withdrawn(n),), reads=("matter/m-99",), decide=decide) for n in (2, 3)]
        ledger.record(deciding, NINE)
        assert seen == [{CASE: 1, "matter/m-99": 0}, {CASE: 2, "matter/m-99": 0}]

    def test_a_decision_that_refuses_keeps_out_its_own_facts_alone(self, ledger: Ledger) -> None:
        no = Refused(Reason("matter.unknown", "没有这个事项", "no such matter"))
        outcomes = ledger.record([Proposal(facts=(withdrawn(1),), decide=lambda _: no), *alone(withdrawn(2))], NINE)
        assert outcomes[0] == no
        assert [fact.id for fact in ledger.read(XINZHOU)] == [withdrawn(2).id]

    def test_a_decision_that_raises_keeps_out_its_own_facts_alone(self, ledger: Ledger) -> None:
        fault = ZeroDivisionError("a fault of the program")

        def decide(_: Histories) -> None:
            raise fault

        outcomes = ledger.record([Proposal(facts=(withdrawn(1),), decide=decide), *alone(withdrawn(2))], NINE)
        assert outcomes[0] == Failed(fault)
        assert [fact.id for fact in ledger.read(XINZHOU)] == [withdrawn(2).id]

    def test_a_repeat_is_not_decided_again(self, ledger: Ledger) -> None:
        no = Refused(Reason("matter.withdrawn_twice", "已撤回", "withdrawn before"))
        ledger.record(alone(withdrawn(1)), NINE)
        (outcome,) = ledger.record([Proposal(facts=(withdrawn(1),), decide=lambda _: no)], NINE)
        assert isinstance(outcome, Repeated)


class TimeContract:
    """Recording times and clock facts."""

    def test_recorded_at_is_set_by_the_ledger_and_never_decreases(self, ledger: Ledger) -> None:
        for number, now in enumerate([NINE, NINE + 2 * MINUTE, NINE + MINUTE], 1):
            ledger.record(alone(withdrawn(number)), now)
        recorded = [fact.recorded_at for fact in ledger.read(XINZHOU)]
        assert recorded == [NINE, NINE + 2 * MINUTE, NINE + 2 * MINUTE]

    def test_recorded_at_is_kept_in_the_time_of_the_districts(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1)), NINE.astimezone(dt.UTC))
        assert ledger.read(XINZHOU)[0].recorded_at.isoformat() == "2026-09-28T09:00:00+08:00"

    def test_a_clock_set_far_back_stops_recording_and_loses_nothing(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1), withdrawn(1, district=YUANZHOU)), NINE)
        ledger.record(alone(withdrawn(2)), NINE + 60 * MINUTE)
        late, other = ledger.record(alone(withdrawn(3), withdrawn(2, district=YUANZHOU)), NINE)
        assert refusal(late) == "ledger.clock_set_back"
        assert sequences([other]) == [2]
        assert sequences(ledger.record(alone(withdrawn(3)), NINE + 61 * MINUTE)) == [3]

    def test_a_repeat_is_answered_whatever_the_clock_says(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1)), NINE)
        assert sequences(ledger.record(alone(withdrawn(1)), NINE - 60 * MINUTE)) == [1]

    def test_a_played_history_keeps_its_recording_times(self, ledger: Ledger) -> None:
        times = [NINE - 60 * MINUTE, NINE - 30 * MINUTE, NINE - 40 * MINUTE]
        played = [Proposal(facts=(withdrawn(n),), recorded_at=time) for n, time in enumerate(times)]
        ledger.record(played, NINE)
        assert [fact.recorded_at for fact in ledger.read(XINZHOU)] == [times[0], times[1], times[1]]

    def test_a_recording_time_in_the_future_is_refused(self, ledger: Ledger) -> None:
        ahead = Proposal(facts=(withdrawn(1),), recorded_at=NINE + 60 * MINUTE)
        assert refusal(ledger.record([ahead], NINE)[0]) == "ledger.recorded_in_future"

    def test_a_due_moment_is_recorded_once(self, ledger: Ledger) -> None:
        first = ledger.record_clock(XINZHOU, NINE, NINE + MINUTE)
        again = ledger.record_clock(XINZHOU, NINE.astimezone(dt.UTC), NINE + 2 * MINUTE)
        assert (type(first), again) == (Recorded, Repeated(receipts(first)))
        (fact,) = ledger.read(XINZHOU)
        assert fact == replace(clock_fact(XINZHOU, NINE), sequence=1, recorded_at=NINE + MINUTE)
        assert fact.subject.id == "2026-09-28T09:00:00+08:00"

    def test_each_district_has_its_own_clock_facts(self, ledger: Ledger) -> None:
        outcomes = [ledger.record_clock(district, NINE, NINE) for district in (XINZHOU, YUANZHOU)]
        assert [type(outcome) for outcome in outcomes] == [Recorded, Recorded]

    def test_a_due_moment_is_never_recorded_early(self, ledger: Ledger) -> None:
        assert refusal(ledger.record_clock(XINZHOU, NINE, NINE - MINUTE)) == "ledger.clock_not_reached"

    @pytest.mark.parametrize(
        "forged",
        [
            clock_fact(XINZHOU, NINE),
            replace(withdrawn(1), origin="clock"),
            replace(clock_fact(XINZHOU, NINE), type="x"),
        ],
    )
    def test_nobody_else_records_clock_facts(self, ledger: Ledger, forged: object) -> None:
        proposal = Proposal(facts=(forged,))  # type: ignore[arg-type]  # parametrize forgets the type
        assert refusal(ledger.record([proposal], NINE)[0]) == "ledger.clock_reserved"


class ReadingContract:
    """Reading: typed, in order, without gaps."""

    def test_an_empty_ledger_has_the_root_of_nothing(self, ledger: Ledger) -> None:
        assert ledger.head(XINZHOU) == Head(XINZHOU, 0, None, Frontier().root(SHA256), "sha256")
        assert (ledger.read(XINZHOU), ledger.districts()) == ([], [])

    def test_pages_join_without_gap_or_overlap(self, ledger: Ledger) -> None:
        ledger.record(alone(*(withdrawn(n, matter=f"m-{n % 3}") for n in range(10))), NINE)
        ledger.record(alone(*(withdrawn(n, district=YUANZHOU) for n in range(4))), NINE)
        pages = [ledger.read(XINZHOU, after, 4) for after in (0, 4, 8, 10)]
        assert [[fact.sequence for fact in page] for page in pages] == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10], []]

    def test_types_that_are_passed_over_are_left_out_but_for_the_last_of_a_page(self, ledger: Ledger) -> None:
        given = [withdrawn(number) for number in range(6)]
        for number in (1, 3, 4):
            given[number] = replace(given[number], type="matter.closed.v1", data=MatterClosed(summary="已办结"))
        ledger.record(alone(*given), NINE)
        pages = [ledger.read(XINZHOU, after, 4, {"matter.closed.v1"}) for after in (0, 4, 6)]
        assert [[fact.sequence for fact in page] for page in pages] == [[1, 3, 4], [6], []]

    def test_a_case_is_read_in_order_of_recording(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1), withdrawn(1, matter="m-15"), withdrawn(2)), NINE)
        ledger.record(alone(withdrawn(1, district=YUANZHOU)), NINE)
        assert [fact.sequence for fact in ledger.read_case(XINZHOU, CASE)] == [1, 3]

    def test_many_cases_are_read_at_once_and_unknown_ones_are_empty(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1), withdrawn(1, matter="m-15"), withdrawn(2)), NINE)
        histories = ledger.read_cases(XINZHOU, [CASE, "matter/m-15", "matter/m-1"])
        found = {case: [fact.sequence for fact in facts] for case, facts in histories.items()}
        assert found == {CASE: [1, 3], "matter/m-15": [2], "matter/m-1": []}

    def test_a_fact_is_found_by_its_id_in_its_district(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1), withdrawn(2)), NINE)
        assert ledger.find(XINZHOU, withdrawn(2).id) == replace(withdrawn(2), sequence=2)
        assert ledger.find(YUANZHOU, withdrawn(2).id) is None

    def test_facts_are_read_by_their_sequences_in_their_district(self, ledger: Ledger) -> None:
        ledger.record(alone(withdrawn(1), withdrawn(1, district=YUANZHOU), withdrawn(2), withdrawn(3)), NINE)
        wanted = {3: replace(withdrawn(3), sequence=3), 1: replace(withdrawn(1), sequence=1)}
        assert (ledger.read_at(XINZHOU, [3, 1]), ledger.read_at(XINZHOU, [])) == (wanted, {})

    def test_receipts_are_given_out_again(self, ledger: Ledger) -> None:
        outcomes = ledger.record(alone(withdrawn(1), withdrawn(2), withdrawn(3)), NINE)
        wanted = [receipts(outcomes[2])[0], receipts(outcomes[0])[0]]
        assert list(ledger.receipts(XINZHOU, [3, 1, 0, 99])) == wanted

    def test_leaves_are_read_page_by_page_as_the_receipts_have_them(self, ledger: Ledger) -> None:
        outcomes = ledger.record(alone(*(withdrawn(n, matter=f"m-{n % 3}") for n in range(7))), NINE)
        ledger.record(alone(withdrawn(1, district=YUANZHOU)), NINE)
        given = [receipts(outcome)[0].leaf for outcome in outcomes]
        pages = [ledger.leaves(XINZHOU, after, 3) for after in (0, 3, 6, 7)]
        assert pages == [given[:3], given[3:6], given[6:], []]

    def test_what_is_recorded_is_proved_in_every_later_tree(self, ledger: Ledger) -> None:
        outcomes = ledger.record(alone(*(withdrawn(n) for n in range(11))), NINE)
        given = [receipts(outcome)[0] for outcome in outcomes]
        for size in (1, 2, 7, 8, 11):
            root = given[size - 1].root
            for one in given[:size]:
                included = inclusion_proof(ledger, XINZHOU, one.sequence, size)
                assert is_included(SHA256, one.sequence - 1, size, root, one.leaf, included)
                grown = consistency_proof(ledger, XINZHOU, one.sequence, size)
                assert is_consistent(SHA256, (one.sequence, one.root), (size, root), grown)

    def test_an_untouched_ledger_verifies(self, ledger: Ledger) -> None:
        ledger.record(
            alone(*(withdrawn(n) for n in range(5))), NINE.astimezone(TIME_ZONE) + dt.timedelta(microseconds=7)
        )
        found = ledger.verify(XINZHOU)
        assert (found.ok, found.facts, found.root) == (True, 5, ledger.head(XINZHOU).root)
        assert ledger.verify(YUANZHOU).facts == 0

    def test_an_untouched_ledger_of_several_pages_verifies(self, ledger: Ledger) -> None:
        ledger.record(alone(*(withdrawn(n) for n in range(2 * PAGE + 3))), NINE)
        found = ledger.verify(XINZHOU)
        assert (found.ok, found.facts, found.root) == (True, 2 * PAGE + 3, ledger.head(XINZHOU).root)

    def test_a_ledger_is_verified_against_the_roots_that_others_hold(self, ledger: Ledger) -> None:
        outcomes = ledger.record(alone(*(withdrawn(n) for n in range(5))), NINE)
        roots = [receipts(outcome)[0].root for outcome in outcomes]
        held = [Anchor(5, roots[4]), Anchor(2, roots[1])]
        assert ledger.verify(XINZHOU, held).ok
        forked = ledger.verify(XINZHOU, [*held, Anchor(4, roots[0])])
        assert (forked.ok, forked.first_bad, forked.reason and forked.reason.code) == (False, 3, "ledger.sealed_anew")
        cut = ledger.verify(XINZHOU, [*held, Anchor(9, roots[0])])
        assert (cut.ok, cut.first_bad, cut.reason and cut.reason.code) == (False, 6, "ledger.tail_cut")


class PersonalContract:
    """Personal fields, in a ledger that has keys."""

    def test_a_personal_text_is_kept_sealed_and_can_be_revealed(self, sealed: Ledger, keys: MemoryKeys) -> None:
        sealed.record(alone(registered(name="某甲")), NINE)
        (fact,) = sealed.read(XINZHOU)
        assert "某甲".encode() not in stored_bytes(fact)
        shown = reveal(fact, keys)
        assert (shown.fact, shown.erased) == (replace(registered(name="某甲"), sequence=1), ())

    def test_a_repeat_with_a_personal_text_stays_a_repeat(self, sealed: Ledger) -> None:
        first, again, other = (
            sealed.record(alone(registered(name=name)), NINE)[0] for name in ("某甲", "某甲", "某乙")
        )
        assert (type(first), type(again), refusal(other)) == (Recorded, Repeated, "ledger.other_content")

    def test_a_request_with_a_personal_text_stays_a_repeat(self, sealed: Ledger) -> None:
        first, again = (
            sealed.record([Proposal(facts=(registered(number=number),), key="form-7")], NINE)[0] for number in (1, 2)
        )
        assert (type(first), type(again)) == (Recorded, Repeated)

    def test_after_erasure_the_text_is_gone_and_every_leaf_verifies(self, sealed: Ledger, keys: MemoryKeys) -> None:
        sealed.record(alone(registered(), registered("p-sun", "某丙")), NINE)
        assert keys.erase(XINZHOU, "p-li", withdrawn(1).id)
        shown = [reveal(fact, keys) for fact in sealed.read(XINZHOU)]
        assert [(each.fact.data.name, each.erased) for each in shown] == [  # type: ignore[attr-defined]  # registrations
            (DESTROYED_TEXT, ("name",)),
            ("某丙", ()),
        ]
        assert sealed.verify(XINZHOU).ok

    def test_after_erasure_a_repeat_is_still_one_and_a_new_registration_is_refused(
        self, sealed: Ledger, keys: MemoryKeys
    ) -> None:
        sealed.record(alone(registered()), NINE)
        keys.erase(XINZHOU, "p-li", withdrawn(1).id)
        again, anew = sealed.record(alone(registered(), registered(number=2)), NINE)
        assert (type(again), refusal(anew)) == (Repeated, "ledger.person_erased")

    def test_a_personal_text_too_long_to_seal_is_refused_alone(self, sealed: Ledger) -> None:
        long, other = sealed.record(alone(registered(name="某" * 9_000), withdrawn(1)), NINE)
        assert (refusal(long), sequences([other])) == ("ledger.personal_text_too_long", [1])
