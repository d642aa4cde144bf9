"""Closed lists of values for meetings."""

from typing import Annotated, Literal

from events.fields import choices

MeetingKind = Annotated[
    Literal[
        "plenary",
        "executive",
        "head_office",
        "special",
        "business",
        "preliminary",
        "coordination",
        "work_conference",
        "district_wide",
        "department_work",
        "unit_office",
        "party_group",
        "party_standing",
        "party_life",
        "congress",
        "study_session",
        "superior",
        "other",
    ],
    choices(
        "meeting_kind",
        "会议种类",
        "Kind of meeting",
        {
            "plenary": ("全体会议", "plenary"),
            "executive": ("常务会议", "executive meeting"),
            "head_office": ("区长办公会议", "district head's office meeting"),
            "special": ("专题会议", "special meeting"),
            "business": ("业务会议", "business meeting"),
            "preliminary": ("会前酝酿会", "preliminary meeting"),
            "coordination": ("协调会", "coordination meeting"),
            "work_conference": ("政府工作会议", "government work conference"),
            "district_wide": ("全区性会议", "district-wide meeting"),
            "department_work": ("部门工作会议", "department work meeting"),
            "unit_office": ("部门办公会议", "department's own office meeting"),
            "party_group": ("政府党组会议", "government Party-group meeting"),
            "party_standing": ("区委常委会会议", "Party standing committee"),
            "party_life": ("党内组织生活", "Party life"),
            "congress": ("人大及其常委会会议", "congress or its standing committee"),
            "study_session": ("专题学习会", "study session"),
            "superior": ("上级会议", "meeting of a superior"),
            "other": ("其他会议", "other"),
        },
    ),
]

MeetingMode = Annotated[
    Literal["in_person", "video", "mixed"],
    choices(
        "meeting_mode",
        "会议形式",
        "Mode",
        {
            "in_person": ("现场", "in person"),
            "video": ("视频", "by video"),
            "mixed": ("现场加视频", "mixed"),
        },
    ),
]

Capacity = Annotated[
    Literal[
        "member",
        "sit_in",
        "fixed_sit_in",
        "invited",
        "substitute",
        "assistant",
        "required",
        "public_participant",
        "recorder",
    ],
    choices(
        "capacity",
        "参会身份",
        "Capacity at a meeting",
        {
            "member": ("组成人员", "member"),
            "sit_in": ("列席", "sit-in"),
            "fixed_sit_in": ("固定列席", "fixed sit-in"),
            "invited": ("邀请", "invited guest"),
            "substitute": ("代会", "substitute"),
            "assistant": ("随员助手", "assistant"),
            "required": ("参会单位代表", "required participant"),
            "public_participant": ("公众代表", "public participant"),
            "recorder": ("记录", "recorder"),
        },
    ),
]

ItemKind = Annotated[
    Literal["first_topic", "bottom_line", "study", "report", "supervision", "plenary_agenda", "ordinary"],
    choices(
        "item_kind",
        "议题类别",
        "Category of an agenda item",
        {
            "first_topic": ("第一议题", "first topic"),
            "bottom_line": ("底线议题", "development and safety"),
            "study": ("传达学习", "study"),
            "report": ("听取汇报", "report heard"),
            "supervision": ("督查汇报", "report on supervision"),
            "plenary_agenda": ("全体会议议题审定", "topics for the plenary"),
            "ordinary": ("一般议题", "ordinary"),
        },
    ),
]

LeaveReason = Annotated[
    Literal["superior_meeting", "official_trip", "emergency", "health", "approved_absence", "other"],
    choices(
        "leave_reason",
        "请假事由",
        "Reason for missing a meeting",
        {
            "superior_meeting": ("参加上级会议活动", "meeting or activity of a superior"),
            "official_trip": ("因公外出", "official trip"),
            "emergency": ("处置突发事件", "handling an emergency"),
            "health": ("身体原因", "health"),
            "approved_absence": ("已准假外出", "on approved leave"),
            "other": ("其他", "other"),
        },
    ),
]

Outcome = Annotated[
    Literal[
        "agreed",
        "difference_remains",
        "adopted",
        "adopted_in_principle",
        "rejected",
        "returned",
        "postponed",
        "withdrawn",
        "heard",
    ],
    choices(
        "outcome",
        "审议结果",
        "Outcome of an item",
        {
            "agreed": ("达成一致", "parties agreed at a preliminary meeting"),
            "difference_remains": ("仍有分歧", "difference remains after a preliminary meeting"),
            "adopted": ("通过", "adopted"),
            "adopted_in_principle": ("原则通过", "adopted in principle"),
            "rejected": ("不予通过", "rejected"),
            "returned": ("退回修改", "sent back"),
            "postponed": ("缓议", "put off"),
            "withdrawn": ("撤回", "withdrawn"),
            "heard": ("听取", "heard or noted"),
        },
    ),
]

DecisionSubject = Annotated[
    Literal[
        "funds", "large_funds", "project", "major_project", "establishment", "personnel", "land", "policy", "other"
    ],
    choices(
        "decision_subject",
        "涉及内容",
        "What a decision touches",
        {
            "funds": ("资金", "funds"),
            "large_funds": ("大额资金", "large funds"),
            "project": ("项目", "project"),
            "major_project": ("重大项目", "major project"),
            "establishment": ("机构编制", "organisation and staffing"),
            "personnel": ("人事", "personnel"),
            "land": ("土地", "land"),
            "policy": ("政策", "policy"),
            "other": ("其他", "other"),
        },
    ),
]

MinutesNeed = Annotated[
    Literal["required", "record_only", "none"],
    choices(
        "minutes_need",
        "纪要要求",
        "Whether minutes are wanted",
        {
            "required": ("须发纪要", "minutes to be issued"),
            "record_only": ("只作记录", "record only"),
            "none": ("不发纪要", "none"),
        },
    ),
]
