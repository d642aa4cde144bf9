"""Facts about contracts and agreements."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType

from events.fact import FactData
from events.fields import ExactDecimal, FactType, MatterRef, PersonId, Text, UnitId, choices, says

ContractKind = Annotated[
    Literal["contract", "memorandum", "legal_instrument"],
    choices(
        "contract_kind",
        "合同种类",
        "Kind of contract",
        {
            "contract": ("合同协议", "contract"),
            "memorandum": ("备忘录", "binding memorandum"),
            "legal_instrument": ("法律文书", "legal instrument"),
        },
    ),
]


class ContractDrafted(FactData, frozen=True, kw_only=True):
    """A contract, agreement or binding memorandum was drafted."""

    TYPE: ClassVar = FactType("contract.drafted.v1", "合同起草", "contract", opens=True)

    kind: Annotated[ContractKind, says("种类", "Contract, memorandum, legal instrument.")]
    title: Annotated[Text, says("名称", "Title.")]
    unit: Annotated[UnitId, says("签约单位", "The government or unit that is party to it.")]
    counterparty: Annotated[Text, says("对方", "Other party.")]
    major: Annotated[bool, says("重大合同", "Marked as major.")]
    amount_wan: Annotated[ExactDecimal | None | UnsetType, says("金额（万元）", "Value.")] = UNSET
    matter: Annotated[MatterRef | None | UnsetType, says("事项", "The matter it belongs to.")] = UNSET


class ContractSigned(FactData, frozen=True, kw_only=True):
    """A contract was signed."""

    TYPE: ClassVar = FactType("contract.signed.v1", "合同签订", "contract")

    signed_by: Annotated[PersonId, says("签订人", "Who signed.")]
