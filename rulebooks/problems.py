"""What can be wrong with a rulebook, said so that its author can mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rulebooks.source import Located


class Problem(NamedTuple):
    """One thing wrong with a rulebook: where, and what, in Chinese and English."""

    file: str
    line: int
    article: str
    zh: str
    en: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" + (f" 第{self.article}条 article {self.article}" if self.article else "")
        return f"{place}: {self.zh} / {self.en}"


class RulebookError(Exception):
    """A rulebook that cannot be used; `code` is stable, `problems` names each reason with file, line and article."""

    code: Final = "rulebook.not_usable"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        advice = "规则书因此不能使用，请先改正以上各处。 / The rulebook cannot be used: mend these places first."
        super().__init__("\n".join((*map(str, self.problems), f"{advice} [{self.code}]")))


class CompileError(Exception):
    """One place of a rulebook that does not compile; the loader adds file, line and article."""

    def __init__(self, zh: str, en: str, at: Located | None = None) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en
        self.at = at


def checked_keys(given: Located, allowed: Iterable[str], needed: Iterable[str] = ()) -> None:
    """Raise CompileError when a mapping has a key that is not allowed, or lacks one that is needed."""
    allowed = frozenset(allowed) | frozenset(needed)
    for key in given:
        if key not in allowed:
            options = "、".join(sorted(allowed))
            raise CompileError(f"不认识“{key}”，可用：{options}", f"unknown key {key!r}; use one of: {options}", given)
    for key in needed:
        if key not in given:
            raise CompileError(f"缺少“{key}”", f"{key!r} is missing", given)


def as_list(given: Any) -> list[Any]:  # noqa: ANN401  # YAML holds any value here
    """Return a list as it is, anything else as a list of one, None as an empty one."""
    if given is None:
        return []
    return list(given) if isinstance(given, list) else [given]
