"""The watch: a pure function of the facts in ledger order, that says how every rule stands.

It reads no clock. Its hour moves with clock facts alone, so that a limit is judged only after every fact that was
recorded before it ran out, and in the same way on every replay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.clock import ClockReached
from events.moment import instant_of
from events.record import RecordAnnulled, RecordCorrected
from projections.corrections import Corrections
from projections.watch.acts_asked import ActsAsked, NoActs
from projections.watch.background import Background
from projections.watch.casefiles import CaseFiles
from projections.watch.counts import Counts
from projections.watch.dispatch import Dispatch
from projections.watch.filing import Filing
from projections.watch.judging import Change, Judge, NotJudged
from projections.watch.own_copies import own_copy
from projections.watch.past import Past, over_by
from projections.watch.shelf import Saved, Shelf
from projections.watch.standing import Scope, Standing
from rulebooks.counting.tallies import judge_own
from rulebooks.record.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.watch.past_counts import CountRow
    from rulebooks.calendar.working_days import Calendar
    from rulebooks.judgement import Judgement
    from rulebooks.rule import Rule


class Watch:
    """The state of every rule over the facts taken so far, for one district.

    With a shelf, `save` returns what has changed since it was last called and `let_go` bounds the memory; `bring_back`
    goes on where a saved watch stood. `dispatch` is that of another watch by the same rules, which takes time to make.
    `set_aside` is told of a rule that raises, and the others are asked; without it what is raised is passed on.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        calendar: Calendar,
        shelf: Shelf | None = None,
        dispatch: Dispatch | None = None,
        *,
        set_aside: Callable[[NotJudged], None] | None = None,
    ) -> None:
        self.rules = rules
        self.position = 0
        self._shelf = shelf
        self._corrections = Corrections(None if shelf is None else shelf.fact)
        self.files = CaseFiles(shelf, self._corrections.struck)
        self.world = World(self.files, calendar)
        self._past = Past()
        self._acts = ActsAsked(NoActs() if shelf is None else shelf.acts, self.files.file)
        self.world.absences, self.world.mandates = self._acts.absences, self._acts.mandates
        self._standing = Standing(rules, self._find, shelf)
        self._dispatch = dispatch or Dispatch(rules)
        self._counts = Counts(rules, shelf)
        self._background = Background(self.world, self.files, self._standing, self._dispatch, self._counts, self._acts)
        self._filing = Filing(
            self.world,
            self.files,
            self._corrections,
            self._standing,
            self._dispatch,
            self._counts,
            self._background,
        )
        self._judge = Judge(rules, self.world, self.files, self._standing, self._counts, self._background, set_aside)

    def take(self, fact: AnyFact) -> list[Change]:
        """Take the next fact of the ledger and return what it changed."""
        self.position = max(self.position, fact.sequence)
        self.files.through = self.position - 1
        if fact.origin == "watch":
            return []
        if isinstance(fact.data, ClockReached):
            changes = self._strike_hour(fact, fact.data)
        else:
            touched = self._filing.counted(self._filing.began(fact) | self._filing.filed(fact))
            changes = self._judge.judged(sorted(touched), fact, by_clock=False)
        self._standing.turn(self.position)
        return changes

    def struck(self, fact_id: UUID) -> bool:
        """Tell whether a fact that was taken does not count, being corrected or annulled."""
        return self._corrections.struck(fact_id)

    def next_wake(self) -> Instant | None:
        """Return the earliest moment at which a judgement can change though no fact comes."""
        return self._standing.wakes.next()

    def to_be_read(self, hour: Instant) -> list[str]:
        """Return the subjects that wake by an hour and are not held, in the order in which they will be asked."""
        due = sorted({self._counts.of_key(scope) for scope in self._standing.wakes.due(hour)})
        return [one for one in dict.fromkeys(subject for _, subject in due) if not self._standing.is_held(one)]

    def standing(self) -> Iterator[tuple[Rule, Judgement]]:
        """Return every judgement held in memory, rule by rule."""
        return self._standing.everything()

    def judged_anew(self, subject: str) -> Iterator[tuple[Rule, Judgement]]:
        """Judge a case by every rule that looks at it alone; nothing is kept, counts across cases are left out."""
        file = self.files.file(subject)
        for rule in self.rules:
            if rule.subject_kind == file.kind and not set(rule.triggers).isdisjoint(file.types):
                found = rule.judge(self.world, file) if rule.tally is None else judge_own(rule.tally, self.world, file)
                for judgement in found:
                    yield rule, self._judge.waived(rule, judgement, judgement.trigger.district)

    def counted_anew(self) -> Iterator[tuple[Rule, Judgement]]:
        """Judge anew whatever is counted across cases; nothing of it is kept."""
        for place, judgement in self._counts.judged_anew(self.world):
            rule = self.rules[place]
            yield rule, self._judge.waived(rule, judgement, judgement.trigger.district)

    def save(self) -> Saved:
        """Return, once, what changed since the last call."""
        return Saved(
            standing=self._standing.unsaved(),
            links=self.files.unsaved_links(),
            extents=self._standing.unsaved_extents(),
            counts=self._counts.unsaved(),
            acts=self._background.unsaved_acts(),
            turns=self._standing.unsaved_turns(),
        )

    def let_go(self, most: int) -> None:
        """Hold at most so many cases in memory and let go of what is over; only after what `save` gave is stored."""
        self._standing.let_go(self.files.let_go(most), self.world.hour)
        over = self._past.moved_on(self.world.hour)
        if over is not None:
            self._counts.let_go(self.world, over)
            self._acts.hold_since(over)

    def bring_back(
        self,
        background: Iterable[AnyFact],
        acts: Iterable[str],
        wakes: Iterable[tuple[str, str, Instant]],
        counts: Iterable[tuple[str, str, CountRow]],
        hour: Instant,
        position: int,
    ) -> None:
        """Go on where a saved watch stood: roster and the like taken again, wakes set, nothing judged.

        `acts` are the cases of absences and entrustments that reach what is not over at the hour (`over_by`).
        """
        place_of = {rule.header.id: place for place, rule in enumerate(self.rules)}
        self.position = self.files.through = position
        for fact in background:
            self._filing.began(fact)
            self._corrections.remember(fact)
            if isinstance(fact.data, RecordCorrected | RecordAnnulled):
                list(self._corrections.take(fact))
        for fact in background:
            if not self._corrections.struck(fact.id):
                self._background.take_again(fact)
        for rule, subject, wake in wakes:
            if rule in place_of:
                self._standing.wakes.put((place_of[rule], subject), wake)
                self._counts.stands((place_of[rule], subject))
        over = self._past.moved_on(hour) or over_by(hour)
        self._counts.bring_back(counts, self._find, over)
        self._acts.bring_back(acts, over)
        self.world.hour = hour

    def continued(self, published: Calendar, shelf: Shelf) -> Watch:
        """Return a watch that goes on from this one by itself, once all that this one holds was saved on a shelf.

        Cases are read from the shelf when they are needed, the roster and the like are copied. `published` is the
        calendar before any notice was adopted.
        """
        other = Watch(self.rules, published, shelf, self._dispatch)
        other.position = other.files.through = self.position
        other.world.roster, other.world.force = own_copy(self.world.roster), own_copy(self.world.force)
        other._acts.continue_from(self._acts)
        other._past = self._past.copied()
        for name in ("calendar", "hour", "began", "set_up"):
            setattr(other.world, name, getattr(self.world, name))
        other._corrections.continue_from(self._corrections)
        other._background.continue_from(self._background)
        other._standing.wakes = self._standing.wakes.copied()
        other._counts.continue_from(self._counts)
        return other

    def _strike_hour(self, fact: AnyFact, data: ClockReached) -> list[Change]:
        self.world.hour = max(self.world.hour, instant_of(data.at))
        woken: set[Scope] = set()
        while (taken := self._standing.wakes.take(self.world.hour)) is not None:
            woken.add(self._counts.of_key(taken[0]))
        return self._judge.judged(sorted(woken), fact, by_clock=True)

    def _find(self, key: str, fact_id: UUID) -> AnyFact | None:
        """Find a fact by id: in the file of a case, else on the shelf."""
        for fact in self.files.file(key).facts():
            if fact.id == fact_id:
                return fact
        return None if self._shelf is None else self._shelf.fact(fact_id)
