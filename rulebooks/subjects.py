"""The subjects under which the rules of several districts are set side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rulebooks.judgement import Say
from rulebooks.problems import as_list

if TYPE_CHECKING:
    from rulebooks.compiling import Provision


class Subject(NamedTuple):
    """A subject: the kinds of rules and the areas of facts that belong to it (none named: any).

    `acts` looks at the facts that open a rule alone, `facts` also at those that it looks for; `paths` asks that `who`
    names one of some values.
    """

    say: Say
    kinds: frozenset[str] = frozenset()
    acts: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


def _kinds(*names: str) -> frozenset[str]:
    return frozenset(names)


SUBJECTS: Final[dict[str, Subject]] = {
    "ab": Subject(Say("AB角、代管与补位", "AB partners, cover and acting heads"), _kinds("absence", "coverage")),
    "attendance": Subject(Say("到会与列席", "attendance at meetings"), _kinds("attendance")),
    "chair": Subject(
        Say("会议召集与主持", "who convenes and chairs"),
        _kinds("authority"),
        ("meeting.opened",),
        (),
        ("chair", "convener"),
    ),
    "countersign": Subject(Say("会签与征求意见", "countersigning and opinions"), facts=("countersign.",)),
    "documents": Subject(Say("收文与报文", "documents coming in"), acts=("document.received", "document.registered")),
    "emergency": Subject(Say("突发事件与请示报告", "emergencies and reports upward"), acts=("report.",)),
    "forum": Subject(Say("议事层级", "which body decides"), _kinds("forum")),
    "frequency": Subject(Say("次数与总量", "frequencies and caps"), _kinds("tally")),
    "funds": Subject(Say("资金与项目", "money and projects"), facts=("funds.",)),
    "lead_time": Subject(Say("提前量", "lead times"), _kinds("lead_time")),
    "leave": Subject(
        Say("请假、外出与销假", "leave"),
        acts=("absence.",),
        facts=("meeting.leave_requested", "meeting.leave_answered"),
    ),
    "minutes": Subject(Say("会议纪要", "minutes"), facts=("minutes.",)),
    "publication": Subject(
        Say("公开与解读", "publication"), facts=("publicity.", "document.published", "document.explained")
    ),
    "quorum": Subject(Say("法定到会人数", "quorum"), _kinds("quorum")),
    "review": Subject(Say("合法性等审查", "reviews before an act"), facts=("review.",)),
    "signing": Subject(Say("签发权限", "who signs"), _kinds("authority"), ("document.signed", "minutes.signed")),
    "speaking": Subject(Say("发言次序", "order of speaking"), _kinds("order")),
    "supervision": Subject(Say("督查督办", "supervision"), acts=("instruction.", "supervision.")),
}


def belongs(provision: Provision, subject: Subject) -> bool:
    """Tell whether a rule belongs to a subject."""
    rule = provision.rule
    if rule is None or (subject.kinds and rule.header.kind not in subject.kinds):
        return False
    if subject.paths and not any(
        str(path).rpartition(".")[2] in subject.paths for path in as_list(provision.given.get("who"))
    ):
        return False
    if not subject.acts and not subject.facts:
        return True
    return _names(rule.triggers, (*subject.acts, *subject.facts)) or _names(rule.dependencies.evidence, subject.facts)


def _names(types: tuple[str, ...] | set[str], areas: tuple[str, ...]) -> bool:
    return any(name.startswith(area) for name in types for area in areas)
