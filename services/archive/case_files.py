"""The files of one archived case: its metadata, its content for people, its process history as stored and sealed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
from msgspec import Struct, field

from events.document import DocumentDrafted
from events.document_issue import DocumentIssued, DocumentSigned, Retention
from events.fact import case_key
from events.personal import acts_of_erasure, personal_fields
from events.vocabulary import case_label, enum_label, opens
from services.archive.closed_cases import NOT_DETERMINED
from services.evidence.telling import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.fact import AnyFact
    from events.ledger.sealed_facts import SealedFact
    from services.archive.closed_cases import ClosedCase, Year

__all__ = ["Counted", "Retention", "written_case"]

CASES: Final = "cases"
_READABLE: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_CLASSES: Final = ("public", "internal", "work_secret", "business_secret", "state_secret")
_UNDETERMINED: Final = ("未定", "not determined")


class Counted(Struct, kw_only=True):
    """What the four tests count while the cases go by; the lists name facts by sequence or cases."""

    facts: int = 0
    originals: int = 0
    sealed: int = 0
    erased: int = 0
    without_source: list[str] = field(default_factory=list)
    with_gaps: list[str] = field(default_factory=list)
    without_opening: list[str] = field(default_factory=list)
    state_secrets: list[str] = field(default_factory=list)


def written_case(
    folder: Path, year: Year, closed: ClosedCase, facts: Sequence[tuple[AnyFact, SealedFact]], counted: Counted
) -> None:
    """Write a case into the folder of its retention class, and count it; `facts` are its own and their corrections."""
    place = folder / CASES / closed.retention / closed.case
    place.mkdir(parents=True)
    _count(closed, facts, counted)
    content = [_content(fact, year) for fact, _ in facts]
    lines = (f"{one.sequence} {one.version} {one.leaf.hex()}\n" for _, one in facts)
    files = {
        "content.json": orjson.dumps(content, option=_READABLE),
        "process.jsonl": b"".join(sealed.payload + b"\n" for _, sealed in facts),
        "hashes.txt": "".join(lines).encode(),
    }
    for name, written in files.items():
        (place / name).write_bytes(written)
    metadata = _metadata(year, closed, facts) | {"计算机文件 files": [_described(*one) for one in files.items()]}
    (place / "metadata.json").write_bytes(orjson.dumps(metadata, option=_READABLE))


def _metadata(year: Year, closed: ClosedCase, facts: Sequence[tuple[AnyFact, SealedFact]]) -> dict[str, Any]:
    """Return what the archives register a case by, each with its Chinese name as GB/T 18894 and DA/T 46 have it.

    What was struck out registers nothing, unless nothing else is there; of secrecy the highest class stated counts.
    """
    every = [fact for fact, _ in facts if case_key(fact.subject) == closed.case]
    own = [fact for fact in every if fact.id not in year.struck] or every
    kind = closed.case.partition("/")[0]
    retention = _UNDETERMINED if closed.retention == NOT_DETERMINED else enum_label("retention", closed.retention)
    classification = max((fact.classification for fact in every), key=_CLASSES.index)
    return {
        "聚合层次 aggregation": "案卷",
        "电子文件号 record id": f"{every[0].district}/{closed.case}",
        "案卷 case": closed.case,
        "类别 kind": case_label(kind)[0],
        "题名 title": _title(own),
        "责任者 responsible": sorted({str(fact.actor.unit) for fact in own if isinstance(fact.actor.unit, str)}),
        "年度 year": year.year,
        "保管期限 retention": {"value": closed.retention, "zh": retention[0], "en": retention[1]},
        "档号 archive number": closed.archive_no,
        "密级 classification": enum_label("classification", classification)[0],
        "起始日期 first day": min(fact.occurred_at.day for fact in own).isoformat(),
        "办结日期 closed on": closed.closed_on,
        "办结事实 closed by fact": closed.closed_by,
        "事实数 facts": len(facts),
        "录入来源 origins": sorted({enum_label("origin", fact.origin)[0] for fact in own}),
        "原件 originals": [
            {"name": fact.source.name, "sha256": fact.source.sha256, "fact": fact.sequence}
            for fact in own
            if fact.source and isinstance(fact.source.sha256, str)
        ],
        **_of_document(own),
    }


def _of_document(own: Sequence[AnyFact]) -> dict[str, Any]:
    """Return what is registered of a document besides: number, kind, issuers, addressees, signers, dates; as last said.

    What no fact states is null: the archives complete it from the original.
    """
    drafted = next((fact.data for fact in reversed(own) if isinstance(fact.data, DocumentDrafted)), None)
    issued = next((fact.data for fact in reversed(own) if isinstance(fact.data, DocumentIssued)), None)
    if drafted is None and issued is None:
        return {}
    signers = [fact.actor.person for fact in own if isinstance(fact.data, DocumentSigned)]
    return {
        "文件编号 document number": None if issued is None else issued.number,
        "文种 document kind": None if drafted is None else enum_label("document_kind", drafted.kind)[0],
        "发文机关 issuers": [] if drafted is None else list(drafted.issuers),
        "主送 addressees": list((drafted and drafted.addressees) or ()),
        "签发人 signed by": [one for one in signers if isinstance(one, str)],
        "成文日期 dated": None if issued is None else issued.dated.isoformat(),
        "印发日期 printed on": None if issued is None else issued.printed_on.isoformat(),
    }


def _described(name: str, written: bytes) -> dict[str, Any]:
    """Return a file's name, format, size in bytes and hash."""
    form = {".json": "JSON，UTF-8", ".jsonl": "JSON，每行一个事实，UTF-8"}.get(Path(name).suffix, "纯文本，UTF-8")
    return {"name": name, "format": form, "bytes": len(written), "sha256": hashlib.sha256(written).hexdigest()}


def _title(own: Sequence[AnyFact]) -> str | None:
    """Return the title that a fact of the case states, the latest one."""
    titles = [str(fact.data.title) for fact in own if isinstance(getattr(fact.data, "title", None), str)]  # type: ignore[attr-defined]  # some types have it
    return titles[-1] if titles else None


def _content(fact: AnyFact, year: Year) -> dict[str, Any]:
    row = told(fact)
    return {
        "序号": row.sequence,
        "事实": row.zh,
        "发生时间": row.occurred,
        "入账时间": row.recorded,
        "行为人": list(row.actors),
        "内容": dict(row.says),
        "已更正或作废": fact.id in year.struck,
    }


def _count(closed: ClosedCase, facts: Sequence[tuple[AnyFact, SealedFact]], counted: Counted) -> None:
    counted.facts += len(facts)
    own = [(fact, sealed) for fact, sealed in facts if case_key(fact.subject) == closed.case]
    if [sealed.version for _, sealed in own] != list(range(1, len(own) + 1)):
        counted.with_gaps.append(closed.case)
    if not any(opens(fact.type) for fact, _ in own):
        counted.without_opening.append(closed.case)
    counted.erased += len(acts_of_erasure(fact for fact, _ in own))
    for fact, _ in own:
        if fact.source and isinstance(fact.source.sha256, str):
            counted.originals += 1
        if fact.origin == "imported" and not fact.source:
            counted.without_source.append(str(fact.sequence))
        if any(isinstance(getattr(fact.data, name), str) for name in personal_fields(type(fact.data))):
            counted.sealed += 1
        if fact.classification == "state_secret":
            counted.state_secrets.append(str(fact.sequence))
