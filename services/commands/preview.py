"""taizhang preview: what facts would set in motion and break, before they are recorded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from events.errors import FactError
from events.ledger.errors import LedgerError
from events.parsing import Defaults, History
from projections.databases.views_database import ViewsError
from projections.effects import Effect
from services.arguments import district_code
from services.commands.clock import now
from services.commands.preview_tables import print_preview
from services.exit_codes import FINE, FOUND_WRONG, NOT_DONE, of_fault
from services.file_faults import NOT_READ, file_fault
from services.history_lines import lines_of
from services.previews.opening import open_previews
from services.recording.embedded import local_principal
from services.recording.histories import CountedLines, other_district
from services.recording.preview import Preview
from services.recording.request import Request
from services.settings.service import SettingError, current_settings

if TYPE_CHECKING:
    import argparse

    from events.fact import AnyFact


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A preview as it is printed for programs; `lines` are the lines of the facts, by their place."""

    file: str
    lines: tuple[int, ...]
    preview: Preview[Effect]


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "file", metavar="FILE.jsonl", help="拟录入的事实，每行一个，整份同时录入 / facts, one a line, recorded together"
    )
    parser.add_argument("--district", type=district_code, metavar="D", help="区县 / district, such as xinzhou")
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Preview the facts of a file as one form; nothing is recorded."""
    try:
        lines, facts = read_form(Path(args.file), args.district)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_READ, args.file)}\n")
        return NOT_DONE
    except FactError as error:
        sys.stderr.write(f"{args.file}: {error}\n")
        return NOT_DONE
    principal = local_principal(None if args.district is None else frozenset({args.district}))
    try:
        with open_previews(current_settings(), now) as preview:
            found = preview(Request(facts=facts, principal=principal))
    except (LedgerError, SettingError, ViewsError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    if args.json:
        shown = Shown(file=args.file, lines=lines, preview=found)
        sys.stdout.write(f"{msgspec.json.encode(shown).decode()}\n")
    else:
        print_preview(args.file, lines, found)
    if found.problems:
        return NOT_DONE
    return FOUND_WRONG if any(one.what == "broken" for one in found.changes) else FINE


def read_form(path: Path, district: str | None) -> tuple[tuple[int, ...], tuple[AnyFact, ...]]:
    """Return the facts of a file and the line of each; raise FactError for the first line that cannot be read."""
    with path.open("rb") as file:
        numbered = CountedLines(lines_of(file))
        history = History(numbered, Defaults(district=district))
        mismatch = other_district(history.settings.district, district)
        if mismatch is not None:
            raise mismatch
        facts: list[AnyFact] = []
        lines: list[int] = []
        for fact in history:
            facts.append(fact)
            lines.append(numbered.read)
    return tuple(lines), tuple(facts)
