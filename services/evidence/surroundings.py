"""What facts are judged by, as files of a package: rulebooks, calendars, house settings, the vocabulary."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import orjson
from msgspec import Struct

from events.describing import vocabulary_as_json
from projections.policy.policy import SHIPPED, hash_of
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.loading import RULEBOOK_FILE, chapter_files, folders_of
from rulebooks.source import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

VOCABULARY: Final = "vocabulary.json"
CALENDAR: Final = "calendars/national.json"
_READABLE: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


class Surroundings(Struct, frozen=True, kw_only=True):
    """Files by name; for each rulebook the names of its files in the order in which they are hashed."""

    files: dict[str, bytes]
    rulebooks: tuple[RulebookFiles, ...]
    policies: tuple[str, ...]


class RulebookFiles(Struct, frozen=True, kw_only=True):
    """One version of a rulebook and the names of its files; `sha256` is the hash that alerts state."""

    rulebook: str
    title: str
    document: str
    sha256: str
    files: tuple[str, ...]


def surroundings(district: str, cited: Iterable[str], policy_text: Callable[[str], bytes | None]) -> Surroundings:
    """Return what a district is judged by; `cited` are the hashes of house settings that alerts or adoptions name.

    Settings whose text is lost are left out.
    """
    files: dict[str, bytes] = {VOCABULARY: orjson.dumps(vocabulary_as_json(), option=_READABLE)}
    files[CALENDAR] = orjson.dumps(_calendar(), option=_READABLE)
    rulebooks = tuple(_rulebook(folder, files) for folder in folders_of(district))
    policies = {hash_of(shipped): shipped for shipped in (SHIPPED.read_bytes(),)}
    for sha256 in cited:
        text = policies.get(sha256) or policy_text(sha256)
        if text is not None:
            policies[sha256] = text
    named = {f"policies/{sha256}.yaml": text for sha256, text in sorted(policies.items())}
    return Surroundings(files=files | named, rulebooks=rulebooks, policies=tuple(named))


def _rulebook(folder: Path, files: dict[str, bytes]) -> RulebookFiles:
    """Take in the files of one version, hashed as they are when it is loaded to judge."""
    name = f"{folder.parent.name}/{folder.name}"
    head = read_file(folder / RULEBOOK_FILE, f"{name}/{RULEBOOK_FILE}")
    digest = hashlib.sha256()
    names = []
    for path in (folder / RULEBOOK_FILE, *chapter_files(folder)):
        content = path.read_bytes()
        digest.update(content if path.name == RULEBOOK_FILE else path.name.encode() + b"\0" + content)
        names.append(f"rulebooks/{name}/{path.name}")
        files[names[-1]] = content
    return RulebookFiles(
        rulebook=name,
        title=str(head["title"]),
        document=str(head["document"]),
        sha256=digest.hexdigest(),
        files=tuple(names),
    )


def _calendar() -> dict[str, Any]:
    """Return every day on which the published calendar differs from the week: true is a working day."""
    calendar = national_calendar()
    return {
        "source": "国务院办公厅放假安排 holiday notices of the General Office of the State Council",
        "known_through": calendar.known_through.isoformat(),
        "sha256": calendar.sha256,
        "days": {day.isoformat(): working for day, working in sorted(calendar.decided_days().items())},
    }
