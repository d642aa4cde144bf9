"""`taizhang check`: play a history on a throwaway ledger of its own and say how every rule stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from events.ledger.clock import clock_fact
from events.moment import Instant, Moment, datetime_of, instant_of
from events.parsing import Defaults, History
from projections.alerts.escalation import due_soon
from projections.findings import FOUND, STILL_OPEN, Finding, Open, finding_of, open_of
from projections.policy.policy import shipped_policy
from projections.watch.watch import Watch
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.loading import shipped_rulebooks
from services.judging_in_shares import Found, found_in_shares
from services.not_done import NotDoneError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from rulebooks.judgement import Judgement
    from rulebooks.loading import Rulebook
    from rulebooks.rule import Rule

NOBODYS_DISTRICT: Final = "none"
LAST_YEAR: Final = 2999
FARTHEST: Final = Moment(f"{LAST_YEAR}-12-31").latest
"""Due days are counted from where time stands, and the calendar of the machine ends with the year 9999."""
LONG: Final = 2_000
"""Facts from which on a history is worth more than one process."""


class CheckError(NotDoneError):
    """A history that cannot be checked."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a history came to, as `taizhang check --json` prints it."""

    district: str
    rulebook: str
    rulebook_sha256: str
    until: str
    facts: int
    findings: tuple[Finding, ...]
    open: tuple[Open, ...]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line sets for a history; the history's own first line gives what is left out here."""

    district: str | None = None
    rulebook: str | None = None
    until: Moment | None = None
    show_satisfied: bool = False


class Played(msgspec.Struct, frozen=True):
    """A watch that has taken a history, with how far it went."""

    watch: Watch
    facts: int
    until: Moment


def check_history(lines: Iterable[bytes], options: Options, processes: int = 1) -> Checked:
    """Check one history; raise FactError for a line that cannot be read, CheckError when no rulebook fits.

    A long one is judged by so many `processes`, which must not have threads; the result is the same.
    """
    history = History(lines, Defaults(district=options.district))
    settings = history.settings
    facts = list(history)
    district = named_district(options.district or settings.district, facts)
    rulebooks = chosen_rulebooks(district, options.rulebook or settings.rulebook)
    until = options.until or settings.until
    if until is not None and until.latest > FARTHEST:
        raise CheckError(
            "check.too_far",
            f"判定截至 {until.text} 太远，至多到 {LAST_YEAR} 年底；请核对日期。",
            f"{until.text} is too far to judge up to, {LAST_YEAR} is the last year; check the date.",
        )

    def find(rules: Sequence[Rule]) -> Found:
        return _found(play_by(facts, rules, until), show_satisfied=options.show_satisfied)

    rules = [rule for book in rulebooks for rule in book.rules]
    found = found_in_shares(find, rules, processes if len(facts) >= LONG else 1)
    latest = rulebooks[-1]
    return Checked(
        district=district,
        rulebook=latest.name,
        rulebook_sha256=latest.sha256,
        until=found.until,
        facts=found.facts,
        findings=found.findings,
        open=found.open,
    )


def named_district(named: str | None, facts: Sequence[AnyFact]) -> str:
    """Return the district that was named, else that of the first fact; raise CheckError when there is neither."""
    if named is not None:
        return named
    if facts:
        return facts[0].district
    raise CheckError(
        "check.no_district",
        "没有指明区县，不知按哪里的规则判定；请用 --district，或在首行写明 district。",
        "No district is named, so it is not known whose rules to judge by; use --district, or name it in the first "
        "line.",
    )


def chosen_rulebooks(district: str, name: str | None) -> list[Rulebook]:
    """Return the shipped rulebooks of a district, or the one named `DISTRICT/VERSION`; raise CheckError if none."""
    found = list(shipped_rulebooks((name or district).partition("/")[0]))
    if name is not None:
        found = [one for one in found if one.name == name]
    if not found:
        wanted = name or district
        raise CheckError(
            "check.no_such_rulebook",
            f"没有规则书 {wanted}，无可据以判定；请核对区县和版本，有哪些见 taizhang rules。",
            f"There is no rulebook {wanted}, so there is nothing to judge by; check district and version, taizhang "
            "rules lists those there are.",
        )
    return found


def play(
    facts: Sequence[AnyFact], rulebooks: Sequence[Rulebook], until: Moment | None, only: str | None = None
) -> Played:
    """Let the watch take facts in the order of recording, with a clock fact at each due moment between them.

    `only` names the one rule to judge by, when the others do not matter.
    """
    rules = [rule for book in rulebooks for rule in book.rules if only is None or rule.header.id == only]
    return play_by(facts, rules, until)


def play_by(facts: Sequence[AnyFact], rules: Sequence[Rule], until: Moment | None) -> Played:
    """Play facts under some rules."""
    watch = Watch(rules, national_calendar())
    end = None if until is None else until.latest
    known = facts if end is None else [fact for fact in facts if instant_of(fact.recorded_at) <= end]
    clocks = Clocks(watch, facts[0].district if facts else NOBODYS_DISTRICT)
    taken = clocks.play(known)
    last = max((instant_of(fact.recorded_at) for fact in facts), default=0)
    clocks.strike_through(last if end is None else end)
    return Played(watch, taken, until or Moment.at(last))


class Clocks:
    """Clock facts for a watch: one for each due moment that passes without a fact."""

    def __init__(self, watch: Watch, district: str) -> None:
        self._watch = watch
        self._district = district

    def play(self, facts: Iterable[AnyFact]) -> int:
        """Let the watch take facts in the order of recording, numbered by line; return how many were not repeats."""
        seen: set[int] = set()
        for line, fact in enumerate(facts, start=1):
            if fact.id.int not in seen:
                seen.add(fact.id.int)
                self.strike_before(instant_of(fact.recorded_at))
                self._watch.take(msgspec.structs.replace(fact, sequence=line))
        return len(seen)

    def strike_before(self, instant: Instant) -> None:
        """Strike every due moment that lies before an instant."""
        self._strike(instant - 1, instant - 1)

    def strike_through(self, instant: Instant) -> None:
        """Strike every due moment up to an instant, and what was kept back until time should pass."""
        self._strike(instant, instant)

    def _strike(self, limit: Instant, now: Instant) -> None:
        while (wake := self._watch.next_wake()) is not None and wake <= limit:
            hour = self._watch.world.hour
            at = wake if wake > hour else now
            if at <= hour:
                return
            self._watch.take(clock_fact(self._district, datetime_of(at)))


def _standing(judgement: Judgement, played: Played) -> str:
    """Tell how what still runs stands at the end: paused, due soon by the shipped policy, or open."""
    if judgement.state == "paused":
        return "paused"
    if judgement.state != "open" or judgement.due is None:
        return "open"
    world = played.watch.world
    near = due_soon(shipped_policy(), judgement.due, played.until.latest, world.calendar)
    return "due_soon" if near else "open"


def _found(played: Played, *, show_satisfied: bool) -> Found:
    shown = FOUND if show_satisfied else FOUND - {"satisfied"}
    roster = played.watch.world.roster
    findings: list[Finding] = []
    still: list[Open] = []
    for rule, judgement in played.watch.standing():
        if judgement.state in shown:
            findings.append(finding_of(rule, judgement, roster))
        elif judgement.state in STILL_OPEN:
            still.append(open_of(rule, judgement, roster, _standing(judgement, played)))
    return Found(
        findings=tuple(findings),
        open=tuple(still),
        facts=played.facts,
        until=Moment.at(played.until.latest).text,
    )
