"""The file of the views: everything in it follows from the ledger, and may be thrown away and rebuilt."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

FORMAT: Final = 3
"""Raised with every change of the tables; a file of another format is rebuilt."""
TABLES: Final = (
    "progress",
    "standing",
    "moved",
    "links",
    "extents",
    "counts",
    "background",
    "alerts",
    "outbox",
    "parked",
)
SCHEMA: Final = """
CREATE TABLE progress (
    district TEXT PRIMARY KEY, key TEXT NOT NULL, position INTEGER NOT NULL, hour INTEGER NOT NULL,
    reconciled INTEGER NOT NULL);
CREATE TABLE standing (
    district TEXT NOT NULL, subject TEXT NOT NULL, rule TEXT NOT NULL, place INTEGER NOT NULL,
    state TEXT NOT NULL, wake INTEGER, kept BLOB NOT NULL,
    PRIMARY KEY (district, subject, rule, place)) WITHOUT ROWID;
CREATE INDEX standing_wake ON standing (district, wake) WHERE wake IS NOT NULL;
CREATE INDEX standing_state ON standing (district, state) WHERE state <> 'satisfied';
CREATE TABLE moved (
    district TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (district, rule, subject)) WITHOUT ROWID;
CREATE INDEX moved_position ON moved (district, position);
CREATE TABLE links (
    district TEXT NOT NULL, target TEXT NOT NULL, source TEXT NOT NULL, field TEXT NOT NULL,
    PRIMARY KEY (district, target, source, field)) WITHOUT ROWID;
CREATE TABLE extents (
    district TEXT NOT NULL, subject TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (district, subject)) WITHOUT ROWID;
CREATE INDEX extents_until ON extents (district, until);
CREATE TABLE counts (
    district TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL, place INTEGER NOT NULL, count BLOB NOT NULL,
    PRIMARY KEY (district, rule, subject, place)) WITHOUT ROWID;
CREATE TABLE background (
    district TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, fact BLOB NOT NULL,
    PRIMARY KEY (district, sequence)) WITHOUT ROWID;
CREATE TABLE alerts (
    district TEXT NOT NULL, id TEXT NOT NULL, standing TEXT NOT NULL, escalate_at INTEGER, alert BLOB NOT NULL,
    PRIMARY KEY (district, id)) WITHOUT ROWID;
CREATE INDEX alerts_standing ON alerts (district, standing);
CREATE INDEX alerts_escalate ON alerts (district, escalate_at) WHERE escalate_at IS NOT NULL;
CREATE TABLE outbox (
    place INTEGER PRIMARY KEY AUTOINCREMENT, district TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    fact BLOB NOT NULL, UNIQUE (district, id));
CREATE TABLE parked (
    district TEXT NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL, subject TEXT NOT NULL, error TEXT NOT NULL,
    PRIMARY KEY (district, sequence)) WITHOUT ROWID;
"""
_SECONDS_TO_WAIT: Final = 10


class Layout(NamedTuple):
    """The tables of a file of views; a file of another `form` is emptied, to be filled from the ledger again."""

    form: int
    schema: str


WATCH: Final = Layout(FORMAT, SCHEMA)
"""What is saved of the watch and its alerts."""


class ViewsError(Exception):
    """The file of the views cannot be used; `code` is stable."""

    code: Final = "views.unusable"

    def __init__(self, path: Path, fault: Exception | str) -> None:
        super().__init__(
            f"视图文件 {path} 无法使用（{fault}），预警不能更新或显示；请检查权限和磁盘空间，"
            f"或停止服务后删除该文件：它会由账册重建。 / The views file {path} cannot be used ({fault}), so alerts can "
            "be neither kept up nor shown. Check rights and disk space, or stop the service and delete the file: it is "
            f"rebuilt from the ledger. [{self.code}]"
        )


class ViewsFile:
    """One connection to the views; used by one thread at a time. Readers never wait for the writer."""

    def __init__(self, path: Path, *, writable: bool = True, layout: Layout = WATCH) -> None:
        """Open the views, or create them; raise ViewsError when that cannot be done, or there is nothing to read."""
        self.path = path
        self._layout = layout
        if not writable and not path.exists():
            raise ViewsError(path, "尚未建立，请先运行 taizhang serve / not there yet: run taizhang serve")
        with self._faults():
            mode = "rwc" if writable else "ro"
            address = f"{path.absolute().as_uri()}?mode={mode}"
            self._connection = sqlite3.connect(
                address, uri=True, isolation_level=None, timeout=_SECONDS_TO_WAIT, check_same_thread=False
            )
            try:
                self._prepare(writable=writable)
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self, *, writable: bool) -> None:
        found = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if not writable:
            if found != self._layout.form:
                raise ViewsError(self.path, f"format {found}, not {self._layout.form}")
            return
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        if found != self._layout.form:
            names = self._connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            dropped = "".join(f"DROP TABLE IF EXISTS {name};" for (name,) in names if not name.startswith("sqlite_"))
            form, schema = self._layout
            self._connection.executescript(f"BEGIN IMMEDIATE; {dropped} {schema} PRAGMA user_version = {form}; COMMIT;")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run one transaction: all of it is kept, or nothing."""
        with self._faults():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let every query of the block see the views as the first of them does, whatever is written meanwhile."""
        with self._faults():
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run one statement for many rows, within `writing`."""
        self._connection.executemany(statement, rows)

    def read(self, statement: str, *parameters: object) -> list[Any]:
        """Return the rows of a query."""
        with self._faults():
            return self._connection.execute(statement, parameters).fetchall()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as fault:
            raise ViewsError(self.path, fault) from fault
