"""The second process of a rebuild: feeds its share of the views and says how many facts it took, a line a step.

Usage: python -m services.views.rebuilding_beside, with a share as one line of JSON on standard input. It ends when its
share has caught up, or nobody listens to it any more.
"""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from events.ledger.errors import LedgerError
from events.ledger.port import LedgerReader
from events.sqlite.reader import open_reader
from projections.databases.views_database import ViewsError
from projections.view_rows.findings_feed import FindingsFeed
from services.logs.logging import set_up_logging
from services.processes.collecting import collect_seldom
from services.recording.embedded import LEDGER_FILE
from services.stores.ledgers import open_database_reader
from services.stores.views_places import views_place, watch_if_any
from services.views.feeding import FeedingViews

DONE: Final = 0
LEFT_UNDONE: Final = 1


class Share(NamedTuple):
    """Which views a process feeds, and the folder or the database where ledger and views are."""

    folder: str
    database: str | None
    views: tuple[str, ...] = ()


_SHARE: Final = msgspec.json.Decoder(Share)


def line_of(share: Share) -> bytes:
    """Return a share as the line that the second process reads."""
    return msgspec.json.encode(share) + b"\n"


def main() -> int:
    """Feed the share; what is wrong with ledger or views is said by the other process, which does what is left."""
    # Whoever interrupts the command from a terminal reaches both: the other process ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_logging(sys.stderr, "error")
    share = _SHARE.decode(sys.stdin.buffer.readline())
    collect_seldom()
    try:
        feed(share)
    except (LedgerError, ViewsError, BrokenPipeError):
        return LEFT_UNDONE
    return DONE


def feed(share: Share) -> None:
    """Feed a share of the views until nothing is left; raise LedgerError or ViewsError when that cannot be done."""
    folder, database = Path(share.folder), share.database
    place = views_place(folder, database)
    with ExitStack() as opened:
        reader = closing(open_reader(folder / LEDGER_FILE)) if database is None else open_database_reader(database)
        ledger: LedgerReader = opened.enter_context(reader)
        rows = opened.enter_context(place.rows())
        watch = opened.enter_context(watch_if_any(place))
        feeding = FeedingViews(rows, ledger, None if watch is None else FindingsFeed(watch))
        with feeding.sharing(share.views):
            feeding.catch_up(_tell)


def _tell(facts: int) -> None:
    sys.stdout.write(f"{facts}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
