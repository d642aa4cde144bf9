"""The sheets that people fill in: one a type of fact, one a kind of public record, each with its columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from events.field_types import FieldType
from events.vocabulary import FACTS, envelope_types, field_types, label, opens
from services.public_records.rows import FileKind
from services.workbooks.public_forms import PUBLIC_FORMS

GUIDE: Final = "说明"
"""The sheet that explains; it also names the district of the workbook."""
LISTS: Final = "取值"
"""The hidden sheet that holds the values of the drop-down lists."""

COMMON: Final[Mapping[str, str]] = MappingProxyType(
    {
        "matter.proposed.v1": "议题提出",
        "matter.papers_submitted.v1": "议题材料提交",
        "countersign.requested.v1": "征求意见会签",
        "countersign.received.v1": "会签件收到",
        "countersign.extension_agreed.v1": "会签同意延期",
        "countersign.replied.v1": "会签回复",
        "document.received.v1": "收文登记",
        "document.drafted.v1": "公文起草",
        "document.reviewed.v1": "公文核稿审核",
        "document.signed.v1": "公文签发",
        "document.issued.v1": "公文编号印发",
        "meeting.planned.v1": "会议拟定",
        "meeting.notice_sent.v1": "会议通知发出",
        "meeting.opened.v1": "会议开始",
        "meeting.attendance_recorded.v1": "到会登记",
        "meeting.item_opened.v1": "议题开始审议",
        "meeting.decision_made.v1": "议定事项",
        "meeting.closed.v1": "会议结束",
        "minutes.drafted.v1": "纪要起草",
        "minutes.signed.v1": "纪要签发",
        "minutes.issued.v1": "纪要印发",
        "instruction.issued.v1": "批示交办",
        "instruction.progress_reported.v1": "进展反馈",
        "instruction.extension_granted.v1": "交办同意延期",
        "instruction.completed.v1": "交办办结",
        "absence.registered.v1": "外出登记",
        "absence.requested.v1": "请假",
        "absence.approved.v1": "准假",
        "absence.departed.v1": "外出离开",
        "absence.returned.v1": "外出返回",
    }
)
"""The commonest types of fact in the order of a case's life, with the titles of their sheets in the template."""

_LEADING: Final = ("subject.id", "occurred_at", "actor.unit", "actor.person", "actor.post")
_TRAILING: Final = ("on_behalf_of", "under", "source.kind", "source.name", "classification", "district")
_ZH: Final = MappingProxyType({"actor.unit": "行为单位", "actor.person": "行为人", "actor.post": "行为岗位"})
_NEEDED: Final = frozenset({"subject.id", "occurred_at"})


class Column(Struct, frozen=True, kw_only=True):
    """A column of a sheet: the path of its field in a fact or a public record, and how it is headed."""

    path: str
    zh: str
    en: str
    field: FieldType
    required: bool

    @property
    def name(self) -> str:
        """The name of the field as the second heading row has it."""
        return self.path.removeprefix("data.")


class Form(Struct, frozen=True, kw_only=True):
    """A sheet: `type` is that of its facts, or `public` the kind of its public records."""

    title: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    type: str | None = None
    public: FileKind | None = None
    rank: int = 0


@cache
def forms() -> Mapping[str, Form]:
    """Return every sheet that can be read, by each name that its title may have; see `simplified`."""
    found: dict[str, Form] = {}
    for form in (*template_forms(), *_rare_forms()):
        for name in _names(form):
            found.setdefault(simplified(name), form)
    return MappingProxyType(found)


@cache
def template_forms() -> tuple[Form, ...]:
    """Return the sheets of the template: the commonest facts, then the public records."""
    facts = [_fact_form(type_, title, rank) for rank, (type_, title) in enumerate(COMMON.items())]
    return (*facts, *_public_forms())


def simplified(heading: str) -> str:
    """Return a heading or title as it is compared: without width, case, spaces and the mark of required columns."""
    return "".join(unicodedata.normalize("NFKC", heading).lower().split()).rstrip("*")


def _rare_forms() -> Iterator[Form]:
    for rank, type_ in enumerate(FACTS, len(COMMON)):
        if type_ not in COMMON:
            yield _fact_form(type_, label(type_)[0], rank)


def _names(form: Form) -> Iterator[str]:
    yield form.title
    if form.type is not None:
        yield from (form.type, form.type.rpartition(".v")[0], form.zh)
    elif form.public is not None:
        yield form.public


def _fact_form(type_: str, title: str, rank: int) -> Form:
    zh, en = label(type_)
    columns = (*_envelope(_LEADING), *_data(type_), *_envelope(_TRAILING))
    return Form(title=title, zh=zh, en=en, columns=_distinct(columns), type=type_, rank=rank - 1_000 * opens(type_))


def _envelope(paths: tuple[str, ...]) -> Iterator[Column]:
    for path in paths:
        outer, _, inner = path.partition(".")
        field = envelope_types()[outer]
        if inner and field.fields is not None:
            field = field.fields[inner]
        yield Column(path=path, zh=_ZH.get(path, field.zh), en=field.en, field=field, required=path in _NEEDED)


def _data(type_: str) -> Iterator[Column]:
    fields = sorted(field_types(type_).values(), key=lambda field: not field.required)
    for field in fields:
        yield Column(path=f"data.{field.name}", zh=field.zh, en=field.en, field=field, required=field.required)


def _distinct(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Tell columns with the same Chinese heading apart by their names."""
    headings = [simplified(column.zh) for column in columns]
    return tuple(
        column
        if headings.count(heading) == 1
        else Column(
            path=column.path,
            zh=f"{column.zh}（{column.name}）",
            en=column.en,
            field=column.field,
            required=column.required,
        )
        for column, heading in zip(columns, headings, strict=True)
    )


def _public_forms() -> Iterator[Form]:
    for rank, (kind, (title, en, columns)) in enumerate(PUBLIC_FORMS.items(), 10_000):
        own = tuple(
            Column(path=field.name, zh=field.zh, en=field.en, field=field, required=field.required) for field in columns
        )
        yield Form(title=title, zh=title, en=en, columns=own, public=kind, rank=rank)
