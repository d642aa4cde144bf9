"""Drawing pages: the templates, the words that they share, and the headers that keep a page to itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from events.vocabulary import FACTS, enums, field_types
from rulebooks.words.explaining import article_in_chinese
from services.recording.authorisation import ROLES
from services.templates import templates_of
from services.views.names import district_name
from services.written import identity, moment

if TYPE_CHECKING:
    from events.field_types import FieldType

CLOSED: Final[Mapping[str, str]] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
"""A page loads its own style sheet and nothing else, stands in no frame and is kept by no cache."""


class Words(NamedTuple):
    """The same in Chinese and in English."""

    zh: str
    en: str


STANDINGS: Final[Mapping[str, Words]] = {
    "open": Words("进行中", "open"),
    "paused": Words("暂停", "paused"),
    "raised": Words("待处理", "to be acted on"),
    "forecast": Words("预测", "forecast"),
    "resolved": Words("已补办", "resolved"),
    "withdrawn": Words("已撤回", "withdrawn"),
    "waived": Words("已豁免", "waived"),
}

TELLERS: Final[Mapping[str, Words]] = {
    "holder": Words("责任单位负责人", "the head of the unit that has to act"),
    "leader_in_charge": Words("分管领导", "the leader in charge"),
    "office_head": Words("办公室主任", "the head of the office"),
}

EFFECTS: Final[Mapping[str, Words]] = {
    "broken": Words("将违反", "would be a breach of"),
    "undetermined": Words("将无法判定", "could not be determined by"),
    "foreseen": Words("按安排将违反", "would come, as planned, to a breach of"),
    "opened": Words("将开始计时", "would set in motion"),
    "moved": Words("将变动", "would move"),
    "paused": Words("将暂停计时", "would pause"),
    "made_good": Words("将逾期补办", "would make good, late"),
    "settled": Words("将按规定了结", "would settle, as it should be"),
    "withdrawn": Words("将撤回违反", "would withdraw the breach of"),
    "waived": Words("将豁免", "would waive"),
    "dropped": Words("将不再适用", "would make inapplicable"),
    "unchanged": Words("预警有变化", "would move the alert on"),
}

KEPT_AS: Final[Mapping[str, Words]] = {
    "rule": Words("由规则判定", "judged by a rule"),
    "attested": Words("由人确认", "attested by a person"),
    "enforced": Words("由权限保证", "enforced by access control"),
    "external": Words("依其他文件", "measured by another text"),
    "definition": Words("定义", "definition"),
    "principle": Words("原则", "principle"),
}

OUTCOMES: Final[Mapping[str, Words]] = {
    "satisfied": Words("符合", "satisfied"),
    "violated": Words("违反", "violated"),
    "not_determinable": Words("无法判定", "not determinable"),
    "waived": Words("已豁免", "waived"),
    "open": Words("进行中", "open"),
    "none": Words("不适用", "does not apply"),
}

_MOMENTS: Final = frozenset({"moment", "date", "datetime"})


def page(template: str, status: int = 200, headers: Mapping[str, str] | None = None, **shown: object) -> Response:
    """Return a page drawn from a template."""
    content = _templates().get_template(template).render(**shown)
    return HTMLResponse(content, status, {**CLOSED, **(headers or {})})


def style_sheet() -> Response:
    """Return the style sheet of every page."""
    content = _templates().get_template("style.css").render()
    return Response(content, headers={"cache-control": "max-age=3600"}, media_type="text/css")


@cache
def _templates() -> Environment:
    found = templates_of("services.pages", keep_trailing_newline=False)
    found.globals.update(
        standings=STANDINGS,
        effects=EFFECTS,
        tellers=TELLERS,
        roles=ROLES,
        fact_words=fact_words,
        choice=choice,
        case_path=case_path,
        said_words=said_words,
        moment=moment,
        identity=identity,
        district_name=district_name,
        article_in_chinese=article_in_chinese,
    )
    found.globals.update(rule_path=rule_path, kept_as=KEPT_AS, outcomes=OUTCOMES)
    return found


def fact_words(type_name: str) -> Words:
    """Return what a type of fact is called; a type that is not known any more by its recorded name."""
    found = FACTS.get(type_name)
    return Words(type_name, "") if found is None else Words(found.TYPE.zh, (found.__doc__ or "").strip())


def said_words(type_name: str, name: str, value: str, names: Mapping[str, str]) -> tuple[Words, str]:
    """Return what a field of a fact is called, and its value to be read: choices in words, ids with names, moments."""
    field = field_types(type_name).get(name) if type_name in FACTS else None
    if field is None:
        return Words(name, ""), value
    return Words(field.zh, name), Markup("、").join(_value(field, one, names) for one in value.split("、"))


def _value(field: FieldType, value: str, names: Mapping[str, str]) -> str:
    if field.choices is not None:
        return field.choices.values.get(value, (value, ""))[0]
    if field.type in _MOMENTS:
        return moment(value)
    if field.type == "bool":
        return {"true": "是", "false": "否"}.get(value, value)
    return f"{names[value]} {value}" if value in names else value


def choice(of: str, value: object) -> Words:
    """Return what a value of a closed list of the vocabulary is called."""
    zh, en = enums()[of].values.get(str(value), (str(value), ""))
    return Words(zh, en)


def rule_path(district: str, rule: str) -> str:
    """Return the address of the page on a rule, in the pages of a district."""
    return f"/pages/{district}/rules/{quote(rule.partition('/')[2])}"


def case_path(district: str, case: object) -> str:
    """Return the address of a case's page; of an alert that of its own page."""
    kind, _, identity = str(case).partition("/")
    return f"/pages/{district}/alerts/{identity}" if kind == "alert" else f"/pages/{district}/cases/{kind}/{identity}"
