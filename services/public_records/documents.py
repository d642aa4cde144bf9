"""What a row of documents.jsonl says happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from services.public_records.meetings import CHANNELS
from services.public_records.rows import Row, Statement, identity_of, known, needed, text_of

_MEETING_KINDS: Final = {"常务会": "executive", "全体会": "plenary"}


def document_facts(row: Row, dates: Mapping[str, str], key: str) -> Iterator[Statement]:
    """Say when a document was adopted, signed, issued, published and came into force, each on its own date."""
    issuer = needed(row, "issuer")
    unit = identity_of(issuer)
    document = ("document", f"pub-{key}")
    reference = "/".join(document)
    if adopted := dates.get("date_adopted"):
        meeting = ("meeting", f"pub-{key}-adopting")
        title = text_of(row, "adopted_meeting") or ""
        for name, kind in _MEETING_KINDS.items():
            if name in title:
                planned = {"kind": kind, "title": title, "starts_at": adopted, "host": unit, "mode": "in_person"}
                yield Statement("meeting.planned.v1", meeting, adopted, unit, planned)
        decided = known(
            item=1,
            matter=f"matter/pub-{key}",
            decision="1",
            outcome="adopted",
            text=text_of(row, "title_short"),
            document=reference,
        )
        yield Statement("meeting.decision_made.v1", meeting, adopted, unit, decided)
    signed = dates.get("date_signed")
    if signed:
        level = "government_office" if "办公室" in issuer else "government"
        yield Statement("document.signed.v1", document, signed, unit, {"level": level})
    number, printed = text_of(row, "number"), dates.get("date_issued")
    if number and signed and printed:
        issued = {"number": number, "dated": signed[:10], "printed_on": printed[:10], "channel": "paper"}
        yield Statement("document.issued.v1", document, printed, unit, issued)
    published = dates.get("date_published")
    channel = CHANNELS.get(text_of(row, "source_kind") or "")
    if published and channel:
        yield Statement("document.published.v1", document, published, unit, {"channels": [channel]})
    effective = dates.get("date_effective")
    set_on = signed or printed or published
    if effective and set_on:
        in_force = known(effective_on=effective[:10], until=dates.get("valid_until"))
        yield Statement("document.effective_date_set.v1", document, set_on, unit, in_force)
