"""What the commands show people of rules: an explanation, a comparison, what histories touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rulebooks.judgement import Say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.rules.comparison import Comparison, RuleShown
    from services.rules.coverage import Coverage
    from services.rules.explanations import Explanation


def print_explanation(found: Explanation) -> None:
    """Show one rule to somebody who knows the office, not the program."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]{escape(found.rule)}[/bold]  {escape(found.cited.zh)}")
    console.print(f"[dim]{escape(found.cited.en)} · {found.source}[/dim]")
    _print_part(console, Say("条文", "wording"), (found.wording,))
    _print_part(console, Say("效力", "force"), (found.force,))
    _print_part(console, Say("怎样判定", "how it is computed"), (found.kind_in_words, *found.computed))
    _print_part(console, Say("例外", "exceptions"), found.exceptions)
    _print_part(console, Say("理解", "reading"), (found.reading,) if any(found.reading) else ())
    numbers = tuple(Say(f"{one.place} = {one.value}", "") for one in found.parameters)
    _print_part(console, Say("参数", "parameters"), numbers)
    _print_part(console, Say("参见", "see"), tuple(Say(one, "") for one in found.see))
    cases = []
    for case in found.cases:
        edge = "（边界 boundary）" if case.boundary else ""
        miss = "" if case.holds else " ← 与规则不符 misses"
        cases.append(Say(f"{case.name}{edge}: {case.outcome}{miss}", ""))
    _print_part(console, Say("案例", "cases"), cases)


def _print_part(console: Console, title: Say, lines: Sequence[Say]) -> None:
    if not lines:
        return
    console.print(f"\n[bold]{title.zh} {title.en}[/bold]")
    for line in lines:
        console.print(f"  {escape(line.zh)}")
        if line.en and line.en != line.zh:
            console.print(f"  [dim]{escape(line.en)}[/dim]")


def print_comparison(found: Comparison) -> None:
    """Show one subject, a column a district, a row a kind of rule."""
    table = Table(
        title=f"{found.subject_in_words.zh} {found.subject_in_words.en}", title_justify="left", show_lines=True
    )
    table.add_column("种类 kind")
    for district in found.districts:
        table.add_column(district, ratio=1, overflow="fold")
    for row in found.rows:
        cells = (_cell(row.districts[district]) for district in found.districts)
        table.add_row(f"{row.kind_in_words.zh}\n{row.kind}", *cells)
    Console(highlight=False).print(table)


def _cell(rules: Sequence[RuleShown]) -> str:
    said = []
    for one in rules:
        numbers = f"（{'，'.join(one.numbers)}）" if one.numbers else ""
        said.append(f"{one.article} {one.modality}: {one.zh}{numbers}")
    return escape("\n".join(said)) or "—"


def print_coverage(found: Coverage) -> None:
    """Show which rules of a district histories touched, and name the others."""
    console = Console(highlight=False)
    share = f"{len(found.touched)}/{found.rules}"
    table = Table(title=f"{found.district}: {share} 条规则被触及 rules touched", title_justify="left")
    for column in ("规则 rule", "种类 kind", "结果 states"):
        table.add_column(column)
    for one in found.touched:
        table.add_row(one.rule, one.kind, "，".join(f"{state} {number}" for state, number in one.states.items()))
    console.print(table)
    if found.untouched:
        console.print(f"未触及 untouched: {escape('、'.join(found.untouched))}")
