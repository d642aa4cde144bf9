"""Closed lists of values for reviews, hearings and expert opinions."""

from typing import Annotated, Literal

from events.fields import choices

ReviewKind = Annotated[
    Literal[
        "research",
        "appraisal",
        "leadership_group",
        "office_check",
        "legality",
        "own_legality",
        "legal_adviser",
        "fair_competition",
        "stability_risk",
        "risk",
        "expert",
        "specialised_body",
        "public_consultation",
        "hearing",
        "consult_groups",
        "cppcc_consultation",
        "performance",
        "budget",
        "secrecy",
        "filing_review",
        "cleanup",
        "post_evaluation",
        "field_procedure",
        "body_necessity",
    ],
    choices(
        "review_kind",
        "审查种类",
        "Kind of review or hearing",
        {
            "research": ("调研", "research"),
            "appraisal": ("评估论证", "appraisal"),
            "leadership_group": ("班子集体研究", "collective discussion in the unit"),
            "office_check": ("办公室审核", "check by the office"),
            "legality": ("合法性审查", "legality review"),
            "own_legality": ("本单位合法性审核", "legality review by the drafting unit"),
            "legal_adviser": ("法律顾问意见", "legal adviser"),
            "fair_competition": ("公平竞争审查", "fair-competition review"),
            "stability_risk": ("社会稳定风险评估", "social stability risk"),
            "risk": ("风险评估", "risk assessment"),
            "expert": ("专家论证", "expert opinion"),
            "specialised_body": ("专门机构评审", "review by a specialised body"),
            "public_consultation": ("公开征求意见", "public consultation"),
            "hearing": ("听证", "hearing"),
            "consult_groups": ("听取代表委员群众意见", "hearing of deputies, members and masses"),
            "cppcc_consultation": ("政协协商", "consultation in the CPPCC"),
            "performance": ("事前绩效评估", "ex-ante performance evaluation"),
            "budget": ("预算审核", "budget review"),
            "secrecy": ("保密审查", "secrecy review"),
            "filing_review": ("备案审查", "review of a filed document"),
            "cleanup": ("文件清理", "clean-up"),
            "post_evaluation": ("实施后评估", "evaluation after implementation"),
            "field_procedure": ("行业法定程序", "procedure prescribed in the field"),
            "body_necessity": ("设立必要性论证", "necessity of a new body"),
        },
    ),
]

ReviewAspect = Annotated[
    Literal[
        "legality",
        "necessity",
        "scientific",
        "feasibility",
        "controllability",
        "policy_consistency",
        "operability",
        "risk",
        "capacity",
        "prospects",
        "improvements",
        "powers",
        "procedure",
        "content",
    ],
    choices(
        "review_aspect",
        "审查方面",
        "Aspect covered",
        {
            "legality": ("合法性", "legality"),
            "necessity": ("必要性", "necessity"),
            "scientific": ("科学性", "scientific soundness"),
            "feasibility": ("可行性", "feasibility"),
            "controllability": ("可控性", "controllability"),
            "policy_consistency": ("政策取向一致性", "consistency with macro-policy"),
            "operability": ("操作性", "operability"),
            "risk": ("风险性", "risk"),
            "capacity": ("承载能力", "carrying capacity"),
            "prospects": ("发展前景", "prospects"),
            "improvements": ("完善建议", "proposals for improvement"),
            "powers": ("权限", "powers"),
            "procedure": ("程序", "procedure"),
            "content": ("内容", "content"),
        },
    ),
]

HearingForm = Annotated[
    Literal["hearing", "forum", "expert_meeting", "online", "written", "survey", "visit", "face_to_face"],
    choices(
        "hearing_form",
        "听取意见方式",
        "Way of hearing opinions",
        {
            "hearing": ("听证会", "hearing"),
            "forum": ("座谈会", "forum"),
            "expert_meeting": ("论证会", "expert meeting"),
            "online": ("网上公开征求", "online call"),
            "written": ("书面征求", "in writing"),
            "survey": ("问卷调查", "survey"),
            "visit": ("走访", "visits"),
            "face_to_face": ("当面协商", "face to face"),
        },
    ),
]

GroupConsulted = Annotated[
    Literal[
        "deputies",
        "cppcc_members",
        "masses",
        "experts",
        "affected",
        "enterprises",
        "democratic_parties",
        "general_public",
    ],
    choices(
        "group",
        "听取对象",
        "Group heard",
        {
            "deputies": ("人大代表", "deputies"),
            "cppcc_members": ("政协委员", "CPPCC members"),
            "masses": ("基层群众", "people at the base"),
            "experts": ("专家", "experts"),
            "affected": ("利害关系人", "those affected"),
            "enterprises": ("企业", "enterprises"),
            "democratic_parties": ("民主党派", "democratic parties"),
            "general_public": ("社会公众", "general public"),
        },
    ),
]

OpinionOccasion = Annotated[
    Literal["before_meeting", "at_meeting", "on_draft_minutes"],
    choices(
        "opinion_occasion",
        "意见提出场合",
        "When a reviewer spoke",
        {
            "before_meeting": ("会前", "before the meeting"),
            "at_meeting": ("会上", "at the meeting"),
            "on_draft_minutes": ("纪要稿上", "on the draft minutes"),
        },
    ),
]
