"""Who may record what: a table of roles by type of fact; what is not in it is denied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from events.fact import AnyFact, Origin
from events.vocabulary import FACTS, label
from services.recording.refusals import Refusal

Role = Literal["clerk", "leader", "inspector", "agency", "operator", "auditor", "watch", "ledger"]

ROLE_LACKS_RIGHT: Final = "recording.role_lacks_right"
FOREIGN_DISTRICT: Final = "recording.foreign_district"
ORIGIN_RESERVED: Final = "recording.origin_reserved"

ROLES: Final[Mapping[Role, tuple[str, str]]] = {
    "clerk": ("经办人员", "clerk"),
    "leader": ("领导", "leader"),
    "inspector": ("纪检人员", "inspector"),
    "agency": ("其他机关", "other agency"),
    "operator": ("运维人员", "operator"),
    "auditor": ("审计人员", "auditor"),
    "watch": ("系统判定", "the watch"),
    "ledger": ("账册自身", "the ledger itself"),
}
EVERY_ROLE_OF_PEOPLE: Final[frozenset[Role]] = frozenset({"clerk", "leader", "inspector", "agency", "operator"})


class Principal(Struct, frozen=True):
    """Who records: the token's subject, the roles it has, and the districts in which; None stands for all of them."""

    subject: str
    roles: frozenset[Role]
    districts: frozenset[str] | None


_OFFICE: Final[frozenset[Role]] = frozenset({"clerk", "leader"})
_OPERATOR: Final[frozenset[Role]] = frozenset({"operator"})
_WATCH: Final[frozenset[Role]] = frozenset({"watch"})
_LEDGER: Final[frozenset[Role]] = frozenset({"ledger"})
_WITH_INSPECTOR: Final[frozenset[Role]] = _OFFICE | {"inspector"}
_WITH_AGENCY: Final[frozenset[Role]] = _WITH_INSPECTOR | {"agency"}

_BY_AREA: Final[Mapping[str, frozenset[Role]]] = {
    **dict.fromkeys(
        ("absence", "approval", "briefing", "concern", "contract", "countersign", "document", "duty", "entrustment"),
        _OFFICE,
    ),
    **dict.fromkeys(
        ("funds", "instruction", "matter", "meeting", "minutes", "plan", "publicity", "report", "review"), _OFFICE
    ),
    **dict.fromkeys(("seal", "series", "visit"), _OFFICE),
    "roster": frozenset({"clerk", "operator"}),
    "supervision": _WITH_AGENCY,
    "conduct": _WITH_INSPECTOR,
    "alert": _WATCH,
    "rulebook": _OPERATOR,
    "calendar": _OPERATOR,
    "setting": _OPERATOR,
    "record": _LEDGER,
    "clock": _LEDGER,
}
_BY_TYPE: Final[Mapping[str, frozenset[Role]]] = {
    "alert.acknowledged.v1": _WITH_INSPECTOR,
    "alert.answered.v1": _WITH_AGENCY,
    "alert.waived.v1": _WITH_INSPECTOR,
    "conduct.finding_made.v1": frozenset({"inspector"}),
    "document.archived.v1": _OFFICE | {"agency"},
    "instruction.reminded.v1": _OFFICE | {"agency"},
    "instruction.verified.v1": _OFFICE | {"agency"},
    "record.access_granted.v1": _OFFICE | {"operator"},
    "record.corrected.v1": frozenset({"clerk", "inspector", "operator"}),
    "record.annulled.v1": frozenset({"clerk", "inspector", "operator"}),
    "record.personal_data_erased.v1": _OPERATOR,
}
_ALLOWED: Final[Mapping[str, frozenset[Role]]] = {
    name: _BY_TYPE.get(name, _BY_AREA.get(name.partition(".")[0], frozenset())) for name in FACTS
}

_RESERVED: Final[Mapping[Origin, Role]] = {"imported": "operator", "watch": "watch", "clock": "ledger"}


def allowed_roles(type_: str) -> frozenset[Role]:
    """Return the roles that may record a type of fact; none for a type that the table does not know."""
    return _ALLOWED.get(type_, frozenset())


def recordable_types(roles: frozenset[Role]) -> list[str]:
    """Return the types of fact that one of some roles may record, by name."""
    return sorted(name for name in FACTS if allowed_roles(name) & roles)


def unauthorised(fact: AnyFact, principal: Principal) -> Refusal | None:
    """Return why a principal may not record a fact, or None."""
    if principal.districts is not None and fact.district not in principal.districts:
        own = "、".join(sorted(principal.districts)) or "—"
        return Refusal(
            FOREIGN_DISTRICT,
            f"您的权限限于 {own}，不能向 {fact.district} 的账册录入；请核对区县，或由该区县人员录入。",
            f"You may record for {own} only, not for {fact.district}; check the district, or let its own people do it.",
            "district",
        )
    roles = allowed_roles(fact.type)
    if not roles & principal.roles:
        return _role_lacks_right(fact.type, roles)
    return _origin(fact, principal)


def _role_lacks_right(type_: str, roles: frozenset[Role]) -> Refusal:
    names = [ROLES[role] for role in ROLES if role in roles]
    return Refusal(
        ROLE_LACKS_RIGHT,
        f"您的角色不能录入“{label(type_)[0]}”；可录入者：{'、'.join(zh for zh, _ in names)}。",
        f"Your role may not record {type_}; these may: {', '.join(en for _, en in names)}.",
        "type",
    )


def _origin(fact: AnyFact, principal: Principal) -> Refusal | None:
    """Let nobody pass a fact off as the watch's or the clock's, and only operators import."""
    needed = _RESERVED.get(fact.origin)
    if needed is None or needed in principal.roles:
        return None
    return Refusal(
        ORIGIN_RESERVED,
        f"来源“{fact.origin}”只能由{ROLES[needed][0]}写入；人工录入请填 recorded，旧资料请由运维人员导入。",
        f"The origin {fact.origin} is reserved to {ROLES[needed][1]}; what you enter is `recorded`, old records are "
        "imported by an operator.",
        "origin",
    )
