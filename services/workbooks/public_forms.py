"""The fields of the four kinds of public records, as services/sample/*.jsonl has them, for the columns of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from events.field_types import FieldType
from events.fields import Choices
from services.public_records.rows import FileKind


def _field(name: str, zh: str, en: str, type_: str = "string", *, required: bool = False) -> FieldType:
    return FieldType(name=name, type=type_, is_list=False, required=required, zh=zh, en=en)


def _choice(name: str, zh: str, en: str, values: dict[str, str]) -> FieldType:
    labelled = {value: (label, value.replace("_", " ")) for value, label in values.items()}
    return FieldType(
        name=name,
        type=f"enum:{name}",
        is_list=False,
        required=False,
        zh=zh,
        en=en,
        choices=Choices(name, zh, en, labelled),
    )


def _list(name: str, zh: str, en: str, parts: tuple[FieldType, ...] = ()) -> FieldType:
    """Return a list of texts, one a line, or of objects when it has parts."""
    return FieldType(
        name=name,
        type="object" if parts else "string",
        is_list=True,
        required=False,
        zh=zh,
        en=en,
        fields=MappingProxyType({part.name: part for part in parts}) if parts else None,
    )


_MATTERS: Final = {
    "study": "传达学习",
    "report": "听取汇报",
    "policy_document": "政策文件",
    "normative_document": "规范性文件",
    "government_work_report": "政府工作报告",
    "contract": "合同协议",
    "project": "项目",
    "plan": "规划计划",
    "deployment": "部署工作",
    "procedure_rule": "议事规则",
    "state_assets": "国有资产",
    "cleanup_decision": "清理决定",
    "other": "其他",
}
_OUTCOMES: Final = {
    "approved": "通过",
    "approved_in_principle": "原则通过",
    "heard": "听取",
    "discussed": "讨论",
    "reviewed": "审议",
    "rejected": "否决",
    "returned": "退回",
    "postponed": "缓议",
    "withdrawn": "撤回",
}
_PLACE: Final = (
    _field("district", "地方", "the place: one of our ids such as xinzhou, or its name", required=True),
    _choice(
        "scope",
        "范围",
        "how near the place is",
        {"target": "本区", "same_city": "同市", "same_province": "同省", "other": "其他"},
    ),
    _field("province", "省", "province"),
    _field("city", "市", "city"),
)
_SOURCE: Final = (
    _field("source_url", "网址", "address of the page"),
    _choice(
        "source_kind",
        "网站种类",
        "whose page it is; only a government's own or the press tells where something was published",
        {
            "gov_site": "政府网站",
            "press": "新闻媒体",
            "law_portal": "法规网站",
            "encyclopedia": "百科",
            "yearbook": "年鉴",
            "secondary": "转载",
        },
    ),
    _field("note", "备注", "a remark"),
)
_MEETINGS: Final = (
    *_PLACE,
    _field("body", "机关", "whose meeting", required=True),
    _choice(
        "kind",
        "会议种类",
        "kind of meeting",
        {"executive": "常务会议", "plenary": "全体会议", "mayor_office": "办公会议", "topical": "专题会议"},
    ),
    _field("session", "届", "term, such as 六届"),
    _field("ordinal", "第几次", "number of the meeting", "int"),
    _choice("ordinal_basis", "次数起算", "what the number counts from", {"term": "本届", "year": "本年"}),
    _field("date_held", "召开日期", "day of the meeting", "public_day"),
    _field("chair_role", "主持人职务", "post of the chair, no name"),
    _field("attendance", "出席情况", "who came, as the page says: 出席13人,缺席2人"),
    _list(
        "agenda",
        "议题",
        "topics, one a line: topic | kind | outcome",
        (
            _field("item", "议题", "topic"),
            _choice("matter", "种类", "kind", _MATTERS),
            _choice("outcome", "结果", "outcome", _OUTCOMES),
        ),
    ),
    _list("approved", "通过事项", "what was adopted, one a line"),
    _field("date_published", "公布日期", "day of publication", "public_day"),
    *_SOURCE,
)
_DOCUMENTS: Final = (
    *_PLACE,
    _field("issuer", "发文机关", "who issued it", required=True),
    _field("kind", "文件种类", "kind of document"),
    _field("number", "文号", "document number"),
    _field("title_short", "标题", "short title"),
    _field("date_signed", "成文日期", "day of writing", "public_day"),
    _field("date_published", "公布日期", "day of publication", "public_day"),
    _field("adopted_meeting", "通过的会议", "the meeting that adopted it"),
    _field("date_adopted", "通过日期", "day of adoption", "public_day"),
    _field("date_effective", "施行日期", "day of coming into force", "public_day"),
    _field("effective_as_written", "施行原文", "coming into force as written"),
    _field("valid_until", "有效期至", "last day in force", "public_day"),
    _field("repeals", "废止", "what it repeals"),
    _field("date_issued", "印发日期", "day of printing", "public_day"),
    *_SOURCE,
)
_NOTICES: Final = (
    *_PLACE,
    _field("issuer", "发布机关", "who gave notice", required=True),
    _choice(
        "kind",
        "通知种类",
        "kind of notice",
        {
            "meeting_notice": "会议通知",
            "public_consultation": "公开征求意见",
            "proposal_handling": "建议提案交办",
            "proposal_handling_result": "建议提案办理结果",
            "open_day_notice": "开放日通知",
            "interdepartmental_opinion": "部门征求意见",
            "report_request": "要求报送",
            "supervision_notice": "督查通报",
            "supervision_notice_rule": "督查通报规定",
        },
    ),
    _field("number", "文号", "document number"),
    _field("title_short", "标题", "short title", required=True),
    _field("date_notice", "通知日期", "day of the notice", "public_day"),
    _field("date_published", "公布日期", "day of publication", "public_day"),
    _field("date_meeting", "会议时间", "day, and hour if known, of the meeting", "public_day"),
    _field("reply_deadline", "回复期限", "reply by", "public_day"),
    _field("deadline_as_written", "期限原文", "the limit as written"),
    _field("period_start", "期间起", "first day of the period", "public_day"),
    _field("leave_or_substitution", "请假替会规定", "what it says of leave and substitutes"),
    _field("agenda", "议程", "agenda"),
    _field("overdue_units", "逾期单位", "units that it asks or criticises, separated by 、"),
    *_SOURCE,
)
_LEADERS: Final = (
    *_PLACE,
    _field("body", "机关", "whose leaders", required=True),
    _field("kind", "种类", "kind of list"),
    _field("number", "文号", "document number"),
    _field("date", "日期", "day from which it holds", "public_day"),
    _field("pairs", "AB角", "pairs of posts, one a line in the order A、B、C", "public_pairs"),
    _field("roles", "职务", "posts, as JSON", "public_json"),
    _field("leave_rule", "请假规定", "rule of leave, as JSON", "public_json"),
    *_SOURCE,
)

PUBLIC_FORMS: Final[Mapping[FileKind, tuple[str, str, tuple[FieldType, ...]]]] = MappingProxyType(
    {
        "meetings": ("公开会议", "meetings on public pages", _MEETINGS),
        "documents": ("公开公文", "documents on public pages", _DOCUMENTS),
        "notices": ("公开通知", "notices on public pages", _NOTICES),
        "leaders": ("公开领导分工", "lists of leaders on public pages", _LEADERS),
    }
)
"""Title, English name and fields of each kind; the order is that of the files, so that a row is the same row."""
