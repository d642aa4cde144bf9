"""The fact: the envelope that every fact carries around its own data."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from events.fields import (
    CASE_ID,
    DECIMAL,
    DISTRICT,
    IDENTITY,
    LONGEST_IDENTITY,
    LONGEST_TEXT,
    DateTime,
    ExactDecimal,
    FactType,
    PersonId,
    PostId,
    Text,
    UnitId,
    choices,
    ref,
    says,
)
from events.moment import Moment

__all__ = [
    "IDENTITY",
    "LONGEST_TEXT",
    "Actor",
    "AnyFact",
    "Case",
    "Classification",
    "District",
    "Fact",
    "FactData",
    "Origin",
    "PersonId",
    "PostId",
    "Source",
    "SourceKind",
    "UnitId",
    "case_key",
    "decode_moment",
    "encode_moment",
]

Origin = Annotated[
    Literal["recorded", "imported", "watch", "clock"],
    choices(
        "origin",
        "录入来源",
        "How a fact came into the ledger.",
        {
            "recorded": ("人工录入", "recorded"),
            "imported": ("导入", "imported"),
            "watch": ("系统判定", "made by the watch"),
            "clock": ("时点", "made by the ledger's clock"),
        },
    ),
]

Classification = Annotated[
    Literal["public", "internal", "work_secret", "business_secret", "state_secret"],
    choices(
        "classification",
        "密级",
        "Who may see a fact",
        {
            "public": ("公开", "public"),
            "internal": ("内部", "internal"),
            "work_secret": ("工作秘密", "work secret"),
            "business_secret": ("商业秘密", "business secret"),
            "state_secret": ("国家秘密", "state secret, existence only"),
        },
    ),
]

SourceKind = Annotated[
    Literal["paper", "register", "system", "oral", "witness"],
    choices(
        "source_kind",
        "来源种类",
        "What a fact was taken from",
        {
            "paper": ("纸质文件", "paper"),
            "register": ("登记簿", "register"),
            "system": ("业务系统", "another system"),
            "oral": ("口头", "oral statement noted"),
            "witness": ("现场记录", "seen by the recorder"),
        },
    ),
]
Name = Annotated[str, Meta(extra={"type": "string"})]
"""A text that is looked up among known names, and needs no other check."""
District = Annotated[str, Meta(extra_json_schema={"pattern": DISTRICT}, extra={"type": "string"})]
CaseId = Annotated[
    str, Meta(extra_json_schema={"pattern": CASE_ID, "maxLength": LONGEST_IDENTITY}, extra={"type": "string"})
]
"""As District, checked where a fact comes in (`events.parsing`), not each time a stored one is read."""

_DECIMAL = re.compile(DECIMAL)


class FactData(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What a fact says beyond its envelope; a subclass for each type, its docstring the English sentence."""

    TYPE: ClassVar[FactType]


D_co = TypeVar("D_co", bound=FactData, covariant=True)


class Case(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The case (stream) a fact belongs to."""

    kind: Annotated[Name, says("案卷种类", "A case kind.")]
    id: Annotated[CaseId, says("案卷编号", "Unique within district and kind.")]


class Actor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Who did it; at least one of the three is set, and a body acts with `unit` alone."""

    person: Annotated[PersonId | None | UnsetType, says("人员", "Person id.")] = UNSET
    post: Annotated[PostId | None | UnsetType, says("职务岗位", "Post id.")] = UNSET
    unit: Annotated[UnitId | None | UnsetType, says("单位", "Unit id.")] = UNSET


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The paper or system a fact was taken from."""

    kind: Annotated[SourceKind, says("来源种类", "Paper, oral note, or system.")]
    name: Annotated[Text, says("来源名称", "Document number, register page, or system name and its key.")]
    sha256: Annotated[Text | None | UnsetType, says("摘要值", "Hash of the scanned or electronic original.")] = UNSET


class Fact(Struct, Generic[D_co], frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One immutable fact as the ledger holds it.

    `occurred_at` is what the rules judge by, `recorded_at` when the ledger learned it. `sequence` counts from 1 in each
    district without a gap; 0 stands for a fact that is not recorded yet.
    """

    id: Annotated[
        UUID,
        says(
            "事实编号",
            "Identity of the fact; a repeat with the same id is the same fact. A missing id is derived from the line.",
        ),
    ]
    district: Annotated[
        District, says("区县", "The tenant: xinzhou, yuanzhou, huancui, xinqiu, qianjiang, or one added later by data.")
    ]
    sequence: Annotated[int, Meta(ge=0)] = 0
    type: Annotated[Name, says("事实类型", "area.fact_in_past_tense.vN, written by hand.")]
    subject: Annotated[Case, says("所属案卷", "The case (stream) the fact belongs to; its kind is fixed by the type.")]
    occurred_at: Annotated[
        Moment,
        says(
            "发生时间",
            "When it happened; the rules judge by it. A date when only the day is known, else a date-time with offset.",
        ),
    ]
    recorded_at: Annotated[
        DateTime,
        says("入账时间", "When the ledger learned it; decides what was known on a given day.", given_by="ledger"),
    ]
    recorded_by: Annotated[
        Text | None | UnsetType,
        says("录入人", "The user or system that entered it (token subject); not the one who acted.", given_by="ledger"),
    ] = UNSET
    origin: Annotated[
        Origin,
        says("录入来源", "How it came in; the watch never judges by facts of its own making.", given_by="ledger"),
    ]
    actor: Annotated[
        Actor,
        says(
            "行为人",
            "Who did it. At least one of the three is set; `post` tells in which of several posts "
            "a person acted; a body acts with `unit` alone.",
        ),
    ]
    on_behalf_of: Annotated[
        PersonId | None | UnsetType,
        says("代为", "The person for whom a deputy, AB partner, acting head or clerk acted."),
    ] = UNSET
    under: Annotated[
        Annotated[str, ref("entrustment", "ab_arrangement")] | None | UnsetType,
        says(
            "依据的委托或AB角",
            "What entitled the actor to act for somebody else. "
            "Absent: the rulebook looks for one valid at occurred_at.",
        ),
    ] = UNSET
    source: Annotated[Source | None | UnsetType, says("来源", "The paper or system the fact was taken from.")] = UNSET
    cause: Annotated[UUID | None | UnsetType, says("起因", "The fact that directly led to this one.")] = UNSET
    correlation: Annotated[
        Text | None | UnsetType, says("关联号", "One id for a whole business thread across cases.")
    ] = UNSET
    classification: Annotated[
        Classification,
        says(
            "密级",
            "Who may see the fact. A missing one is the default of the deployment, `internal`. "
            "State secrets stay outside the system: at most their existence is recorded.",
            given_by="ledger",
        ),
    ]
    data: Annotated[D_co, says("内容", "The fields of the type.")]


AnyFact = Fact[FactData]


def case_key(case: Case) -> str:
    """Return a case as `kind/id`, the form in which references are written."""
    return f"{case.kind}/{case.id}"


def decode_moment(wanted: type, given: object) -> object:
    """Read the types that msgspec does not know; the `dec_hook` of every decoder here."""
    if type(given) is str:
        if wanted is Moment:
            return Moment(given)
        if wanted is ExactDecimal and _DECIMAL.match(given):
            return ExactDecimal(given)
    if isinstance(given, wanted):
        return given
    message = f"Expected `{wanted.__name__}`, got {given!r:.80}"
    raise ValueError(message)


def encode_moment(given: object) -> object:
    """Write the types that msgspec and orjson do not know; the `enc_hook` of every encoder here."""
    if isinstance(given, Moment):
        return given.text
    if isinstance(given, Decimal):
        return str(given)
    message = f"cannot write a {type(given).__name__}"
    raise TypeError(message)
