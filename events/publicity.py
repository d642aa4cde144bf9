"""Facts about publicity, speeches and standing lists."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType, field

from events.fact import FactData
from events.fields import AnyRef, FactType, PersonId, Text, UnitId, choices, ref, says
from events.moment import Moment
from events.shared_terms import Channel, NameUsed

PublicityKind = Annotated[
    Literal[
        "speech",
        "interview",
        "article",
        "book",
        "letter",
        "inscription",
        "press_draft",
        "release",
        "data",
        "emergency_release",
        "decision",
        "result",
        "catalogue",
        "list",
        "enforcement",
        "inspection",
        "service",
    ],
    choices(
        "publicity_kind",
        "公开宣传种类",
        "What is said or published",
        {
            "speech": ("讲话", "speech"),
            "interview": ("采访", "interview"),
            "article": ("署名文章", "signed article"),
            "book": ("著作", "book"),
            "letter": ("贺信贺电", "congratulation letter or telegram"),
            "inscription": ("题词作序", "inscription or preface"),
            "press_draft": ("新闻稿", "press draft"),
            "release": ("信息发布", "release of information"),
            "data": ("重要数据", "key data"),
            "emergency_release": ("权威发布", "authoritative release on an emergency"),
            "decision": ("议定事项", "decision"),
            "result": ("办理结果", "result of handling"),
            "catalogue": ("备案目录", "catalogue of filed documents"),
            "list": ("清单公布", "list"),
            "enforcement": ("执法公示", "enforcement act"),
            "inspection": ("抽查结果", "inspection result"),
            "service": ("服务事项", "service item"),
        },
    ),
]

ListKind = Annotated[
    Literal["powers", "responsibilities", "negative", "service"],
    choices(
        "list_kind",
        "清单种类",
        "Kind of list",
        {
            "powers": ("权力清单", "powers"),
            "responsibilities": ("责任清单", "responsibilities"),
            "negative": ("负面清单", "negative list"),
            "service": ("政务服务事项", "service item"),
        },
    ),
]

ListElement = Annotated[
    Literal["item", "basis", "process", "remedy", "conditions", "papers", "limit", "fee", "place", "contact"],
    choices(
        "list_element",
        "清单要素",
        "What a list states",
        {
            "item": ("事项", "item"),
            "basis": ("依据", "basis"),
            "process": ("流程", "process"),
            "remedy": ("监督救济", "supervision and remedy"),
            "conditions": ("条件", "conditions"),
            "papers": ("材料", "papers"),
            "limit": ("时限", "time limit"),
            "fee": ("收费", "fee"),
            "place": ("地点", "place"),
            "contact": ("联系方式", "contact"),
        },
    ),
]


class PublicityPrepared(FactData, frozen=True, kw_only=True):
    """A speech, interview, article, letter, inscription or release was prepared."""

    TYPE: ClassVar = FactType("publicity.prepared.v1", "讲话稿件信息拟制", "publicity", opens=True)

    kind: Annotated[PublicityKind, says("种类", "What it is.")]
    title: Annotated[Text, says("名称", "Title or occasion.")]
    person: Annotated[PersonId | None | UnsetType, says("署名或讲话人", "Who speaks or signs.")] = UNSET
    unit: Annotated[UnitId, says("拟制单位", "Who prepared it.")]
    in_name_of: Annotated[NameUsed, says("名义", "For the government, a unit, or personally.")]
    about: Annotated[AnyRef | None | UnsetType, says("相关事项", "Meeting, matter, emergency, visit it speaks of.")] = (
        UNSET
    )
    undecided: Annotated[
        bool | None | UnsetType, says("涉及未决重大事项", "Touches a major matter not yet decided by the government.")
    ] = UNSET
    important: Annotated[bool | None | UnsetType, says("重要信息", "Important deployment, question or data.")] = UNSET
    special_need: Annotated[
        Text | None | UnsetType, says("特殊需要", "Ground for a letter or inscription otherwise banned.")
    ] = UNSET
    for_unit: Annotated[
        UnitId | None | UnsetType, says("受请单位", "Organiser for whom a letter or inscription is meant.")
    ] = UNSET
    arrangement: Annotated[
        Annotated[str, ref("approval", "document")] | None | UnsetType,
        says("统一安排", "Unified arrangement it rests on."),
    ] = UNSET


class PublicityReleased(FactData, frozen=True, kw_only=True):
    """It was delivered, published or sent."""

    TYPE: ClassVar = FactType("publicity.released.v1", "发表发布", "publicity")

    channels: Annotated[
        tuple[Channel, ...] | None | UnsetType, says("渠道", "Where; absent when only spoken or sent.")
    ] = UNSET
    to_unit: Annotated[UnitId | None | UnsetType, says("报送对象", "For data or releases sent to a superior unit.")] = (
        UNSET
    )


class PublicityInformationPublished(FactData, frozen=True, kw_only=True):
    """Information other than a document was made public."""

    TYPE: ClassVar = FactType("publicity.information_published.v1", "信息公开", "publicity", opens=True)

    kind: Annotated[PublicityKind, says("种类", "Decision, result, catalogue, list, enforcement.")]
    about: Annotated[AnyRef, says("公开事项", "What it publishes.")]
    unit: Annotated[UnitId, says("公开单位", "Who published.")]
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1), says("渠道", "Where.")]
    from_: Annotated[Moment | None | UnsetType, says("所涵期间起", "Period of a catalogue.")] = field(
        name="from", default=UNSET
    )
    until: Annotated[Moment | None | UnsetType, says("所涵期间止", "Period of a catalogue.")] = UNSET
    covers: Annotated[tuple[AnyRef, ...] | None | UnsetType, says("所列文件", "Documents or items it lists.")] = UNSET


class PublicityListSet(FactData, frozen=True, kw_only=True):
    """A standing list or service item was set, changed, or confirmed without change."""

    TYPE: ClassVar = FactType("publicity.list_set.v1", "清单确定", "list", opens=True)

    kind: Annotated[ListKind, says("种类", "Powers, responsibilities, negative list, service item.")]
    unit: Annotated[UnitId, says("责任单位", "Owner.")]
    version: Annotated[Text, says("版本", "Version.")]
    list_elements: Annotated[
        tuple[ListElement, ...], Meta(min_length=1), says("所列要素", "What the list states for each item.")
    ]
    occasion_text: Annotated[Text | None | UnsetType, says("调整事由", "Change of law or function.")] = UNSET
    changed: Annotated[bool, says("有变动", "False: reviewed and left as it is.")]
