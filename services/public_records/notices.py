"""What a row of notices.jsonl says happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from services.public_records.rows import Row, Statement, identity_of, known, needed, text_of


def notice_facts(row: Row, dates: Mapping[str, str], key: str) -> Iterator[Statement]:
    """Say what was announced, asked or criticised; a kind that the vocabulary has no fact for says nothing."""
    given_on = dates.get("date_notice") or dates.get("date_published") or dates.get("period_start")
    match needed(row, "kind"):
        case "meeting_notice":
            yield from _meeting(row, dates, key, given_on)
        case "public_consultation":
            yield from _consultation(row, dates, key, given_on)
        case "proposal_handling":
            yield from _proposals(row, dates, key, given_on)
        case "open_day_notice":
            yield from _open_day(row, dates, key, given_on)
        case "interdepartmental_opinion":
            yield from _opinion(row, dates, key, given_on)
        case "report_request":
            yield from _report(row, dates, key, given_on)
        case "supervision_notice":
            yield from _criticised(row, key, given_on or dates.get("date_meeting"))
        case _:
            return


def units_of(text: str) -> list[str]:
    """Return the units that a text lists, without what it says of them in brackets."""
    plain = re.sub(r"[（(][^（()）]*[)）]", "", text)
    return [identity_of(name) for name in re.split(r"[、,，;；\s]+", plain) if name]


def _issuer(row: Row) -> str:
    return identity_of(needed(row, "issuer"))


def _meeting(row: Row, dates: Mapping[str, str], key: str, given_on: str | None) -> Iterator[Statement]:
    if given_on and (starts_at := dates.get("date_meeting")):
        title = needed(row, "title_short")
        kind = "executive" if "政府" in title and "常务会议" in title else "other"
        planned = {"kind": kind, "title": title, "starts_at": starts_at, "host": _issuer(row), "mode": "in_person"}
        yield Statement("meeting.planned.v1", ("meeting", f"pub-{key}"), given_on, _issuer(row), planned)


def _consultation(row: Row, dates: Mapping[str, str], key: str, given_on: str | None) -> Iterator[Statement]:
    if opened := dates.get("period_start") or given_on:
        asked = known(kind="public_consultation", about=f"document/pub-{key}", reply_by=dates.get("reply_deadline"))
        yield Statement("review.requested.v1", ("review", f"pub-{key}"), opened, _issuer(row), asked)


def _proposals(row: Row, dates: Mapping[str, str], key: str, given_on: str | None) -> Iterator[Statement]:
    if handed_out := given_on or dates.get("date_meeting"):
        registered = known(
            kind="congress_suggestion", title=needed(row, "title_short"), statutory_due=dates.get("reply_deadline")
        )
        yield Statement("concern.registered.v1", ("concern", f"pub-{key}"), handed_out, _issuer(row), registered)


def _open_day(row: Row, dates: Mapping[str, str], key: str, given_on: str | None) -> Iterator[Statement]:
    if given_on and (day := dates.get("date_meeting")):
        planned = {
            "kind": "open_day",
            "title": needed(row, "title_short"),
            "host": _issuer(row),
            "from": day,
            "until": day,
        }
        yield Statement("visit.planned.v1", ("visit", f"pub-{key}"), given_on, _issuer(row), planned)


def _opinion(row: Row, dates: Mapping[str, str], key: str, given_on: str | None) -> Iterator[Statement]:
    units = units_of(text_of(row, "overdue_units") or "")
    if given_on and units:
        asked = known(
            kind="opinion",
            about=f"document/pub-{key}",
            sponsor=_issuer(row),
            departments=units,
            form="written",
            reply_by=dates.get("reply_deadline"),
        )
        yield Statement("countersign.requested.v1", ("countersign", f"pub-{key}"), given_on, _issuer(row), asked)


def _report(row: Row, dates: Mapping[str, str], key: str, given_on: str | None) -> Iterator[Statement]:
    units = units_of(text_of(row, "overdue_units") or "")
    if given_on and units:
        issued = known(
            kind="assignment", content=needed(row, "title_short"), units=units, due=dates.get("reply_deadline")
        )
        yield Statement("instruction.issued.v1", ("task", f"pub-{key}"), given_on, _issuer(row), issued)


def _criticised(row: Row, key: str, given_on: str | None) -> Iterator[Statement]:
    if given_on:
        kind = "bulletin" if "通报" in needed(row, "title_short") else "supervision_notice"
        for unit in units_of(text_of(row, "overdue_units") or ""):
            reminded = {"kind": kind, "unit": unit}
            yield Statement("instruction.reminded.v1", ("task", f"pub-{key}"), given_on, _issuer(row), reminded)
