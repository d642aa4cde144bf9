"""The house settings: when a limit is due soon, who is told of what is overdue, how urgent an alert is."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

Teller = Literal["holder", "leader_in_charge", "office_head"]
Urgency = Literal["high", "medium", "low"]
GRADES: Final = ("breach", "deviation", "notice", "forecast")
SHIPPED: Final = Path(__file__).with_name("policy.yaml")


class PolicyProblem(msgspec.Struct, frozen=True):
    """What is wrong with house settings: the line, from 1, the field, and why, in Chinese and English."""

    line: int
    field: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"第{self.line}行 {self.field}：{self.zh} / line {self.line}, {self.field}: {self.en}"


class PolicyError(Exception):
    """House settings that cannot be used; `code` is stable, `field` names what is wrong first."""

    code: Final = "policy.not_allowed"

    def __init__(self, problems: tuple[PolicyProblem, ...]) -> None:
        told = "；".join(map(str, problems))
        super().__init__(
            f"内部设置不能使用，请改正后重试：{told} / The house settings cannot be used; mend them and try again. "
            f"[{self.code}]"
        )
        self.problems = problems
        self.field = problems[0].field


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


def hash_of(text: bytes) -> str:
    """Return the name under which house settings are adopted: the SHA-256 of their file."""
    return hashlib.sha256(text).hexdigest()


@cache
def shipped_policy() -> Policy:
    """Return the settings that come with the program."""
    return policy_from(SHIPPED.read_bytes())


def shipped_alone(sha256: str) -> Policy | None:
    """Find adopted settings where no others than the shipped ones are kept."""
    shipped = shipped_policy()
    return shipped if sha256 == shipped.sha256 else None


def policy_from(text: bytes) -> Policy:
    """Read house settings; raise PolicyError with all that is wrong with them."""
    from projections.policy.reading import read_policy  # noqa: PLC0415  the reading makes what is defined here

    return read_policy(text)
