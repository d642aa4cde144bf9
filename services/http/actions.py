"""Who may do what over HTTP: one table of actions by role; what is not in it is denied.

Which type of fact a role may record stands in `services.recording.authorisation`, and is asked on top of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

from events.fact import Classification
from services.recording.authorisation import EVERY_ROLE_OF_PEOPLE, Role

Action = Literal[
    "fact.record",
    "fact.preview",
    "case.read",
    "case.replay",
    "ledger.replay",
    "alert.read",
    "alert.acknowledge",
    "alert.answer",
    "alert.waive",
    "view.read",
    "missing.read",
    "rule.read",
    "policy.adopt",
    "vocabulary.read",
    "metrics.read",
    "access.read",
    "proof.read",
    "service.probe",
]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

_OFFICE: Final[frozenset[Role]] = frozenset({"clerk", "leader"})
_INSPECTED: Final[frozenset[Role]] = _OFFICE | {"inspector"}
_READERS: Final[frozenset[Role]] = _INSPECTED | {"agency"}

ALLOWED: Final[Mapping[Action, frozenset[Role]]] = MappingProxyType(
    {
        "fact.record": EVERY_ROLE_OF_PEOPLE,
        "fact.preview": EVERY_ROLE_OF_PEOPLE,
        "case.read": _READERS,
        "case.replay": _READERS,
        "ledger.replay": frozenset({"inspector"}),
        "alert.read": _READERS,
        "alert.acknowledge": _INSPECTED,
        "alert.answer": _READERS,
        "alert.waive": _INSPECTED,
        "view.read": _READERS,
        "missing.read": _INSPECTED,
        "rule.read": EVERY_ROLE_OF_PEOPLE,
        "policy.adopt": frozenset({"operator"}),
        "vocabulary.read": EVERY_ROLE_OF_PEOPLE,
        "metrics.read": frozenset({"operator"}),
        "access.read": frozenset({"auditor"}),
        "proof.read": _READERS,
    }
)

FOR_ANYBODY: Final[frozenset[Action]] = frozenset({"service.probe"})
"""Needs no token: whether the service lives, and how it is spoken to."""

WATCHED_READERS: Final[frozenset[Role]] = frozenset({"inspector", "agency"})
"""Whose reading goes to the access ledger."""

READING: Final[frozenset[Action]] = frozenset(
    {
        "case.read",
        "case.replay",
        "ledger.replay",
        "alert.read",
        "view.read",
        "missing.read",
        "fact.preview",
        "proof.read",
    }
)
"""What shows records of a district."""

EVERY_CLASS: Final[frozenset[Classification]] = frozenset(get_args(get_args(Classification)[0]))

_SEEN: Final[Mapping[Role, frozenset[Classification]]] = MappingProxyType(
    {
        **dict.fromkeys(("clerk", "leader", "inspector"), EVERY_CLASS),
        **dict.fromkeys(("agency", "operator"), frozenset({"public", "internal"})),
    }
)
_MAY_SEE_PERSONAL: Final[frozenset[Role]] = _INSPECTED


def is_allowed(action: Action, roles: frozenset[Role]) -> bool:
    """Tell whether one of the roles may do it."""
    return action in FOR_ANYBODY or bool(roles & ALLOWED.get(action, frozenset()))


def classes_seen(roles: frozenset[Role]) -> frozenset[Classification]:
    """Return the classifications that one of the roles may see."""
    return frozenset().union(*(_SEEN.get(role, frozenset()) for role in roles))


def may_see_personal(roles: frozenset[Role]) -> bool:
    """Tell whether one of the roles may see personal texts."""
    return bool(roles & _MAY_SEE_PERSONAL)
