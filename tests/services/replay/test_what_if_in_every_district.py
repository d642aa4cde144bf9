"""A draft that leaves out a rule, binds another more or less, and adds a third, tried on a history of each district.

The draft is in force from a day in the middle of the history; nothing else than these rules may change.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from events.parsing import History
from projections.replay.entries import Found
from projections.replay.question import Question
from projections.replay.what_if import RESTATED, Changed
from rulebooks.loading import HOME, load_rulebook
from services.replay.answering import Answering
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.replaying import Asked
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.writing import history_text
from tests.services.replay.replay_scene import basis, recorded

OTHER_FORCE = {
    f"modality: {one}": other
    for one, other in (
        ("must", "generally"),
        ("must_not", "in_principle_not"),
        ("generally", "must"),
        ("in_principle", "must"),
        ("in_principle_not", "must_not"),
        ("may", "must"),
    )
}


def drafted(shipped: Path, to: Path, gone: str, bound: str, twice: str, since: dt.date) -> Path:
    """Return a draft without the first rule, with another force of the second, and the third once more."""
    shutil.copytree(shipped, to)
    for path in to.glob("*.yaml"):
        text = path.read_text("utf-8")
        if path.name == "rulebook.yaml":
            text = re.sub(r"^rulebook: (.*)/.*$", r"rulebook: \1/draft", text, flags=re.MULTILINE)
            text = re.sub(r"from: \d{4}-\d\d-\d\d", f"from: {since}", text, count=1)
        provisions = re.split(r"^(?=\S|  - )", text, flags=re.MULTILINE)
        path.write_text("".join(redrafted(one, gone, bound, twice) for one in provisions), encoding="utf-8")
    return to


def redrafted(provision: str, gone: str, bound: str, twice: str) -> str:
    """Return the text of a provision as it stands in the draft."""
    head = provision.partition("\n")[0]
    if head == f"  - id: {gone}":
        return ""
    if head == f"  - id: {bound}":
        return re.sub(r"modality: \w+", lambda it: f"modality: {OTHER_FORCE[it[0]]}", provision, count=1)
    if head == f"  - id: {twice}":
        return provision + provision.replace(twice, f"{twice}-again", 1)
    return provision


def of(changed: Changed) -> tuple[str | None, str | None]:
    """Return by which rules a finding stands on both sides."""
    before, after = (None if one is None else one.rule for one in (changed.before, changed.after))
    return before, after


@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_only_what_the_draft_changes_changes(district: str, tmp_path: Path) -> None:
    facts = list(History(history_text(district, plan(DISTRICTS[district], 30, 3, 6)).encode().splitlines()))
    ledger = recorded(one for one in facts if one.origin not in {"watch", "clock"})
    reach = reach_of(ledger, district, facts[-1].recorded_at + dt.timedelta(days=10))
    answering = Answering(Sources(ledger), basis(district), district, reach)
    found = answering.answer(Asked(None, Question())).findings
    told = Counter(one.rule for one in found)
    kinds = {rule.header.id: rule.header.kind for book in basis(district).rulebooks for rule in book.rules}
    gone = told.most_common(1)[0][0]
    bound = next(rule for rule, _ in told.most_common() if rule != gone)
    twice = next(rule for rule, _ in told.most_common() if rule != bound and kinds[rule] != kinds[gone])
    (shipped,) = (path.parent for path in (HOME / district).glob("*/rulebook.yaml"))
    middle = facts[len(facts) // 2].recorded_at.date()
    draft = load_rulebook(drafted(shipped, tmp_path / district / "draft", gone, bound, twice, middle))
    changed = answering.answer(Asked(None, Question()), draft).what_if
    assert changed is not None
    rows: dict[tuple[str | None, str | None], list[Changed]] = {}
    for one in changed.changed:
        rows.setdefault(of(one), []).append(one)
    left_out, weighed, added = rows.pop((gone, None)), rows.pop((bound, bound)), rows.pop((None, f"{twice}-again"))
    assert rows == {}
    assert [one.rule for one in found if one.rule in {gone, bound, twice}] != []
    assert violated(one.before for one in left_out) == violated(found, gone)
    assert violated(one.after for one in added) == violated(found, twice)
    assert {one.words for one in weighed} == {RESTATED}
    for one in weighed:
        assert one.before is not None
        assert one.after is not None
        assert (one.before.outcome, one.before.article) == (one.after.outcome, one.after.article)
        assert one.before.modality != one.after.modality
    judged = [one.after for one in (*weighed, *added) if one.after is not None and one.after.opened_at is not None]
    early = [one for one in judged if dt.date.fromisoformat(str(one.opened_at)[:10]) < middle]
    assert all(one.before_force for one in early)
    assert changed.supposed.violated == changed.in_force.violated - violated(found, gone) + violated(found, twice)
    assert all(told[rule] <= len(which) for rule, which in ((gone, left_out), (bound, weighed), (twice, added)))


def violated(found: Iterable[Found | None], rule: str | None = None) -> int:
    """Count the violations among findings."""
    return sum(one is not None and one.outcome == "violated" and rule in {None, one.rule} for one in found)
