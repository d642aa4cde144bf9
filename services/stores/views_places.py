"""Where what is saved of the watch and the rows of the views are kept: files of the data folder, or PostgreSQL."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from projections.databases.views_database import ViewsMissingError
from projections.databases.views_file import SMALL_CACHE, ViewsFile
from projections.view_rows.history import LAYOUT as HISTORY
from projections.view_rows.history import ViewHistory
from projections.view_rows.rows import LAYOUT, ViewRows
from services.judging_program import edition_of, judging_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.databases.views_database import ViewsDatabase

VIEWS_FILE: Final = "views.sqlite"
"""What is saved of the watch."""
VIEW_ROWS_FILE: Final = "view-rows.sqlite"
"""The rows of the views, apart from the watch, so that neither waits for the other."""


VIEW_HISTORY_FILE: Final = "view-history.sqlite"
"""The rows of the views over time, apart from those that answer, so that these do not become slower."""


class ViewsPlace(Protocol):
    """Opens connections, each for one thread at a time; the caller closes them. Raises ViewsError."""

    def watch(self, *, writable: bool = True) -> ViewsDatabase:
        """Open what is saved of the watch; to write it makes it where it is missing."""
        ...

    def rows(self, *, writable: bool = True) -> ViewRows:
        """Open the rows of the views; to write it makes them where they are missing."""
        ...

    def history(self, *, writable: bool = True) -> ViewHistory:
        """Open the history of the views; to write it makes it where it is missing."""
        ...


class FolderPlace:
    """Keeps them in SQLite files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def watch(self, *, writable: bool = True) -> ViewsDatabase:
        """Open the file of the watch."""
        return ViewsFile(self._folder / VIEWS_FILE, writable=writable, cache=SMALL_CACHE)

    def rows(self, *, writable: bool = True) -> ViewRows:
        """Open the file of the rows."""
        return ViewRows(ViewsFile(self._folder / VIEW_ROWS_FILE, writable=writable, layout=LAYOUT))

    def history(self, *, writable: bool = True) -> ViewHistory:
        """Open the file of the history."""
        path = self._folder / VIEW_HISTORY_FILE
        return ViewHistory(ViewsFile(path, writable=writable, layout=HISTORY, cache=SMALL_CACHE))


class ServerPlace:
    """Keeps them in one PostgreSQL database, each in a schema of its own; an edition has its watch and rows to itself.

    A new version of the program can thus judge everything anew beside the one that runs, and none undoes the other's
    work. The history follows from the facts alone, and all editions share it.
    """

    def __init__(self, conninfo: str, seconds: int | None = None, *, edition: str | None = None) -> None:
        """Name the database; who asks waits for a connection for so many seconds, where it says nothing else.

        `edition` is by default that of the program that runs.
        """
        self._conninfo = conninfo if seconds is None else _bounded(conninfo, seconds)
        self._edition = edition or edition_of(judging_program())

    def watch(self, *, writable: bool = True) -> ViewsDatabase:
        """Connect to the schema of the watch."""
        from projections.databases.postgres_views import PostgresViews  # noqa: PLC0415  the driver is loaded where there is a database

        return PostgresViews(self._conninfo, writable=writable, edition=self._edition)

    def rows(self, *, writable: bool = True) -> ViewRows:
        """Connect to the schema of the rows."""
        from projections.databases.postgres_views import PostgresViews  # noqa: PLC0415  as above

        return ViewRows(PostgresViews(self._conninfo, writable=writable, layout=LAYOUT, edition=self._edition))

    def history(self, *, writable: bool = True) -> ViewHistory:
        """Connect to the schema of the history."""
        from projections.databases.postgres_views import PostgresViews  # noqa: PLC0415  as above

        return ViewHistory(PostgresViews(self._conninfo, writable=writable, layout=HISTORY))


def views_place(folder: Path, database: str | None, seconds: int | None = None) -> ViewsPlace:
    """Return where they are kept: in a database when one is named, else in a folder."""
    return ServerPlace(database, seconds) if database else FolderPlace(folder)


@contextmanager
def watch_if_any(place: ViewsPlace) -> Iterator[ViewsDatabase | None]:
    """Open what is saved of the watch for reading; None where nothing was watched yet."""
    try:
        watch = place.watch(writable=False)
    except ViewsMissingError:
        yield None
        return
    with closing(watch):
        yield watch


def _bounded(conninfo: str, seconds: int) -> str:
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415  the driver is loaded where it is used

    from events.postgres.faults import unless_given  # noqa: PLC0415  as above

    return make_conninfo("", **(unless_given(seconds) | {key: str(v) for key, v in conninfo_to_dict(conninfo).items()}))
