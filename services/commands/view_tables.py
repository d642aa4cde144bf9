"""A page of a view as people read it, and the filters they write on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from projections.views.query import QueryError

if TYPE_CHECKING:
    from projections.views.description import Column, Description
    from projections.views.view import Value
    from services.views.asking import ViewPage


def filters_of(given: list[str]) -> dict[str, tuple[str, ...]]:
    """Return filters given as NAME=VALUE, by name; raise QueryError for one that is not written so."""
    filters: dict[str, tuple[str, ...]] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise QueryError(
                "view.filter_unreadable",
                "filter",
                f"筛选 {one!r:.60} 不可用，须写作 名称=值。",
                f"The filter {one!r:.60} cannot be used: write NAME=VALUE.",
            )
        filters[name] = (*filters.get(name, ()), value)
    return filters


def print_page(description: Description, found: ViewPage) -> None:
    """Show one page of a view row by row."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"[bold]{description.zh} {description.en}[/bold] {found.district}，截至序号 as of sequence {found.as_of}"
    )
    for number, row in enumerate(found.rows, 1):
        told = [
            f"[dim]{one.zh} {one.en}:[/dim] {escape(_cell(one, row[one.name], found))}"
            for one in description.columns
            if row[one.name] not in (None, ())
        ]
        console.print(f"\n[bold]{number}.[/bold] {' · '.join(told)}")
    console.print(f"\n{len(found.rows)} 行 rows")
    if found.next is not None:
        console.print(f"下一页 next page: --after {found.next}")


def _cell(column: Column, value: Value, found: ViewPage) -> str:
    if isinstance(value, tuple):
        return "、".join(_cell(column, one, found) for one in value)
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, dict):
        return "；".join(f"{name} {one}" for name, one in value.items())
    label = next((f"{one.zh} {one.en}" for one in column.choices if one.value == value), None)
    name = found.names.entries.get(str(value)) if column.kind in {"person", "unit", "post", "party"} else None
    return label or (f"{name} {value}" if name else str(value))
