"""How every rule stands for one case at a moment, judged anew from the facts that count then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from projections.replay.knowledge import ShelfAsOf
from projections.watch.acts_asked import NOTHING, ActsAsked
from projections.watch.watch import Watch
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.fact import AnyFact
    from projections.replay.as_of import AsOf
    from projections.replay.knowledge import Knowledge
    from projections.watch.dispatch import Dispatch
    from rulebooks.calendar.working_days import Calendar
    from rulebooks.judgement import Judgement
    from rulebooks.record.world import World
    from rulebooks.rule import Rule

ALWAYS_IN_FORCE: Final = (-ALWAYS, ALWAYS)
Judged = tuple["Rule", "Judgement"]


class By(NamedTuple):
    """By what is judged: the rules, the calendar before any notice was adopted, and the ways from facts to rules.

    `supposed` names rulebooks that are taken to have always been in force.
    """

    rules: Sequence[Rule]
    calendar: Calendar
    dispatch: Dispatch | None = None
    supposed: frozenset[str] = frozenset()


class Standing(NamedTuple):
    """How things stand at a moment: the facts of the case that are known or true then, and every judgement.

    `struck` are the ids of facts among them that do not count, being corrected or annulled.
    """

    as_of: AsOf
    facts: Sequence[AnyFact]
    struck: frozenset[object]
    judged: Sequence[Judged]
    world: World


def stands(knowledge: Knowledge, by: By, case: str, as_of: AsOf) -> Standing:
    """Return how a case stands; rules that count across cases are not asked, since they need all of these."""
    watch = watch_at(knowledge, by, as_of)
    facts = [one for one in knowledge.facts_of(case) if as_of.counts(one)]
    judged = judged_then(watch, case)
    return Standing(as_of, facts, frozenset(one.id for one in facts if watch.struck(one.id)), judged, watch.world)


def watch_at(knowledge: Knowledge, by: By, as_of: AsOf) -> Watch:
    """Return a watch that knows what bears on every case at a moment; it may judge one case after another."""
    shelf = ShelfAsOf(knowledge, as_of)
    watch = Watch(by.rules, by.calendar, shelf, by.dispatch)
    watch.bring_back(list(shelf.background()), (), (), (), as_of.hour, as_of.through)
    asked = ActsAsked(shelf.acts, watch.files.file, NOTHING)
    watch.world.absences, watch.world.mandates = asked.absences, asked.mandates
    watch.world.force.update(dict.fromkeys(by.supposed, ALWAYS_IN_FORCE))
    return watch


def judged_then(watch: Watch, case: str) -> list[Judged]:
    """Return every judgement of a case; nothing of it is kept."""
    return [one for one in watch.judged_anew(case) if one[1].state != "waiting"]
