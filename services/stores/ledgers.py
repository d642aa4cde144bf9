"""Which ledger this process works with: the embedded one of the data folder, or the database that the settings name."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from events.keys import KeyFile
from events.ledger.errors import LedgerUnusableError
from events.personal import Keys
from events.sqlite.reader import open_reader
from services.recording.embedded import KEYS_FILE, LEDGER_FILE, open_embedded
from services.stores.views_places import views_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from events.ledger.port import Ledger
    from events.ledger.sealed_facts import SealedReader
    from events.postgres.faults import Awaiting
    from services.settings.service import Settings
    from services.stores.views_places import ViewsPlace


class ErasableKeys(Keys, Protocol):
    """Keys of persons that can be destroyed."""

    def erase(self, district: str, person: str, act: UUID) -> bool:
        """Destroy a person's key for good, naming the recorded act that ordered it; tell whether there was one."""
        ...


_ADDRESSES: Final = ("postgresql://", "postgres://")


def is_embedded(settings: Settings) -> bool:
    """Tell whether the ledger is a file of the data folder, with one process that writes it."""
    return settings.database is None


def is_new(settings: Settings) -> bool:
    """Tell whether nothing was ever recorded, so that there is no ledger yet; raise LedgerError when nobody can say."""
    if settings.database is None:
        return not (settings.data / LEDGER_FILE).exists()
    from events.postgres.faults import NO_LEDGER  # noqa: PLC0415  the driver is loaded where there is a database

    try:
        with open_database_reader(settings.database):
            return False
    except LedgerUnusableError as error:
        if error.code != NO_LEDGER:
            raise
        return True


@contextmanager
def open_ledger(settings: Settings, *, told_at_once: bool = False) -> Iterator[Ledger]:
    """Open the ledger for recording, or create it; raise LedgerError.

    The embedded one has one writer; of the database's there may be any number. `told_at_once` is for who begins again
    by itself: a database that is gone is not awaited while it is opened.
    """
    if settings.database is None:
        with open_embedded(settings) as embedded:
            yield embedded
        return
    from events.postgres.faults import TOLD_AT_ONCE  # noqa: PLC0415  as above
    from events.postgres.ledger import PostgresLedger  # noqa: PLC0415  as above

    new, opening = settings.hash_algorithm, TOLD_AT_ONCE if told_at_once else None
    with (
        open_keys(settings) as keys,
        PostgresLedger(
            settings.database, keys=keys, algorithm_if_new=new, awaiting=_awaiting(), opening=opening
        ) as ledger,
    ):
        yield ledger


@contextmanager
def open_ledger_reader(settings: Settings, *, impatient: bool = False) -> Iterator[SealedReader]:
    """Open the ledger for reading; raise LedgerError when there is none or it does not answer.

    `impatient` reads on behalf of somebody who waits: one that is gone is told at once, one that is lost later is
    awaited no longer than the settings say.
    """
    if settings.database is None:
        with closing(open_reader(settings.data / LEDGER_FILE)) as embedded:
            yield embedded
        return
    with open_database_reader(settings.database, settings.read_seconds if impatient else None) as reader:
        yield reader


@contextmanager
def open_database_reader(database: str, seconds: int | None = None) -> Iterator[SealedReader]:
    """Open the ledger of a database for reading; raise LedgerError when there is none or it does not answer.

    `seconds` is for who reads on behalf of somebody that waits: so long a database is awaited that is lost later on,
    and one that is gone already is told at once.
    """
    from events.postgres.faults import TOLD_AT_ONCE  # noqa: PLC0415  as above
    from events.postgres.reader import open_postgres_reader  # noqa: PLC0415  as above

    opening, reading = (_awaiting(), None) if seconds is None else (TOLD_AT_ONCE, _awaiting(seconds))
    with open_postgres_reader(database, awaiting=opening, reading=reading) as reader:
        yield reader


@contextmanager
def open_named_reader(settings: Settings, named: str | None) -> Iterator[tuple[SealedReader, Path]]:
    """Open a ledger that is named by its file, its folder or the address of a database; None: that of the settings.

    Give with it the folder that holds its checkpoints. Raise LedgerError.
    """
    if named is None:
        with open_ledger_reader(settings) as reader:
            yield reader, settings.data
    elif named.startswith(_ADDRESSES):
        with open_database_reader(named) as reader:
            yield reader, settings.data
    else:
        path = Path(named) / LEDGER_FILE if Path(named).is_dir() else Path(named)
        with closing(open_reader(path)) as file:
            yield file, path.parent


@contextmanager
def open_keys(settings: Settings, *, impatient: bool = False) -> Iterator[ErasableKeys]:
    """Open the keys of persons that belong to the ledger, or make a place for them; raise LedgerError."""
    if settings.database is None:
        with closing(KeyFile(settings.data / KEYS_FILE)) as file:
            yield file
        return
    from events.postgres.keys import PostgresKeys  # noqa: PLC0415  as above

    awaiting = _awaiting(settings.read_seconds if impatient else None)
    with closing(PostgresKeys(settings.database, awaiting=awaiting)) as keys:
        yield keys


@contextmanager
def open_kept_keys(settings: Settings) -> Iterator[Keys | None]:
    """Open the keys of persons, None where none were ever made; nothing is made."""
    if settings.database is None and not (settings.data / KEYS_FILE).exists():
        yield None
        return
    with open_keys(settings) as keys:
        yield keys


def key_destroyer(settings: Settings) -> Callable[[str, str, UUID], bool]:
    """Return what destroys a person's key for good; it raises LedgerError when that fails."""

    def destroy(district: str, person: str, act: UUID) -> bool:
        with open_keys(settings) as keys:
            return keys.erase(district, person, act)

    return destroy


def _awaiting(seconds: int | None = None) -> Awaiting:
    """Await a lost database as long as usual, or so many seconds in all, and say so in the log."""
    import structlog  # noqa: PLC0415  what waits for a database tells of it; the embedded ledger does without

    from events.postgres.faults import Awaiting  # noqa: PLC0415  as above

    log = structlog.get_logger()

    def told(reason: str) -> None:
        log.warning("database.awaited", reason=reason)

    if seconds is None:
        return Awaiting(told=told)
    # Half of it for the tries that fail, half for the last one.
    return Awaiting(seconds / 2, told, seconds / 2)


def place_of_views(settings: Settings, *, impatient: bool = False) -> ViewsPlace:
    """Return where the watch and the rows of the views are kept: beside the ledger, whichever it is."""
    return views_place(settings.data, settings.database, settings.read_seconds if impatient else None)
