"""Closed lists of values for documents."""

from typing import Annotated, Literal

from events.fields import choices

DocumentKind = Annotated[
    Literal[
        "order",
        "decision",
        "bill",
        "request",
        "report",
        "opinion",
        "notice",
        "circular",
        "announcement",
        "reply",
        "letter",
        "minutes",
        "copy_slip",
        "division_plan",
        "plan",
        "normative",
        "policy",
        "personnel",
        "travel",
        "inspection_scheme",
        "instruction_superior",
        "court_paper",
        "interpretation_request",
        "routine",
        "telegram",
        "compilation",
        "other",
    ],
    choices(
        "document_kind",
        "文种",
        "Kind of document",
        {
            "order": ("命令", "order"),
            "decision": ("决定", "decision"),
            "bill": ("议案", "bill"),
            "request": ("请示", "request"),
            "report": ("报告", "report"),
            "opinion": ("意见", "opinion"),
            "notice": ("通知", "notice"),
            "circular": ("通报", "circular"),
            "announcement": ("公告通告", "announcement"),
            "reply": ("批复", "reply"),
            "letter": ("函", "letter"),
            "minutes": ("纪要", "minutes"),
            "copy_slip": ("抄告单", "copy slip"),
            "division_plan": ("分工方案", "division-of-work plan"),
            "plan": ("方案", "plan or scheme"),
            "normative": ("规范性文件", "normative document"),
            "policy": ("政策性文件", "policy document"),
            "personnel": ("任免文件", "personnel document"),
            "travel": ("出国境审批件", "travel abroad"),
            "inspection_scheme": ("检查考核方案", "inspection or appraisal scheme"),
            "instruction_superior": ("上级批示", "instruction of a superior leader"),
            "court_paper": ("司法文书", "court paper"),
            "interpretation_request": ("解释请求", "request to interpret a document"),
            "routine": ("事务性公文", "routine paper"),
            "telegram": ("电报", "telegram"),
            "compilation": ("文件汇编", "compilation"),
            "other": ("其他", "other"),
        },
    ),
]

Direction = Annotated[
    Literal["up", "down", "level", "to_superior_unit", "to_party_committee", "to_congress", "to_cppcc", "to_public"],
    choices(
        "direction",
        "行文方向",
        "Direction",
        {
            "up": ("上行", "to a superior"),
            "down": ("下行", "downward"),
            "level": ("平行", "level"),
            "to_superior_unit": ("致上级部门", "to a superior's department"),
            "to_party_committee": ("报区委", "to the Party committee"),
            "to_congress": ("报人大", "to the congress"),
            "to_cppcc": ("致政协", "to the CPPCC"),
            "to_public": ("对社会", "to the public"),
        },
    ),
]

DocumentFlag = Annotated[
    Literal[
        "major",
        "important",
        "overall_major",
        "urgent",
        "normative",
        "policy",
        "wide_reach",
        "funds",
        "personnel",
        "land",
        "directive",
        "districtwide_inspection",
        "requires_documents",
        "public_rights",
        "public_interest",
        "stability_risk",
        "sensitive",
        "secret",
        "safety",
        "relief",
        "routine_approval",
        "government_duty",
        "meeting_decided",
        "supporting",
        "key",
    ],
    choices(
        "document_flag",
        "公文标识",
        "Tags of a document",
        {
            "major": ("重大", "major"),
            "important": ("重要", "important"),
            "overall_major": ("全局性重大", "major for the whole"),
            "urgent": ("紧急", "urgent"),
            "normative": ("规范性文件", "normative"),
            "policy": ("政策性", "policy"),
            "wide_reach": ("涉及面广", "wide reach"),
            "funds": ("涉及资金", "funds"),
            "personnel": ("涉及人事", "personnel"),
            "land": ("涉及土地", "land"),
            "directive": ("指令性", "directive"),
            "districtwide_inspection": ("全区性检查", "sets a district-wide inspection"),
            "requires_documents": ("要求报文", "demands documents"),
            "public_rights": ("公众权利义务", "public rights"),
            "public_interest": ("重大公共利益", "major public interest"),
            "stability_risk": ("可能引发不稳定", "may cause instability"),
            "sensitive": ("敏感", "sensitive"),
            "secret": ("涉密", "secret"),
            "safety": ("安全稳定", "safety and stability"),
            "relief": ("救灾", "relief"),
            "routine_approval": ("例行批准", "routine approval"),
            "government_duty": ("主要涉及政府职责", "mainly a government duty"),
            "meeting_decided": ("会议议定", "decided at a meeting"),
            "supporting": ("配套文件", "supporting document"),
            "key": ("重点文件", "key paper"),
        },
    ),
]

LeaderMark = Annotated[
    Literal["opinion", "signature", "circle"],
    choices(
        "leader_mark",
        "批阅方式",
        "How a leader marked",
        {
            "opinion": ("签署意见", "opinion written"),
            "signature": ("仅签名", "signature only"),
            "circle": ("圈阅", "circled"),
        },
    ),
]

Medium = Annotated[
    Literal["durable_pen", "other_pen", "electronic"],
    choices(
        "medium",
        "书写方式",
        "Medium",
        {
            "durable_pen": ("钢笔毛笔", "durable pen or brush"),
            "other_pen": ("铅笔圆珠笔等", "pencil, ball pen or other"),
            "electronic": ("电子签批", "electronic signature"),
        },
    ),
]

Purpose = Annotated[
    Literal["handle", "reply", "read", "redirect", "report_up"],
    choices(
        "purpose",
        "用途",
        "Why something was passed on",
        {
            "handle": ("承办", "to handle"),
            "reply": ("提出意见", "to give an opinion"),
            "read": ("阅知", "to read"),
            "redirect": ("转有权单位", "to the unit with power"),
            "report_up": ("上报", "to report upward"),
        },
    ),
]

DirectGround = Annotated[
    Literal["assigned_by_leader", "emergency", "foreign_affairs", "confidential", "none"],
    choices(
        "direct_ground",
        "直送情形",
        "Ground for sending to a leader directly",
        {
            "assigned_by_leader": ("领导交办", "assigned by the leader"),
            "emergency": ("重大突发事件", "major emergency"),
            "foreign_affairs": ("涉外事项", "foreign affairs"),
            "confidential": ("涉密事项", "confidential"),
            "none": ("无", "none"),
        },
    ),
]

Disclosure = Annotated[
    Literal["active", "on_request", "partial", "none"],
    choices(
        "disclosure",
        "公开属性",
        "Disclosure class",
        {
            "active": ("主动公开", "published on own initiative"),
            "on_request": ("依申请公开", "on request"),
            "partial": ("删减后公开", "published in part"),
            "none": ("不予公开", "not published"),
        },
    ),
]

ExplanationPoint = Annotated[
    Literal["background", "basis", "main_content", "targets", "measures", "changes", "terms"],
    choices(
        "explanation_point",
        "解读要点",
        "Point of an explanation",
        {
            "background": ("背景", "background"),
            "basis": ("依据", "basis"),
            "main_content": ("主要内容", "main content"),
            "targets": ("适用对象", "whom it concerns"),
            "measures": ("措施标准", "measures and standards"),
            "changes": ("新旧差异", "what changes"),
            "terms": ("名词解释", "terms"),
        },
    ),
]

EarlyGround = Annotated[
    Literal["security", "money", "obstructs", "emergency", "public_interest", "other"],
    choices(
        "early_ground",
        "提前施行情形",
        "Ground for early effect",
        {
            "security": ("国家安全", "national security"),
            "money": ("汇率货币政策", "exchange rate or monetary policy"),
            "obstructs": ("不立即施行有碍执行", "delay would hinder carrying out"),
            "emergency": ("有碍突发事件处置", "delay would hinder handling an emergency"),
            "public_interest": ("重大公共利益", "major public interest"),
            "other": ("其他", "other"),
        },
    ),
]

CleanupOccasion = Annotated[
    Literal["periodic", "law_changed", "superior_demand", "own_finding"],
    choices(
        "cleanup_occasion",
        "清理情形",
        "Occasion of a clean-up",
        {
            "periodic": ("定期清理", "periodic"),
            "law_changed": ("上位法修改", "law changed"),
            "superior_demand": ("上级要求", "superior's demand"),
            "own_finding": ("自行发现", "own finding"),
        },
    ),
]
