"""Facts about conduct and discipline."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from events.fact import FactData
from events.fields import AnyRef, DocumentRef, FactType, PersonId, Text, UnitId, choices, ref, says
from events.moment import Moment

Audience = Annotated[
    Literal["internal", "upward", "public"],
    choices(
        "audience",
        "提出范围",
        "Where dissent was voiced",
        {
            "internal": ("内部", "inside"),
            "upward": ("向上级", "to a superior"),
            "public": ("公开", "in public"),
        },
    ),
]

ConductKind = Annotated[
    Literal[
        "public_statement_against_decision",
        "act_against_decision",
        "leak",
        "gift",
        "banquet",
        "name_misused",
        "interest_not_declared",
        "overstepped_powers",
        "passing_buck",
        "other",
    ],
    choices(
        "conduct_kind",
        "作风问题种类",
        "What was found",
        {
            "public_statement_against_decision": ("公开言论与决定相悖", "public statement against a decision"),
            "act_against_decision": ("行为与决定相悖", "act against a decision"),
            "leak": ("泄密", "leak"),
            "gift": ("收受礼品", "gift accepted"),
            "banquet": ("违规宴请", "banquet"),
            "name_misused": ("冒用领导名义", "leader's name misused"),
            "interest_not_declared": ("未申报利益关系", "interest not declared"),
            "overstepped_powers": ("越权", "powers overstepped"),
            "passing_buck": ("推诿拖延", "shirking or delay"),
            "other": ("其他", "other"),
        },
    ),
]

Attestation = Annotated[
    Literal["observed", "not_observed", "in_part", "not_applicable"],
    choices(
        "attestation",
        "确认结论",
        "What a competent person states",
        {
            "observed": ("遵守", "observed"),
            "not_observed": ("未遵守", "not observed"),
            "in_part": ("部分遵守", "in part"),
            "not_applicable": ("不适用", "not applicable"),
        },
    ),
]


class ConductInterestDeclared(FactData, frozen=True, kw_only=True):
    """A person declared an interest or relation that may call for recusal."""

    TYPE: ClassVar = FactType("conduct.interest_declared.v1", "利益关系申报", "conduct", opens=True)

    person: Annotated[PersonId, says("申报人", "Who.")]
    about: Annotated[AnyRef, says("事项", "Matter, contract, application, review.")]
    reason: Annotated[Text, says("利益关系", "Which interest or relation.")]


class ConductDissentRecorded(FactData, frozen=True, kw_only=True):
    """A member's dissent from a decision in force was recorded."""

    TYPE: ClassVar = FactType("conduct.dissent_recorded.v1", "不同意见记载", "conduct", opens=True)

    person: Annotated[PersonId, says("提出人", "Who.")]
    about: Annotated[str, ref("matter", "document", "meeting"), says("对象", "Decision.")]
    decision: Annotated[Text | None | UnsetType, says("议定编号", "Key of the decision.")] = UNSET
    audience: Annotated[Audience, says("提出范围", "Inside, upward, or in public.")]
    opinion: Annotated[Text | None | UnsetType, says("意见", "Gist.")] = UNSET


class ConductFindingMade(FactData, frozen=True, kw_only=True):
    """An inspector or competent body recorded a finding about conduct, with its evidence."""

    TYPE: ClassVar = FactType("conduct.finding_made.v1", "纪检认定", "conduct", opens=True)

    kind: Annotated[ConductKind, says("种类", "What was found.")]
    person: Annotated[PersonId | None | UnsetType, says("当事人", "Whom it concerns.")] = UNSET
    unit: Annotated[UnitId | None | UnsetType, says("当事单位", "Which unit.")] = UNSET
    about: Annotated[AnyRef | None | UnsetType, says("事项", "Case it belongs to.")] = UNSET
    text: Annotated[Text, says("认定内容", "As in the paper.")]
    document: Annotated[DocumentRef | None | UnsetType, says("认定文书", "The paper.")] = UNSET


class ConductObservanceAttested(FactData, frozen=True, kw_only=True):
    """A competent person stated whether a provision that no record can show was observed in a period or a case."""

    TYPE: ClassVar = FactType("conduct.observance_attested.v1", "执行情况确认", "conduct", opens=True)

    rule: Annotated[Text, says("规则编号", "Rule id of the rulebook.")]
    observed: Annotated[Attestation, says("确认结论", "Observed, not, in part, not applicable.")]
    about: Annotated[AnyRef | None | UnsetType, says("对象", "Case, when it is about one.")] = UNSET
    unit: Annotated[UnitId | None | UnsetType, says("单位", "Unit it speaks of.")] = UNSET
    from_: Annotated[Moment | None | UnsetType, says("期间起", "Period.")] = field(name="from", default=UNSET)
    until: Annotated[Moment | None | UnsetType, says("期间止", "Period.")] = UNSET
    text: Annotated[Text, says("依据", "On what the statement rests.")]
