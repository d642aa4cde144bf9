"""Facts about seals."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType

from events.fact import FactData
from events.fields import ApprovalRef, FactType, Text, UnitId, Whole, choices, ref, says

SealKind = Annotated[
    Literal["government", "government_office", "head", "unit", "contract"],
    choices(
        "seal_kind",
        "印章种类",
        "Kind of seal",
        {
            "government": ("政府印章", "government seal"),
            "government_office": ("办公室印章", "office seal"),
            "head": ("区长印章", "seal of the district head"),
            "unit": ("部门印章", "unit's seal"),
            "contract": ("合同专用章", "contract seal"),
        },
    ),
]


class SealRegistered(FactData, frozen=True, kw_only=True):
    """A seal was registered for use."""

    TYPE: ClassVar = FactType("seal.registered.v1", "印章启用", "seal", opens=True)

    kind: Annotated[SealKind, says("种类", "Government, office, personal seal of the head.")]
    unit: Annotated[UnitId, says("用印单位", "Whose seal.")]


class SealUsed(FactData, frozen=True, kw_only=True):
    """A seal was put to a paper."""

    TYPE: ClassVar = FactType("seal.used.v1", "用印", "seal")

    about: Annotated[str, ref("document", "contract", "minutes", "report"), says("用印材料", "Which paper.")]
    purpose_text: Annotated[Text, says("用途", "What for.")]
    approval: Annotated[
        ApprovalRef | None | UnsetType, says("用印审批", "Approval it rests on; null when none was shown.")
    ] = UNSET
    copies: Annotated[Whole, says("份数", "Number of impressions.")]
