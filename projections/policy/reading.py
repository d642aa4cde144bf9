"""Reading house settings: every fault is found at once and named by its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, get_args

import yaml

from events.vocabulary import enums
from projections.policy.policy import GRADES, Policy, PolicyError, PolicyProblem, Step, Teller, Urgency, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LARGEST: Final = 65_536
"""Bytes of a file of house settings at most."""

_KEYS: Final = ("policy", "due_soon", "escalation", "otherwise", "urgency", "roles")
_LONGEST_LADDER: Final = 366
_CITATION: Final = re.compile(
    r"第\s*[〇零一二三四五六七八九十百\d]+\s*条|\barticles?\s+\d+|\b[a-z]+/\d{1,3}(?:\.\d+)?[-(][-\w()]*", re.IGNORECASE
)
_CITING_KEYS: Final = frozenset({"article", "articles", "rule", "rules", "cites", "according_to"})


def read_policy(text: bytes) -> Policy:
    """Read house settings; raise PolicyError with all that is wrong with them."""
    reading = _Reading()
    found = reading.policy(text)
    if reading.problems or found is None:
        raise PolicyError(tuple(sorted(reading.problems, key=lambda one: one.line)))
    return found


class _Reading:
    """One reading of a file; `problems` gathers what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[PolicyProblem] = []

    def policy(self, text: bytes) -> Policy | None:
        root = self._composed(text)
        if root is None:
            return None
        self.problems += _citations(text, root)
        given = self._mapping(root, "", _KEYS)
        if len(given) < len(_KEYS):
            return None
        due_soon = self._mapping(given["due_soon"], "due_soon", ("working_days",))
        policy = Policy(
            name=self._text(given["policy"], "policy"),
            sha256=hash_of(text),
            due_soon=self._days(due_soon.get("working_days"), "due_soon.working_days", least=0),
            ladder=self._ladder(given["escalation"]),
            otherwise=self._teller(given["otherwise"], "otherwise"),
            urgency=self._urgencies(given["urgency"]),
            roles=self._roles(given["roles"]),
        )
        return None if self.problems else policy

    def _composed(self, text: bytes) -> yaml.Node | None:
        if len(text) > LARGEST:
            self._add(1, "-", f"超过 {LARGEST} 字节", f"more than {LARGEST} bytes")
            return None
        try:
            root = yaml.compose(text.decode("utf-8"), Loader=yaml.SafeLoader)
        except UnicodeDecodeError as fault:
            line = text[: fault.start].count(b"\n") + 1
            self._add(line, "-", "不是 UTF-8 编码", "not UTF-8")
        except (yaml.YAMLError, RecursionError) as fault:
            mark = getattr(fault, "problem_mark", None)
            why = getattr(fault, "problem", None) or type(fault).__name__
            line = 1 if mark is None else mark.line + 1
            self._add(line, "-", f"不是合法的 YAML（{why}）", f"not valid YAML ({why})")
        else:
            if root is not None:
                return root
            self._add(1, "-", "文件是空的", "the file is empty")
        return None

    def _mapping(self, node: yaml.Node, field: str, keys: Sequence[str]) -> dict[str, yaml.Node]:
        """Return the values of the keys that are known and there."""
        if not isinstance(node, yaml.MappingNode):
            self._at(node, field or "-", "应为映射", "a mapping is wanted")
            return {}
        found: dict[str, yaml.Node] = {}
        options = ", ".join(keys)
        for key_node, value in node.value:
            key = _scalar(key_node)
            place = f"{field}.{key}".removeprefix(".")
            if key not in keys:
                self._at(key_node, place, f"不认识，可用：{options}", f"unknown; use: {options}")
            elif key in found:
                self._at(key_node, place, "重复，不知以哪一行为准", "stands twice; which one holds cannot be told")
            else:
                found[key] = value
        for key in keys:
            if key not in found:
                self._at(node, f"{field}.{key}".removeprefix("."), "缺少", "missing")
        return found

    def _text(self, node: yaml.Node, field: str) -> str:
        text = _scalar(node).strip()
        if not text:
            self._at(node, field, "应为名称", "a name is wanted")
        return text

    def _days(self, node: yaml.Node | None, field: str, *, least: int) -> int:
        if node is None:
            return least
        given = _scalar(node)
        if node.tag == "tag:yaml.org,2002:int" and given.isdecimal() and least <= int(given) <= _LONGEST_LADDER:
            return int(given)
        wanted = f"{least}-{_LONGEST_LADDER}"
        self._at(node, field, f"应为 {wanted} 的整数，不是 {given!r}", f"a whole number {wanted}, not {given!r}")
        return least

    def _ladder(self, node: yaml.Node) -> tuple[Step, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self._at(node, "escalation", "应为列表", "a list is wanted")
            return ()
        steps: list[Step] = []
        for number, one in enumerate(node.value, start=1):
            field = f"escalation[{number}]"
            before = len(self.problems)
            given = self._mapping(one, field, ("after_working_days", "tell"))
            after = self._days(given.get("after_working_days"), f"{field}.after_working_days", least=1)
            teller = self._teller(given["tell"], f"{field}.tell") if "tell" in given else "holder"
            if len(self.problems) > before:
                continue
            if steps and after <= steps[-1].after:
                self._at(
                    one,
                    field,
                    f"各级天数须递增：{after} 不大于上一级的 {steps[-1].after}",
                    f"each step comes later than the one before: {after} is not more than {steps[-1].after}",
                )
            steps.append(Step(after, teller))
        return tuple(steps)

    def _teller(self, node: yaml.Node, field: str) -> Teller:
        given = _scalar(node)
        for name in get_args(Teller):
            if given == name:
                teller: Teller = name
                return teller
        options = ", ".join(get_args(Teller))
        self._at(node, field, f"可用：{options}，不是 {given!r}", f"use one of {options}, not {given!r}")
        return "office_head"

    def _urgencies(self, node: yaml.Node) -> dict[str, Urgency]:
        found: dict[str, Urgency] = {}
        for grade, value in self._mapping(node, "urgency", GRADES).items():
            given = _scalar(value)
            for name in get_args(Urgency):
                if given == name:
                    found[grade] = name
            if grade not in found:
                options = ", ".join(get_args(Urgency))
                zh, en = f"可用：{options}，不是 {given!r}", f"use one of {options}, not {given!r}"
                self._at(value, f"urgency.{grade}", zh, en)
        return found

    def _roles(self, node: yaml.Node) -> dict[str, tuple[str, ...]]:
        known = enums()["role"].values
        found: dict[str, tuple[str, ...]] = {}
        for name, listed in self._mapping(node, "roles", ("holder", "office_head")).items():
            field = f"roles.{name}"
            if not isinstance(listed, yaml.SequenceNode) or not listed.value:
                self._at(listed, field, "应为岗位列表", "a list of roles is wanted")
                continue
            for one in listed.value:
                if _scalar(one) not in known:
                    self._at(one, field, f"没有岗位 {_scalar(one)!r}", f"no role {_scalar(one)!r}")
            found[name] = tuple(map(_scalar, listed.value))
        return found

    def _at(self, node: yaml.Node, field: str, zh: str, en: str) -> None:
        self._add(node.start_mark.line + 1, field, zh, en)

    def _add(self, line: int, field: str, zh: str, en: str) -> None:
        self.problems.append(PolicyProblem(line, field, zh, en))


def _scalar(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _citations(text: bytes, root: yaml.Node) -> Iterator[PolicyProblem]:
    """Find what reads as an article: what the house may set freely must not look as if a text demanded it."""
    zh = "内部设置不得援引条文；本单位可自行调整的内容不是规则的要求"
    en = "house settings cite no article: what the house may change for itself is no demand of a text"
    lines: dict[int, str] = {}
    for number, line in enumerate(text.decode("utf-8").splitlines(), start=1):
        cited = _CITATION.search(line)
        if cited is not None:
            lines[number] = cited[0]
    if isinstance(root, yaml.MappingNode):
        for key, _ in root.value:
            if _scalar(key) in _CITING_KEYS:
                lines.setdefault(key.start_mark.line + 1, _scalar(key))
    for number, cited_text in lines.items():
        yield PolicyProblem(number, cited_text, zh, en)
