"""What a row of leaders.jsonl says happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.public_records.rows import WRONG_TYPE, Row, Statement, UnusableValueError, identity_of, needed


def leader_facts(row: Row, dates: Mapping[str, str], key: str) -> Iterator[Statement]:
    """Say who stands in for whom; numbers of posts without their holders are left out, they would read as vacancies."""
    since = dates.get("date")
    unit = identity_of(needed(row, "body"))
    for number, names in enumerate(_partners(row.get("pairs")), 1):
        if since is not None:
            form = {1: "unpaired", 2: "mutual"}.get(len(names), "chain")
            members = [f"p-{identity_of(name)}" for name in names]
            arranged = {"ab_form": form, "members": members, "from": since}
            case = ("ab_arrangement", f"pub-{key}-{number}")
            yield Statement("roster.ab_arranged.v1", case, since, unit, arranged)


def _partners(pairs: object) -> list[list[str]]:
    """Return the members of each arrangement, A first; they stand in a list, or in an object under A, B and C."""
    if pairs is None:
        return []
    if isinstance(pairs, list):
        read = [list(pair.values()) if isinstance(pair, Mapping) else pair for pair in pairs]
        read = [[pair] if isinstance(pair, str) else pair for pair in read]
        named = [[name for name in pair if name is not None] for pair in read if isinstance(pair, list)]
        if len(named) == len(pairs) and all(pair and all(isinstance(name, str) for name in pair) for pair in named):
            return named
    raise UnusableValueError(
        WRONG_TYPE,
        "pairs",
        "应为列表，每项按 A、B、C 的顺序列出职务。",
        "expected a list, each entry with the posts in the order A, B, C.",
    )
