"""The four tests of electronic records (DA/T 70, GB/T 18894): 真实性 完整性 可用性 安全性, check by check.

What no program can see, such as the originals on paper or the carrier, is said to be not determinable, never passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.archive.case_files import Counted
    from services.archive.closed_cases import Year

Property = Literal["authenticity", "completeness", "usability", "security"]
Outcome = Literal["passed", "failed", "not_determinable"]

PROPERTIES: Final[dict[Property, tuple[str, str]]] = {
    "authenticity": ("真实性", "Authenticity"),
    "completeness": ("完整性", "Completeness"),
    "usability": ("可用性", "Usability"),
    "security": ("安全性", "Security"),
}
OUTCOMES: Final[dict[Outcome, tuple[str, str]]] = {
    "passed": ("合格", "passed"),
    "failed": ("不合格", "failed"),
    "not_determinable": ("不能判定", "not determinable"),
}


class Check(Struct, frozen=True, kw_only=True):
    """One check: the property it belongs to, what came out, and what was looked at, with examples of what is wrong."""

    property: Property
    outcome: Outcome
    zh: str
    en: str
    found: tuple[str, ...] = ()


def four_tests(year: Year, counted: Counted, *, vouched: bool) -> tuple[Check, ...]:
    """Return every check; `vouched` tells whether a signed checkpoint covers the facts."""
    return (
        *_authenticity(counted, vouched=vouched),
        *_completeness(year, counted),
        *_usability(counted),
        *_security(counted),
    )


def _authenticity(counted: Counted, *, vouched: bool) -> tuple[Check, ...]:
    return (
        Check(
            property="authenticity",
            outcome="passed",
            zh=f"{counted.facts} 个事实逐个重算封存，全部相符（不符则不会产生本包）",
            en=f"the seals of {counted.facts} facts were recomputed and fit; else there would be no package",
        ),
        Check(
            property="authenticity",
            outcome="passed" if vouched else "not_determinable",
            zh="封存与签名的检查点一致" if vouched else "没有签名的检查点，来源只能与回执或见证核对",
            en="they fit a signed checkpoint" if vouched else "there is no signed checkpoint to hold them against",
        ),
        _listed(
            "authenticity",
            counted.without_source,
            ("每个导入的事实写明来源", "every imported fact names its source"),
            ("导入的事实没有写明来源", "imported facts that name no source"),
        ),
        Check(
            property="authenticity",
            outcome="not_determinable",
            zh=f"{counted.originals} 个事实写明了原件的摘要值；原件不在账册中，须由档案部门逐件比对",
            en=f"{counted.originals} facts state the hash of an original, which lies elsewhere: to be compared",
        ),
    )


def _completeness(year: Year, counted: Counted) -> tuple[Check, ...]:
    gaps = [f"{one.code}〔{one.year}〕{serial}号" for one in year.series for serial in one.gaps]
    doubles = [f"{one.code}〔{one.year}〕{serial}号" for one in year.series for serial in one.duplicates]
    misused = [
        f"{one.code}〔{one.year}〕{serial}号"
        for one in year.series
        for serial in sorted({*one.used_though_void, *one.used_by_another})
    ]
    undetermined = [one.case for one in year.cases if one.retention == "not_determined"]
    return (
        _listed(
            "completeness",
            counted.with_gaps,
            ("每个案卷的过程记录自首条起连续无缺", "the process history of every case is there from its first fact on"),
            ("过程记录有缺的案卷", "cases whose process history has gaps"),
        ),
        _listed(
            "completeness",
            counted.without_opening,
            ("每个案卷都有立卷事实", "every case has the fact that opened it"),
            ("没有立卷事实的案卷（多为导入的旧资料）", "cases without the fact that opened them, mostly imported ones"),
        ),
        _listed("completeness", gaps, ("没有漏号", "no number is missing"), ("漏号", "missing numbers")),
        _listed("completeness", doubles, ("没有重号", "no number is double"), ("重号", "double numbers")),
        _listed(
            "completeness",
            misused,
            ("没有作废后使用或挪用的文号", "no number was used though void or reserved for another"),
            ("作废后仍使用或挪作他用的文号", "numbers used though void, or by a paper they were not reserved for"),
        ),
        Check(
            property="completeness",
            outcome="not_determinable" if undetermined else "passed",
            zh=f"{len(undetermined)} 个案卷的保管期限未定，须由档案部门划定"
            if undetermined
            else "每个案卷都写明保管期限",
            en=f"the retention of {len(undetermined)} cases is not determined; the archives decide it"
            if undetermined
            else "the retention of every case is stated",
            found=tuple(undetermined[:_SHOWN]),
        ),
    )


def _usability(counted: Counted) -> tuple[Check, ...]:
    return (
        Check(
            property="usability",
            outcome="passed",
            zh="全部文件为 UTF-8 纯文本、JSON 或 HTML，逐个读出；词汇随包，字段含义可查",
            en="every file is plain text, JSON or HTML in UTF-8 and was read; the vocabulary that explains it is there",
        ),
        Check(
            property="usability",
            outcome="not_determinable" if counted.sealed else "passed",
            zh=f"{counted.sealed} 个事实含加密的个人信息，须凭另行移交的密钥读取"
            if counted.sealed
            else "没有加密的个人信息",
            en=f"{counted.sealed} facts hold sealed personal texts, readable with keys that are handed over apart"
            if counted.sealed
            else "no sealed personal texts",
        ),
        Check(
            property="usability",
            outcome="passed",
            zh=f"{counted.erased} 人的个人信息已依法删除，作为空缺如实保留"
            if counted.erased
            else "没有依法删除的个人信息",
            en=f"personal data of {counted.erased} persons were erased by law and stay as a hole that says so"
            if counted.erased
            else "no personal data were erased",
        ),
    )


def _security(counted: Counted) -> tuple[Check, ...]:
    return (
        _listed(
            "security",
            counted.state_secrets,
            ("没有标为国家秘密的事实", "no fact is marked a state secret"),
            (
                "标为国家秘密的事实，须按保密规定另行移交",
                "facts marked as state secrets, to be handed over by other ways",
            ),
        ),
        Check(
            property="security",
            outcome="passed",
            zh="包内没有可执行的内容，只有须由人运行的核验程序 verify.py；文件夹只有所有者可读",
            en="nothing in it runs by itself; verify.py is run by a person; only the owner can read the folder",
        ),
        Check(
            property="security",
            outcome="not_determinable",
            zh="病毒查杀、载体与移交过程由档案部门在接收环境中检测",
            en="viruses, carrier and handing over are tested by the archives where the package is received",
        ),
    )


_SHOWN: Final = 50


def _listed(of: Property, wrong: Sequence[str], good: tuple[str, str], bad: tuple[str, str]) -> Check:
    if not wrong:
        return Check(property=of, outcome="passed", zh=good[0], en=good[1])
    return Check(
        property=of,
        outcome="failed",
        zh=f"{bad[0]}：{len(wrong)} 处",
        en=f"{bad[1]}: {len(wrong)}",
        found=tuple(wrong[:_SHOWN]),
    )
