"""What rules say of each other: references that lead nowhere, and requirements that contradict each other."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from rulebooks.problems import Problem, as_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rulebooks.compiling import Provision
    from rulebooks.loading import Rulebook


def unknown_references(rulebook: Rulebook) -> Iterator[Problem]:
    """Return each `see` that names neither a rule nor an article or paragraph of the rulebook."""
    known = {one.rule.header.id for one in rulebook.provisions if one.rule is not None}
    known |= {one.article for one in rulebook.provisions}
    known |= {one.article.partition(".")[0].partition("(")[0] for one in rulebook.provisions}
    for one in rulebook.provisions:
        for named in as_list(one.given.get("see")):
            if str(named) not in known:
                zh = f"see 所指“{named}”不存在：请写规则编号（{rulebook.district}/条.款-名称）或条款号（如 28.2）"
                en = f"`see` names {named!r}, which is no rule and no article here; write a rule id or an article"
                yield Problem(one.file, one.line, one.article, zh, en)


def contradictions(rulebook: Rulebook) -> Iterator[Problem]:
    """Return each pair of rules of which one demands before an act what the other forbids, in the same circumstances.

    Only what is written alike is compared, so that whatever is returned is a contradiction.
    """
    rules = [one for one in rulebook.provisions if one.rule is not None]
    demanding = [one for one in rules if one.given["kind"] in {"gate", "content", "notice"}]
    forbidding = [one for one in rules if one.given["kind"] == "prohibition" and len(_listed(one, "forbids")) == 1]
    for one in demanding:
        for other in forbidding:
            if _alike(one, other) and _listed(other, "forbids")[0] in _demands(one):
                yield _contradiction(one, other)
    for one, other in combinations(demanding, 2):
        if _alike(one, other) and any({"not": [wanted]} in _demands(other) for wanted in _demands(one)):
            yield _contradiction(one, other)


def _alike(one: Provision, other: Provision) -> bool:
    """Tell whether two rules look at the same acts of the same parties, without an exception."""
    same = all(_bare(one.given.get(key)) == _bare(other.given.get(key)) for key in ("on", "per", "when"))
    return same and not one.given.get("unless") and not other.given.get("unless")


def _demands(one: Provision) -> list[Any]:
    return [wanted for key in ("needs", "carries", "told") for wanted in _listed(one, key)]


def _listed(one: Provision, key: str) -> list[Any]:
    return [_bare(condition) for condition in as_list(one.given.get(key))]


def _bare(given: Any) -> Any:  # noqa: ANN401  YAML holds any value here
    """Return a condition without the words that name it."""
    if isinstance(given, dict):
        return {key: _bare(value) for key, value in given.items() if key not in {"zh", "en"}}
    return [_bare(one) for one in given] if isinstance(given, list) else given


def _contradiction(one: Provision, other: Provision) -> Problem:
    zh = f"与 {other.given['id']} 在同样情形下要求相反：请在其中一条写 unless，或限定 when"
    opposite = f"demands the opposite of {other.given['id']} in the same circumstances"
    en = f"{opposite}; give one of them an `unless` or a narrower `when`"
    return Problem(one.file, one.line, one.article, zh, en)
