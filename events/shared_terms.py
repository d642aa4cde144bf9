"""Closed lists of values that facts of several areas share."""

from typing import Annotated, Literal

from events.fields import choices

Form = Annotated[
    Literal["formal_document", "written", "leave_form", "oral", "phone", "online", "meeting", "electronic"],
    choices(
        "form",
        "形式",
        "How something was conveyed",
        {
            "formal_document": ("正式文件", "formal document"),
            "written": ("书面", "in writing"),
            "leave_form": ("请假单", "leave form"),
            "oral": ("口头", "orally"),
            "phone": ("电话", "by telephone"),
            "online": ("线上办公平台", "office platform"),
            "meeting": ("会议", "at a meeting"),
            "electronic": ("电子邮件或即时通讯", "e-mail or messenger"),
        },
    ),
]

Stance = Annotated[
    Literal["agree", "agree_with_changes", "no_objection", "object", "abstain"],
    choices(
        "stance",
        "态度",
        "Position taken",
        {
            "agree": ("同意", "agrees"),
            "agree_with_changes": ("修改后同意", "agrees with changes"),
            "no_objection": ("无意见", "no objection"),
            "object": ("不同意", "objects"),
            "abstain": ("未表态", "takes no position"),
        },
    ),
]

ApprovalLevel = Annotated[
    Literal[
        "unit_head",
        "unit_meeting",
        "office_section",
        "office_deputy",
        "office_director",
        "government_office",
        "leader_in_charge",
        "chair",
        "executive_deputy",
        "district_head",
        "government",
        "party_secretary",
        "party_committee",
        "superior",
        "competent_body",
    ],
    choices(
        "approval_level",
        "审批层级",
        "Place of the approver in a route",
        {
            "unit_head": ("单位主要负责人", "principal head of the unit"),
            "unit_meeting": ("单位办公会议", "the unit's own meeting"),
            "office_section": ("办公室科级干部", "section head of the office"),
            "office_deputy": ("办公室副主任", "deputy director of the office"),
            "office_director": ("办公室主任", "director of the office"),
            "government_office": ("政府办公室", "the office as a unit"),
            "leader_in_charge": ("分管领导", "leader in charge"),
            "chair": ("会议主持人", "chair of the meeting"),
            "executive_deputy": ("常务副区长", "executive deputy"),
            "district_head": ("区长", "district head"),
            "government": ("区政府", "district government"),
            "party_secretary": ("区委书记", "Party secretary"),
            "party_committee": ("区委", "Party committee"),
            "superior": ("上级", "superior"),
            "competent_body": ("有权机关", "competent body"),
        },
    ),
]

Channel = Annotated[
    Literal[
        "platform",
        "paper",
        "secure",
        "gazette",
        "portal",
        "press_conference",
        "newspaper",
        "radio_tv",
        "new_media",
        "notice_board",
        "service_platform",
    ],
    choices(
        "channel",
        "渠道",
        "Channel",
        {
            "platform": ("电子政务平台", "office platform"),
            "paper": ("纸质", "paper"),
            "secure": ("机要渠道", "secure channel"),
            "gazette": ("政府公报", "gazette"),
            "portal": ("政府门户网站", "portal"),
            "press_conference": ("新闻发布会", "press conference"),
            "newspaper": ("报刊", "newspaper"),
            "radio_tv": ("广播电视", "radio or television"),
            "new_media": ("政务新媒体", "new media"),
            "notice_board": ("公告栏", "notice board"),
            "service_platform": ("政务服务平台", "service platform"),
        },
    ),
]

TaskGrade = Annotated[
    Literal["ordinary", "complex", "year_long", "important_urgent"],
    choices(
        "task_grade",
        "难易分级",
        "Grade of an item",
        {
            "ordinary": ("一般", "ordinary"),
            "complex": ("复杂", "complex"),
            "year_long": ("年度", "to be done within the year"),
            "important_urgent": ("重要紧急", "important and urgent"),
        },
    ),
]

Progress = Annotated[
    Literal["not_started", "under_way", "blocked", "result", "done"],
    choices(
        "progress",
        "进度",
        "Progress as reported",
        {
            "not_started": ("未启动", "not started"),
            "under_way": ("推进中", "under way"),
            "blocked": ("受阻", "blocked"),
            "result": ("有结果", "has a result"),
            "done": ("完成", "done"),
        },
    ),
]

ReminderKind = Annotated[
    Literal["reminder", "supervision_notice", "bulletin", "interview"],
    choices(
        "reminder_kind",
        "督促方式",
        "How a unit is pressed",
        {
            "reminder": ("催办", "reminder"),
            "supervision_notice": ("督查通知", "supervision notice"),
            "bulletin": ("通报", "bulletin"),
            "interview": ("约谈", "interview"),
        },
    ),
]

NameUsed = Annotated[
    Literal[
        "party_and_government",
        "government",
        "government_office",
        "party_group",
        "unit",
        "unit_with_consent",
        "joint_units",
        "coordination_body",
        "personal",
    ],
    choices(
        "name_used",
        "名义",
        "In whose name",
        {
            "party_and_government": ("区委区政府", "Party committee and government"),
            "government": ("区政府", "district government"),
            "government_office": ("区政府办公室", "government office"),
            "party_group": ("政府党组", "Party group of the government"),
            "unit": ("部门", "a unit"),
            "unit_with_consent": ("经政府同意由部门", "a unit with the government's consent"),
            "joint_units": ("部门联合", "several units jointly"),
            "coordination_body": ("议事协调机构", "coordination body"),
            "personal": ("个人", "a person"),
        },
    ),
]

Rank = Annotated[
    Literal[
        "bureau_director",
        "deputy_bureau_director",
        "division_chief",
        "deputy_division_chief",
        "section_chief",
        "deputy_section_chief",
        "other",
    ],
    choices(
        "rank",
        "职级",
        "Rank of a person",
        {
            "bureau_director": ("正厅级", "bureau director"),
            "deputy_bureau_director": ("副厅级", "deputy bureau director"),
            "division_chief": ("正处级", "division chief"),
            "deputy_division_chief": ("副处级", "deputy division chief"),
            "section_chief": ("正科级", "section chief"),
            "deputy_section_chief": ("副科级", "deputy section chief"),
            "other": ("其他", "other"),
        },
    ),
]

Role = Annotated[
    Literal[
        "district_head",
        "executive_deputy",
        "deputy_head",
        "party_group_member",
        "office_director",
        "office_deputy",
        "office_member",
        "office_section_head",
        "unit_head",
        "unit_deputy",
        "town_head",
        "unit_staff",
        "party_secretary",
        "standing_committee_member",
        "legal_adviser",
        "inspector",
        "deputy_to_congress",
        "cppcc_member",
        "outside_leader",
        "superior_leader",
    ],
    choices(
        "role",
        "职务角色",
        "What a post is for the rules",
        {
            "district_head": ("区长", "district head or mayor"),
            "executive_deputy": ("常务副区长", "executive or first deputy head"),
            "deputy_head": ("副区长", "deputy head"),
            "party_group_member": ("党组成员", "Party-group member"),
            "office_director": ("办公室主任", "director of the government office"),
            "office_deputy": ("办公室副主任", "deputy director of the office"),
            "office_member": ("办公室班子成员", "other member of the office's leadership"),
            "office_section_head": ("办公室科级干部", "section-level cadre of the office"),
            "unit_head": ("主要负责人", "principal head of a unit"),
            "unit_deputy": ("分管负责人", "deputy head of a unit"),
            "town_head": ("镇街行政正职", "administrative head of a town or sub-district"),
            "unit_staff": ("工作人员", "staff"),
            "party_secretary": ("区委书记", "Party secretary"),
            "standing_committee_member": ("区委常委", "member of the Party standing committee"),
            "legal_adviser": ("法律顾问", "legal adviser"),
            "inspector": ("纪检监察人员", "discipline inspector"),
            "deputy_to_congress": ("人大代表", "deputy to the congress"),
            "cppcc_member": ("政协委员", "CPPCC member"),
            "outside_leader": ("其他区级领导", "leader of another district organ"),
            "superior_leader": ("上级领导", "superior leader"),
        },
    ),
]
