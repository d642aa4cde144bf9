"""The house settings: when a limit is due soon, who is told of what is overdue, how urgent an alert is."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

import msgspec
import yaml

from events.vocabulary import enums

Teller = Literal["holder", "leader_in_charge", "office_head"]
Urgency = Literal["high", "medium", "low"]
GRADES: Final = ("breach", "deviation", "notice", "forecast")
SHIPPED: Final = Path(__file__).with_name("policy.yaml")
_KEYS: Final = ("policy", "due_soon", "escalation", "otherwise", "urgency", "roles")
_LONGEST_LADDER: Final = 366


class PolicyError(Exception):
    """House settings that cannot be used; `code` is stable, `field` names what is wrong."""

    code: Final = "policy.not_allowed"

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(
            f"内部设置 {field}：{zh}，因此不能使用；请改正后重试。 / policy, {field}: {en}; mend it and try again."
        )
        self.field = field


class Step(msgspec.Struct, frozen=True):
    """One step of the ladder: at the end of the n-th working day after the due day, somebody is told."""

    after: int
    tell: Teller


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The house settings in force; `sha256` is the hash of the file that they were read from."""

    name: str
    sha256: str
    due_soon: int
    ladder: tuple[Step, ...]
    otherwise: Teller
    urgency: dict[str, Urgency]
    roles: dict[str, tuple[str, ...]]


@cache
def shipped_policy() -> Policy:
    """Return the settings that come with the program."""
    return policy_from(SHIPPED.read_bytes())


def policy_from(text: bytes) -> Policy:
    """Read house settings; raise PolicyError that names the first field that cannot be used."""
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise PolicyError("-", f"不是合法的 YAML（{fault}）", f"not valid YAML ({fault})") from fault
    _keys("-", given, _KEYS)
    due_soon = _section(given, "due_soon", ("working_days",))
    return Policy(
        name=str(given["policy"]),
        sha256=hashlib.sha256(text).hexdigest(),
        due_soon=_days("due_soon.working_days", due_soon["working_days"], least=0),
        ladder=_ladder(given["escalation"]),
        otherwise=_teller("otherwise", given["otherwise"]),
        urgency=_urgency(_section(given, "urgency", GRADES)),
        roles={name: _roles(f"roles.{name}", listed) for name, listed in _roles_given(given).items()},
    )


def _section(given: dict[str, Any], name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    _keys(name, given[name], keys)
    section: dict[str, Any] = given[name]
    return section


def _keys(field: str, given: object, keys: tuple[str, ...]) -> None:
    if not isinstance(given, dict):
        raise PolicyError(field, "应为映射", "a mapping is wanted")
    for key in keys:
        if key not in given:
            raise PolicyError(f"{field}.{key}".removeprefix("-."), "缺少", "missing")
    for key in given:
        if key not in keys:
            place, options = f"{field}.{key}".removeprefix("-."), ", ".join(keys)
            raise PolicyError(place, f"不认识，可用：{options}", f"unknown; use: {options}")


def _days(field: str, given: object, least: int) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= _LONGEST_LADDER:
        wanted = f"{least}-{_LONGEST_LADDER}"
        zh, en = f"应为 {wanted} 的整数，不是 {given!r}", f"a whole number {wanted} is wanted, not {given!r}"
        raise PolicyError(field, zh, en)
    return given


def _ladder(given: object) -> tuple[Step, ...]:
    if not isinstance(given, list):
        raise PolicyError("escalation", "应为列表", "a list is wanted")
    steps: list[Step] = []
    for number, one in enumerate(given, start=1):
        field = f"escalation[{number}]"
        _keys(field, one, ("after_working_days", "tell"))
        after = _days(f"{field}.after_working_days", one["after_working_days"], least=1)
        if steps and after <= steps[-1].after:
            raise PolicyError(field, "各级天数须递增", "each step comes later than the one before")
        steps.append(Step(after, _teller(f"{field}.tell", one["tell"])))
    return tuple(steps)


def _teller(field: str, given: object) -> Teller:
    for name in get_args(Teller):
        if given == name:
            teller: Teller = name
            return teller
    options = ", ".join(get_args(Teller))
    raise PolicyError(field, f"可用：{options}，不是 {given!r}", f"use one of {options}, not {given!r}")


def _urgency(given: dict[str, Any]) -> dict[str, Urgency]:
    for grade, urgency in given.items():
        if urgency not in get_args(Urgency):
            options = ", ".join(get_args(Urgency))
            zh, en = f"可用：{options}，不是 {urgency!r}", f"use one of {options}, not {urgency!r}"
            raise PolicyError(f"urgency.{grade}", zh, en)
    return given


def _roles_given(given: dict[str, Any]) -> dict[str, Any]:
    return _section(given, "roles", ("holder", "office_head"))


def _roles(field: str, given: object) -> tuple[str, ...]:
    known = enums()["role"].values
    if not isinstance(given, list) or not given:
        raise PolicyError(field, "应为岗位列表", "a list of roles is wanted")
    for role in given:
        if role not in known:
            raise PolicyError(field, f"没有岗位 {role!r}", f"no role {role!r}")
    return tuple(given)
