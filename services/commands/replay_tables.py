"""A replay as people read it: line by line, Chinese first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape

from projections.replay.entries import FactLine, FindingLine, IdleLine, ObligationLine
from services.commands.tables import OUTCOMES, SEVERITIES, STATES, readable

if TYPE_CHECKING:
    from projections.replay.answer import Replay
    from projections.replay.differences import CountsOnce, Differences, Side
    from projections.replay.entries import Found, Line, Who
    from projections.replay.recomputation import Recomputation
    from projections.replay.what_if import WhatIf

STEPS: Final = {
    "opened": "义务开始 obligation opened",
    "due": "届满未办 due, not done",
    "closed": "义务了结 obligation closed",
}
HOW: Final = {
    "acted": "办理 acted",
    "on_behalf": "被代 represented",
    "recorded": "录入 recorded",
    "told": "被告知 told",
}
_STATES: Final = {**STATES, **OUTCOMES, "forecast": "预测 forecast"}


def print_replay(found: Replay) -> None:
    """Show a replay: when it speaks of, what is to be known about it, the timeline, findings, differences."""
    console = Console(highlight=False, soft_wrap=True)
    what = found.district if found.case is None else f"{found.district} {found.case}"
    console.print(f"[bold]重放 replay[/bold] {escape(what)}，{_when(found)}")
    console.print(
        f"截至第 {found.through} 号事实 as of sequence {found.through}（共 of {found.head}），"
        f"{found.facts} 个事实 facts；判定时点 judged at {readable(found.judged_at)}"
    )
    for note in found.notes:
        console.print(f"\n[bold]说明 note[/bold] {escape(note.zh)}\n[dim]{escape(note.en)}[/dim]")
    if found.next_finding is not None:
        console.print(f"\n[bold]下一处发现 next finding[/bold] {found.next_finding.at}")
    if found.timeline and found.case is not None:
        console.print("\n[bold]时间线 timeline[/bold]（发生 occurred｜入账 recorded）")
        for line in found.timeline:
            console.print(escape(_line(line, found.case)))
    _print_findings(console, found)
    if found.people:
        console.print("\n[bold]知情与经办 who knew, who acted[/bold]")
        for one in found.people:
            console.print(escape(f"{one.who} · {HOW[one.how]} · 自 since {readable(one.since)} · 第 {one.sequence} 号"))
    if found.differences is not None:
        _print_differences(console, found.differences)
    if found.what_if is not None:
        _print_what_if(console, found.what_if)
    if found.recomputation is not None:
        _print_recomputation(console, found.recomputation)


def _when(found: Replay) -> str:
    known = None if found.known_at is None else f"{readable(found.known_at)} 所知 as known then"
    true = None if found.true_at is None else f"{readable(found.true_at)} 实情 as true then"
    return "；".join(one for one in (true, known) if one) or "现在所知 as known now"


def _line(line: Line, case: str | None) -> str:
    match line:
        case FactLine():
            late = "（补录 recorded later）" if line.late else ""
            struck = f"（已由第 {line.struck_by} 号更正或作废 struck out）" if line.struck_by else ""
            of = "" if line.case == case else f" [{line.case}]"
            said = "；".join(f"{name} {value}" for name, value in line.says.items())
            return (
                f"{_times(line)} #{line.sequence} {line.zh} {line.type}{of} "
                f"{_who(line.who)}{late}{struck}{f'：{said}' if said else ''}"
            )
        case ObligationLine():
            due = f"，到期 due {readable(line.due_at)}" if line.due_at and line.step == "opened" else ""
            return f"{readable(line.at)}    {STEPS[line.step]} · {line.rule} {line.party or ''}{due}"
        case FindingLine():
            found = f"{OUTCOMES[line.outcome]} · {SEVERITIES[line.severity]} · {line.rule} {line.party or ''}"
            return f"{readable(line.at)}    {found}"
        case IdleLine():
            until = readable(line.until) if line.until else "所问时点 the moment asked about"
            return (
                f"    ⋯ 其间 {line.working_days} 个工作日（{line.days} 日）无动静，至 {until} / "
                f"nothing for {line.working_days} working days"
            )


def _times(fact: FactLine | CountsOnce) -> str:
    """Return when a fact occurred, and the minute in which it was recorded."""
    return f"{readable(fact.at)}｜{readable(fact.recorded_at)[:16]}"


def _who(who: Who) -> str:
    named = " ".join(one for one in (who.person, who.post, who.unit) if one)
    return f"{named}（代 for {who.on_behalf_of}）" if who.on_behalf_of else named


def _print_findings(console: Console, found: Replay) -> None:
    for one in found.findings:
        _print_found(console, one)
    running = [one for one in found.obligations if one.state in {"open", "paused", "forecast"}]
    if running:
        console.print("\n[bold]进行中 still running[/bold]")
        for duty in running:
            due = readable(duty.due_at) + ("（暂定 provisional）" if duty.provisional else "")
            whom = duty.party or duty.period or "—"
            console.print(escape(f"{duty.rule} · {duty.subject} · {whom} · {due} · {_STATES[duty.state]}"))
    if not found.findings:
        console.print("\n没有发现 no findings")


def _print_found(console: Console, one: Found) -> None:
    console.print(f"\n[bold]{escape(f'{OUTCOMES[one.outcome]} · {SEVERITIES[one.severity]} · {one.rule}')}[/bold]")
    console.print(escape(one.say.zh))
    console.print(f"[dim]{escape(one.say.en)}[/dim]")
    proof = "、".join(f"#{fact.sequence}" for fact in one.proof)
    steps = "、".join(f"{step.step} #{step.sequence}" for step in one.steps) or "尚无入账 none recorded"
    console.print(f"[dim]证据 proof: {proof}；预警 alert {one.alert}: {steps}[/dim]")


def _print_differences(console: Console, found: Differences) -> None:
    console.print(
        f"\n[bold]差异 differences[/bold]\n  甲 A {escape(found.before.zh)} / {escape(found.before.en)}\n"
        f"  乙 B {escape(found.after.zh)} / {escape(found.after.en)}"
    )
    for side, facts in (("仅甲 only A", found.facts_before_alone), ("仅乙 only B", found.facts_after_alone)):
        for fact in facts:
            console.print(
                escape(
                    f"{side}: #{fact.sequence} {fact.zh} {fact.type} [{fact.case}] {_times(fact)}："
                    f"{fact.why.zh} / {fact.why.en}"
                )
            )
    for one in found.judged:
        console.print(
            escape(
                f"{one.words.zh} {one.words.en}: {one.rule} {one.subject} {one.party or ''}｜"
                f"甲 A {_side(one.before)}｜乙 B {_side(one.after)}"
            )
        )
    if not (found.facts_before_alone or found.facts_after_alone or found.judged):
        console.print("没有差异 no difference")


def _print_what_if(console: Console, found: WhatIf) -> None:
    console.print(
        f"\n[bold]假如 what if[/bold] 一直施行 had always ruled {'、'.join(found.supposed.rulebooks)}："
        f"违反 violated {found.in_force.violated} → {found.supposed.violated}，变动 changed {len(found.changed)}"
    )
    for one in found.changed:
        shown = one.after or one.before
        if shown is None:
            continue
        console.print(escape(f"\n{one.words.zh} {one.words.en}: {shown.subject} {shown.party or shown.period or ''}"))
        for side, found_there in (("现行 in force", one.before), ("假设 supposed", one.after)):
            console.print(escape(f"  {side}: {_ruled(found_there)}"))
            if found_there is not None:
                console.print(f"    [dim]{escape(found_there.say.en)}[/dim]")


def _ruled(found: Found | None) -> str:
    if found is None:
        return "无此项，没有可判的规定 nothing of the kind, no rule applies"
    due = f" {readable(found.due_at)}" if found.due_at else ""
    force = "" if found.outcome == "satisfied" else f" · {SEVERITIES[found.severity]}"
    early = "（行为早于施行日 the act came before its day in force）" if found.before_force else ""
    return f"{found.rule} 第 {found.article} 条 · {_STATES[found.outcome]}{due}{early}{force} · {found.say.zh}"


VERDICTS: Final = {
    "equal": "与入账的预警完全相同 equal to the alerts recorded",
    "explained": "有差异，均有解释 differs, each difference explained",
    "unexplained": "有无法解释的差异 differs, and not everything is explained",
}
WHERE: Final = {
    "recorded_alone": "仅入账 recorded alone",
    "recomputed_alone": "仅重算 recomputed alone",
    "says_otherwise": "内容不同 says otherwise",
}


def _print_recomputation(console: Console, found: Recomputation) -> None:
    console.print(
        f"\n[bold]重新判定 recomputed[/bold] {VERDICTS[found.verdict]}：入账 recorded {found.recorded}，"
        f"重算 recomputed {found.recomputed}，相同 equal {found.equal}；程序 program {found.engine}"
    )
    for one in found.differences:
        at = "".join(
            f" {name} #{number}" for name, number in (("入账", one.sequence), ("起因 cause", one.cause)) if number
        )
        told = f"（{'、'.join(one.fields)}）" if one.fields else ""
        console.print(
            escape(
                f"{WHERE[one.where]}{told}: {one.transition} {one.rule or one.alert} {one.subject or ''} "
                f"{one.party or ''}{at}：{one.why.zh} / {one.why.en} [{one.code}]"
            )
        )


def _side(side: Side | None) -> str:
    if side is None:
        return "无 none"
    when = [readable(one) for one in (side.due_at, side.happened_at) if one]
    return " ".join([_STATES.get(side.state, side.state), *when])
