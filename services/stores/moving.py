"""Moving a district from the embedded ledger into a database: facts as sealed, answered requests, keys, and proof."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from events.keys import KeyFile
from events.ledger.errors import LedgerUnusableError, Reason
from events.postgres.copying import CopyTarget
from events.postgres.keys import PostgresKeys
from events.sqlite.ledger import WriterLock
from events.sqlite.reader import open_reader
from services.recording.embedded import KEYS_FILE, LEDGER_FILE
from services.stores.ledgers import open_database_reader

if TYPE_CHECKING:
    from events.sqlite.reader import SqliteReader

NOT_ALIKE: Final = "copy.not_alike"
NO_SUCH_DISTRICT: Final = "copy.no_such_district"
Progressed = Callable[[str, int, int], None]
"""Told a step, how many facts of it are done, and how many there are."""


class Moved(Struct, frozen=True):
    """What became of a district: facts there now, how many of them are new, keys taken along, the common root."""

    district: str
    facts: int
    copied: int
    keys: int
    root: str


def move_districts(folder: Path, database: str, only: list[str] | None, progressed: Progressed) -> list[Moved]:
    """Move districts, all of them when none is named, and verify each where it arrived; raise LedgerError.

    Nobody may record in the folder meanwhile, which is kept out. What was broken off goes on when it is asked again.
    """
    path = folder / LEDGER_FILE
    with ExitStack() as opened:
        source = opened.enter_context(closing(open_reader(path)))
        opened.callback(WriterLock(path).release)
        districts = source.districts()
        if not districts:
            raise _no_facts(folder)
        for district in only or ():
            if district not in districts:
                raise _no_such_district(folder, district)
        return [_moved(folder, source, database, district, progressed) for district in only or districts]


def _moved(folder: Path, source: SqliteReader, database: str, district: str, progressed: Progressed) -> Moved:
    head = source.head(district)
    with CopyTarget(database, source, district) as target:
        target.compared()
        # Keys come before facts, so that there is never one whose texts nobody can open.
        keys = _keys_taken(folder, database, district)
        copied = target.copy(source.requests(district), _counted(progressed, f"复制 copying {district}", head.sequence))
    with open_database_reader(database) as arrived:
        told = _counted(progressed, f"核验 verifying {district}", head.sequence)
        found = arrived.verify(district, (), told)
    if not found.ok or (found.facts, found.root, copied.root) != (head.sequence, head.root, head.root):
        raise _not_alike(district)
    return Moved(district, found.facts, copied.copied, keys, found.root.hex())


def _keys_taken(folder: Path, database: str, district: str) -> int:
    path = folder / KEYS_FILE
    if not path.exists():
        return 0
    with closing(KeyFile(path)) as file, closing(PostgresKeys(database)) as keys:
        every = file.all_of(district)
        for person, key, erased_by in every:
            keys.take_over(district, person, key, erased_by)
    return len(every)


def _counted(progressed: Progressed, step: str, total: int) -> Callable[[int], None]:
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        progressed(step, done, total)

    return told


def _no_such_district(folder: Path, district: str) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            NO_SUCH_DISTRICT,
            f"{folder} 的账册中没有 {district} 的事实，无可复制；请核对 --from 与 --district。",
            f"The ledger in {folder} has no facts of {district}, so there is nothing to copy; check --from and "
            "--district.",
        )
    )


def _no_facts(folder: Path) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            NO_SUCH_DISTRICT,
            f"{folder} 的账册中没有事实，无可复制；请核对 --from。",
            f"The ledger in {folder} has no facts, so there is nothing to copy; check --from.",
        )
    )


def _not_alike(district: str) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            NOT_ALIKE,
            f"{district} 复制后核验，树根与来源不同，目标不可使用；请勿切换到该数据库，检查两端后在空的数据库重做。",
            f"After copying, the root of {district} is not that of the source, so the target must not be used; stay "
            "with the source, check both sides, and begin anew in an empty database.",
        )
    )
