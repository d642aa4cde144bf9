"""Rows do not depend on how the facts are cut into batches, and are those of a build from scratch."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.fact import AnyFact
from events.parsing import Defaults, History
from projections.views.catalogue import VIEWS
from tests.projections.kept import Places
from tests.projections.playing import districts, history, shuffled
from tests.projections.views.view_scene import ViewScene, everything_in, from_scratch
from tests.rulebooks.kinds.histories import fact

SAMPLES = Path(__file__).parents[3] / "services" / "sample" / "histories"


def with_corrections(facts: list[AnyFact], district: str, choice: Random) -> list[AnyFact]:
    """Strike out some facts, and some of the corrections again, each at any place after what it strikes."""
    found = list(facts)
    for number in range(choice.randrange(6)):
        place = choice.randrange(len(found))
        at = f"2027-01-{number + 1:02d}"
        struck = fact("record.annulled", f"correction/c-{number}", at, wrong=str(found[place].id), reason="误录")
        found.insert(choice.randint(place + 1, len(found)), replace(struck, district=district))
    return found


def demonstration(district: str) -> list[AnyFact]:
    lines = (SAMPLES / district / "demonstration.jsonl").read_bytes().splitlines()
    return list(History(lines, Defaults(district=district)))


@pytest.mark.parametrize("district", districts())
@settings(max_examples=2)
@given(seed=st.integers(0, 2**32))
def test_rows_are_those_from_scratch_however_the_facts_are_cut_into_batches(
    folders: Places, district: str, seed: int
) -> None:
    as_from_scratch(folders, district, seed)


@settings(max_examples=2)
@given(district=st.sampled_from(districts()), seed=st.integers(0, 2**32))
def test_rows_in_postgres_are_those_from_scratch_too(database: Places, district: str, seed: int) -> None:
    as_from_scratch(database, district, seed)


def as_from_scratch(places: Places, district: str, seed: int) -> None:
    choice = Random(seed)
    facts = demonstration(district) if choice.random() < 0.3 else shuffled(history(district, choice), choice)
    facts = with_corrections(facts, district, choice)
    with places.anew() as place:
        scene = ViewScene(place, batch=choice.choice([3, 10, 40]))
        cuts = sorted(choice.sample(range(len(facts)), min(4, len(facts))))
        for first, last in zip([0, *cuts], [*cuts, len(facts)], strict=True):
            scene.record(*facts[first:last])
            for _ in range(choice.randrange(4)):
                scene.feeding.advance()
            with scene.feeding.sharing(choice.sample(sorted(VIEWS), 4)):
                for _ in range(choice.randrange(4)):
                    scene.feeding.advance()
            if choice.random() < 0.3:
                scene.feeding = scene.fed_by(choice.choice([1, 7, 100]))
            if choice.random() < 0.3:
                scene.feeding.rebuild(choice.sample(sorted(VIEWS), 4))
        scene.feeding.catch_up()
        recorded = everything_in(scene.ledger, district)
        rows = {name: scene.stored(name, district) for name in VIEWS}
        scene.rows.close()
    assert rows == {name: from_scratch(view, recorded) for name, view in VIEWS.items()}
