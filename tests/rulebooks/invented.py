"""An invented district with a rulebook of four articles, and its text."""

from __future__ import annotations

from pathlib import Path

COVER = """
rulebook: ninghai/2025
title: 宁海区人民政府工作规则
title_en: Work rules of the Ninghai government
document: 宁政发〔2025〕1号
in_force: {from: 2025-01-01, until: null}
text: {articles: 4}
bodies:
  executive: {zh: 常务会议组成人员, en: members of the executive meeting, roles: [district_head, deputy_head]}
terms:
  head:
    zh: 区长
    en: the district head
    when: [{person: who, holds: [district_head]}]
"""
CHAPTER = """
1:
  - {at: {paragraph: 1}, as: principle, why: 依据}
2:
  - id: ninghai/2.1-reply
    at: {paragraph: 1, sentences: [1]}
    zh: 征求意见一般应在5个工作日内回复
    en: Departments generally answer within five working days
    modality: generally
    kind: deadline
    opens: countersign.requested
    per: trigger.departments
    due: {within: {n: 5, unit: working_day}}
    closes: [{fact: countersign.replied, where: [{path: it.department, same_as: party}]}]
    see: [ninghai/4.1-signer]
  - {at: {paragraph: 1, sentences: [2]}, as: attested, why: 由主办部门说明}
3:
  - {at: {paragraph: 1, sentences: [1]}, as: definition, why: 会议组成}
  - {at: {paragraph: 1, items: [1, 2]}, as: principle, why: 任务}
  - {at: {paragraph: 2}, as: principle, why: 文风}
4:
  - id: ninghai/4.1-signer
    at: {paragraph: 1}
    zh: 区政府公文由区长签发
    en: Government documents are signed by the head
    modality: must
    kind: authority
    on: document.signed
    who: trigger.actor.person
    may: [{is: head}]
"""
ASKED = """
      - countersign.requested: countersign/cs-1
        on: 2025-06-03
        data: {kind: opinion, about: matter/m-1, sponsor: u-office, departments: [u-housing, u-land], form: online}
"""
CASES = """
ninghai/2.1-reply:
  - name: 第五个工作日回复
    expect: satisfied
    boundary: true
    until: 2025-06-30
    facts: ASKED
      - {countersign.replied: countersign/cs-1, on: 2025-06-04, data: {department: u-land, stance: agree}}
      - {countersign.replied: countersign/cs-1, on: 2025-06-10, data: {department: u-housing, stance: agree}}
  - name: 第六个工作日才回复
    expect: violated
    boundary: true
    until: 2025-06-30
    facts: ASKED
      - {countersign.replied: countersign/cs-1, on: 2025-06-04, data: {department: u-land, stance: agree}}
      - {countersign.replied: countersign/cs-1, on: 2025-06-11, data: {department: u-housing, stance: agree}}
ninghai/4.1-signer:
  - name: 区长签发
    expect: satisfied
    roster: standard
    facts:
      - {document.signed: document/d-1, on: 2025-06-03, by: {person: p-head}, data: {level: district_head, version: v1}}
  - name: 副区长签发
    expect: violated
    roster: standard
    facts:
      - {document.signed: document/d-1, on: 2025-06-03, by: {person: p-dep}, data: {level: district_head, version: v1}}
""".replace("ASKED", ASKED.rstrip())
ROSTER = """
rosters:
  standard:
    - {roster.unit_established: unit/u-gov, on: 2025-01-02, data: {name: 区人民政府, kind: government}}
    - {roster.post_established: post/head, on: 2025-01-02, data: {title: 区长, unit: u-gov, role: district_head}}
    - {roster.post_established: post/deputy, on: 2025-01-02, data: {title: 副区长, unit: u-gov, role: deputy_head}}
    - roster.person_appointed: post/head
      on: 2025-01-02
      data: {person: p-head, held_as: substantive, from: 2025-01-02}
    - roster.person_appointed: post/deputy
      on: 2025-01-02
      data: {person: p-dep, held_as: substantive, from: 2025-01-02}
"""
TEXT = """
宁海区人民政府工作规则
第一章 总 则
第一条 根据有关法律，制定本规则。
第二条 征求意见一般应在 5 个工作日内回复；逾期视为无不同意见。特殊情况由主办部门说明。
第二章 会 议
第三条 常务会议由区长、副区长组成，任务是：
（一）传达上级精神；
（二）讨论重要事项。
会议要开短会。
第四条 区政府公文由区长签发。
抄送：区委办公室。
"""


def write(folder: Path, cover: str = COVER, chapter: str = CHAPTER, cases: str = CASES) -> Path:
    """Write the rulebook below a folder and return where it stands."""
    home = folder / "ninghai" / "2025"
    home.mkdir(parents=True)
    (home / "rulebook.yaml").write_text(cover, encoding="utf-8")
    (home / "1-general.yaml").write_text(chapter, encoding="utf-8")
    (home / "1-general.cases.yaml").write_text(cases, encoding="utf-8")
    (home / "rulebook.cases.yaml").write_text(ROSTER, encoding="utf-8")
    return home
