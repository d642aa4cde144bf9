"""quorum: whether enough members were present, at the opening and for each item (法定到会人数)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from events.moment import Moment
from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.persons import members, named_body
from rulebooks.language.truth import Truth
from rulebooks.problems import CompileError, checked_keys
from rulebooks.record.presence import ATTENDANCE, MOVES, RECORDS, RECUSAL, Room
from rulebooks.source import Located

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.fact import AnyFact, PersonId
    from events.moment import Instant
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Body
    from rulebooks.record.items_under_way import Stretch
    from rulebooks.rule import Rule

WORSE: Final[dict[Truth, int]] = {False: 0, None: 1, True: 2}
AWAY: Final = {None: Say("未到", "away"), MOVES[0]: Say("离会", "left"), RECUSAL: Say("回避", "recused")}
"""How somebody who was not in the room is told of, by the fact that shows it; None for every other."""


class Share(NamedTuple):
    """The part of the members who must be present: at least so many, or more."""

    part: Fraction
    more: bool

    def reached(self, present: int, of: int) -> bool:
        """Tell whether so many of so many are enough."""
        wanted = self.part * of
        return present > wanted if self.more else present >= wanted

    def say(self) -> Say:
        """Return the share in words."""
        part = f"{self.part.numerator}/{self.part.denominator}"
        return Say(
            f"须超过 {part}" if self.more else f"须达 {part} 以上", f"{'more than' if self.more else 'at least'} {part}"
        )


class Count(NamedTuple):
    """Who was in the room at one moment of a stretch, among the members in office."""

    stretch: Stretch
    at: Instant
    truth: Truth
    present: tuple[PersonId, ...]
    away: dict[str | None, list[PersonId]]
    unknown: tuple[PersonId, ...]
    facts: tuple[AnyFact, ...]


def compile_rule(context: Context) -> Rule:
    """Compile a quorum: of the members of `body` in office that day, `present` says how many must be in the room.

    The base is the roster: vacant posts are no members, acting holders are, a person with two posts counts once. Only
    those recorded with capacity `member` count. Judged at the opening and, with `items`, at the worst moment of each
    that surely was before the meeting then; at one that may have been put aside too few leave it open.
    With `on: {fact, pick: first}` a meeting opened again is judged once, at the worst of its openings.
    """
    context.check((*CONSTRAINT_KEYS, "recused", "items"), ("on", "body", "present"))
    act = compile_act(context)
    if act.scope.subject_kind != "meeting":
        raise CompileError("quorum 的 on 须是会议的事实", "a quorum looks at facts of a meeting", context.given)
    body = named_body(context.get("body"), act.scope, context.given)
    share = _share(context)
    recused = context.get("recused") or "absent"
    if recused not in {"absent", "present"}:
        raise CompileError("recused 为 absent 或 present", "recused is absent or present", context.given)
    act.scope.reads(RECORDS, ())
    items = bool(context.get("items"))

    def requirement(frame: Frame) -> Iterator[Answer]:
        used = len(frame.used)
        base = members(frame, body)
        appointed = tuple(frame.used[used:])
        del frame.used[used:]
        if not base:
            frame.missing.append(f"roster: {body.name}")
            yield Answer(None, (Say(f"{body.zh}没有任职记录", f"nobody is recorded in office in {body.en}"),))
            return
        opened = (frame.trigger,) if act.pick.each else frame.file.of_types(act.scope.trigger_types)
        room = Room(frame.file, [one.occurred_at for one in opened], recused_absent=recused == "absent")
        for stretches in ((room.opening,), *(room.items if items else ())):
            yield _answer(frame, room, stretches, tuple(base), share, body, appointed)

    return constraint(context, act, requirement)


def _share(context: Context) -> Share:
    given = context.get("present")
    if not isinstance(given, Located) or len(given) != 1:
        raise CompileError("present 须写 more_than 或 at_least", "present wants more_than or at_least", context.given)
    checked_keys(given, ("more_than", "at_least"))
    name, value = next(iter(given.items()))
    try:
        part = Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        raise CompileError(f"比例应写作 1/2：{value!r}", f"a share is written 1/2, not {value!r}", given) from error
    if not 0 < part <= 1:
        raise CompileError(f"比例应在 0 与 1 之间：{value!r}", f"a share lies between 0 and 1, not {value!r}", given)
    return Share(part, name == "more_than")


def _answer(
    frame: Frame,
    room: Room,
    stretches: tuple[Stretch, ...],
    base: tuple[PersonId, ...],
    share: Share,
    body: Body,
    appointed: tuple[AnyFact, ...],
) -> Answer:
    counts = [_count(room, one, at, base, share) for one in stretches for at in room.moments(one, base)]
    worst = min(counts, key=lambda one: (WORSE[one.truth], len(one.present) + len(one.unknown), one.at))
    stretch = worst.stretch
    frame.used.extend((*appointed, *worst.facts))
    if worst.truth is None:
        frame.missing.extend(f"{frame.file.key} {ATTENDANCE}: {person}" for person in worst.unknown)
        frame.missing.extend(filter(None, (stretch.open_for,)))
    happened = frame.trigger.occurred_at if stretch.item is None or stretch.day_only else Moment.at(worst.at)
    return Answer(worst.truth, (_numbers(worst, base, share, body),), happened, stretch.name)


def _count(room: Room, stretch: Stretch, at: Instant, base: tuple[PersonId, ...], share: Share) -> Count:
    seen = {person: room.seen(person, stretch, at) for person in base}
    present, unknown = (
        tuple(person for person, one in seen.items() if one.inside is answer) for answer in (True, None)
    )
    away: dict[str | None, list[PersonId]] = {}
    for person, one in seen.items():
        if one.inside is False:
            shown_by = one.facts[-1].type
            away.setdefault(shown_by if shown_by in AWAY else None, []).append(person)
    truth: Truth = None
    if share.reached(len(present), len(base)):
        truth = True
    elif not share.reached(len(present) + len(unknown), len(base)) and not stretch.open_for:
        truth = False
    return Count(stretch, at, truth, present, away, unknown, tuple(fact for one in seen.values() for fact in one.facts))


def _numbers(count: Count, base: tuple[PersonId, ...], share: Share, body: Body) -> Say:
    where, stretch = Say("会议开始时", "at the opening"), count.stretch
    if stretch.item is not None:
        at = "" if stretch.day_only else Moment.at(count.at).said
        where = Say(
            f"审议第 {stretch.item} 项议题时" + (f"（{at}）" if at else ""),
            f"during item {stretch.item}" + (f" ({at})" if at else ""),
        )
    zh = f"{where.zh}，{body.zh}应到 {len(base)} 人，实到 {len(count.present)} 人，{share.say().zh}"
    en = f"{where.en}, {len(count.present)} of {len(base)} {body.en} were present; {share.say().en} are needed"
    for how, word in AWAY.items():
        if how in count.away:
            zh += f"；{word.zh}：{'、'.join(count.away[how])}"
            en += f"; {word.en}: {', '.join(count.away[how])}"
    if count.unknown:
        zh += f"；没有记录：{'、'.join(count.unknown)}"
        en += f"; not recorded: {', '.join(count.unknown)}"
    if stretch.open_for and count.truth is None:
        zh, en = f"{zh}；当时是否仍在审议没有记录", f"{en}; whether it was still under way is not recorded"
    return Say(f"{zh}；列席人员不计入", f"{en}; those sitting in do not count")
