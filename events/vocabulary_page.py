"""The vocabulary as a page for people, Chinese first, English beside; written from the classes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from events.cases import CASE_KINDS
from events.describing import examples
from events.field_types import FieldType
from events.vocabulary import FACTS, enums, envelope_types, field_types, label

_HEAD: Final = """\
# 事实词汇表 · The vocabulary of facts

本页由 `events/` 中的类生成，请勿手改。This page is written from the classes in `events/`; do not edit it.

一条事实说明发生了什么、由谁、关于什么、在何时；从不说明是否合规。
A fact says what happened, by whom, about what and when; never whether it was right.

选填字段不填表示不知道；填 `null` 或空列表表示确知没有。
An optional field left out is not known; `null` or an empty list says that there is none.

| 类型 type | 写法 how it is written |
|---|---|
| `string` | 文本，不得空白，最多一万字 · text, not blank, 10,000 characters at most |
| `int` · `bool` | 整数 · 是否 · integer · true or false |
| `decimal` | 写在引号中的十进制数 · a decimal number in quotes: `"2600.50"` |
| `date` | 日期 · a date: `2026-10-09` |
| `datetime` | 带时区的时间 · a date-time with offset: `2026-10-09T09:00:00+08:00` |
| `moment` | 只知日期时写日期，否则写时间 · a date when only the day is known, else a date-time with offset |
| `person` · `post` · `unit` | 人员、岗位、单位的编号 · the id of a person, post or unit |
| `ref:KIND` | 引用案卷 · a reference to a case, `kind/id`: `matter/m-14` |
| `enum:NAME` | 见[取值表](#enums) · see the [lists of values](#enums) |
| `list:TYPE` | 列表；必填的至少一项 · a list; a required one has at least one entry |
| `object` | 对象，字段缩进列出 · an object, its fields listed below it |
"""


def vocabulary_page() -> str:
    """Return the page `deploy/vocabulary.md` as Markdown."""
    return "\n".join((_HEAD, *_envelope(), *_cases(), *_facts(), *_enums()))


def _envelope() -> Iterator[str]:
    yield "## 信封 · The envelope\n"
    yield from _table(envelope_types())


def _cases() -> Iterator[str]:
    yield "## 案卷种类 · Case kinds\n"
    yield "| 种类 kind | 中文 | English |\n|---|---|---|"
    yield from (f"| `{kind}` | {zh} | {en} |" for kind, (zh, en) in CASE_KINDS.items())
    yield ""


def _facts() -> Iterator[str]:
    yield "## 事实 · The facts\n"
    example = examples()
    for area, types in groupby(FACTS, key=lambda type_: type_.partition(".")[0]):
        yield f"### {area}\n"
        for type_ in types:
            fact = FACTS[type_].TYPE
            zh, en = label(type_)
            subject = f"`{fact.subject}`（{CASE_KINDS[fact.subject][0]}）"
            yield f"#### `{type_}` {zh}\n"
            yield f"{en}\n"
            yield f"案卷 case: {subject}{'，可开启案卷 opens it' if fact.opens else ''}\n"
            yield from _table(field_types(type_))
            yield f"```json\n{json.dumps(example[type_], ensure_ascii=False)}\n```\n"


def _table(fields: Mapping[str, FieldType]) -> Iterator[str]:
    if not fields:
        return
    yield "| 字段 field | 类型 type | 必填 required | 中文 | English |\n|---|---|---|---|---|"
    yield from _rows(fields, "")
    yield ""


def _rows(fields: Mapping[str, FieldType], path: str) -> Iterator[str]:
    for name, field in fields.items():
        kind = (f"list:{field.type}" if field.is_list else field.type).replace("|", "\\|")
        notes = "，加密存放 stored encrypted" if field.personal else ""
        notes += "，账册补填 filled in by the ledger" if field.given_by == "ledger" else ""
        required = "是 yes" if field.required else "否 no"
        yield f"| `{path}{name}` | `{kind}` | {required}{notes} | {field.zh} | {field.en} |"
        if field.fields:
            yield from _rows(field.fields, f"{path}{name}.")


def _enums() -> Iterator[str]:
    yield '<a id="enums"></a>\n\n## 取值 · Lists of values\n'
    for name, one in enums().items():
        yield f"### `{name}` {one.zh} · {one.en}\n"
        yield "| 值 value | 中文 | English |\n|---|---|---|"
        yield from (f"| `{value}` | {zh} | {en} |" for value, (zh, en) in one.values.items())
        yield ""
