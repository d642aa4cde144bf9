"""What the watch and the views are kept in: a SQLite file or a PostgreSQL database, asked by the same statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from events.moment import Instant


class Layout(NamedTuple):
    """The tables of a database of views; one of another `form` is not read, but filled from the ledger anew.

    `schema` is written in the words of SQLite. `name` tells apart what lies in one PostgreSQL database.
    """

    name: str
    form: int
    schema: str


class Rows(NamedTuple):
    """Rows to be put into a table; where some may be there, `if_there` says what becomes of them (ON CONFLICT)."""

    table: str
    columns: Sequence[str]
    rows: list[tuple[object, ...]]
    if_there: str = ""


class ViewsError(Exception):
    """What the views are kept in cannot be used; `code` is stable."""

    code: Final = "views.unusable"

    def __init__(self, place: Path | str, fault: Exception | str) -> None:
        if isinstance(place, str):
            super().__init__(
                f"视图数据库 {place} 无法使用（{fault}），预警不能更新或显示；请检查数据库是否运行、设置和权限。"
                "其中内容均可由账册重建。 / "
                f"The views database {place} cannot be used ({fault}), so alerts can be neither kept up nor shown. "
                "Check that it runs, the settings and the rights; all that is in it can be rebuilt from the ledger. "
                f"[{self.code}]"
            )
            return
        super().__init__(
            f"视图文件 {place} 无法使用（{fault}），预警不能更新或显示；请检查权限和磁盘空间，"
            f"或停止服务后删除该文件：它会由账册重建。 / The views file {place} cannot be used ({fault}), so alerts "
            "can be neither kept up nor shown. Check rights and disk space, or stop the service and delete the file: "
            f"it is rebuilt from the ledger. [{self.code}]"
        )


class ViewsMissingError(ViewsError):
    """There is nothing to read yet."""


class TableGoneError(ViewsError):
    """A table was dropped since its name was read, as when a view was switched; read which there are and ask again."""


class ViewsDatabase(Protocol):
    """One connection, for one thread at a time; readers never wait for the writer. Each call may raise ViewsError.

    Statements mark what they are given by `?`; a list is given as one value, for `among`. Texts compare by code point.
    """

    @property
    def place(self) -> Path | str:
        """The file, or the database without its secrets."""
        ...

    def writing(self, *, durably: bool = False) -> AbstractContextManager[None]:
        """Run one transaction: all of it is kept, or nothing.

        A crash of the machine may lose the last transactions, all after one of them; none before one kept `durably`.
        """
        ...

    def hold_tables(self, *, alone: bool) -> None:
        """Within `writing`, keep others from making and dropping tables, or `alone` from writing to them too."""
        ...

    def hold_rows(self, table: str, condition: str, parameters: Sequence[object], order: str) -> None:
        """Within `writing`, hold rows that are about to be changed, in an order of columns to which everybody keeps.

        Two that held them in different orders would wait for each other, until the database ended one of them.
        """
        ...

    def reading(self) -> AbstractContextManager[None]:
        """Let every query of the block see the views as the first of them does, whatever is written meanwhile."""
        ...

    def read(self, statement: str, *parameters: object) -> list[Any]:
        """Return the rows of a query."""
        ...

    def read_together(self, *questions: tuple[str, Sequence[object]]) -> list[list[Any]]:
        """Return the rows of several queries, each with its parameters, outside `writing`."""
        ...

    def write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run one statement for many rows, within `writing`; a fault may be raised later, before it is kept."""
        ...

    def write_together(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        """Run statements that change different tables, each with its parameters, within `writing`: in no certain order.

        Who calls often gives the same statements each time, those with nothing to change too: they are prepared once.
        """
        ...

    def insert_together(self, *given: Rows) -> None:
        """Put many rows into different tables, within `writing`; who calls often names the same tables each time."""
        ...

    def change(self, statement: str, row: tuple[object, ...], otherwise: Exception, rows: int = 1) -> None:
        """Run a statement within `writing`; raise `otherwise`, before anything is kept, unless so many rows change."""
        ...

    def insert(
        self, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]], if_there: str = ""
    ) -> None:
        """Put many rows into a table, within `writing`.

        Where some may be there already, `if_there` says what becomes of them (ON CONFLICT); one that is to be changed
        must not be given twice.
        """
        ...

    def remove(self, table: str, columns: Sequence[str], keys: Iterable[tuple[object, ...]]) -> None:
        """Take the rows out of a table that have one of the keys in some columns, within `writing`."""
        ...

    def define(self, statements: str) -> None:
        """Make or drop tables and indexes, in the words of SQLite, within `writing`."""
        ...

    def gauge(self, table: str) -> None:
        """Look at what lies in a table that was filled, where searches are planned by that, within `writing`."""
        ...

    def among(self, column: str) -> str:
        """Return the condition that a column has one of the texts of a list, which is given as one value."""
        ...

    def by_index(self, name: str) -> str:
        """Return what stands after a table's name to have it searched by an index, where that can be said."""
        ...

    def now(self) -> Instant:
        """Return what time it is by the one clock of all who use the database."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...
