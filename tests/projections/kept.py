"""The places in which watch and views are kept, each of which has to pass the same tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

from projections.saved.watch_tables import TABLES
from projections.view_rows.rows import OF_A_BUILD
from projections.views.catalogue import VIEWS
from services.stores.views_places import FolderPlace, ServerPlace, ViewsPlace


class Places(Protocol):
    """Gives empty places of one sort, one after another."""

    def anew(self) -> AbstractContextManager[ViewsPlace]:
        """Give an empty place while the block runs."""
        ...


class Folders:
    """Folders for SQLite files."""

    @contextmanager
    def anew(self) -> Iterator[ViewsPlace]:
        with tempfile.TemporaryDirectory() as folder:
            yield FolderPlace(Path(folder))


class OneDatabase:
    """One PostgreSQL database, emptied each time; tables that the views would make again are left, which is quicker."""

    def __init__(self, conninfo: str) -> None:
        self._place = ServerPlace(conninfo)

    @contextmanager
    def anew(self) -> Iterator[ViewsPlace]:
        with closing(self._place.watch()) as watch, watch.writing():
            for table in ("owners", *TABLES):
                watch.write(f"DELETE FROM {table}", [()])  # noqa: S608  our own names
        with self._place.rows() as rows:
            for build in rows.builds():
                view = VIEWS.get(build.description.name)
                if view is None or build.state != "live" or not build.is_of(view):
                    rows.drop(build)
            kept = [f"rows_{build.number}" for build in rows.builds()]
            kept += [f"totals_{build.number}" for build in rows.builds() if build.sums is not None]
            with rows.database.writing():
                for table in (*OF_A_BUILD, *kept):
                    rows.database.write(f"DELETE FROM {table}", [()])  # noqa: S608  our own names
        yield self._place
