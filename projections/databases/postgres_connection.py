"""A connection to PostgreSQL that outlives those that are lost: the next call has a new one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict

from projections.databases.views_database import TableGoneError, ViewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

Answer = TypeVar("Answer")
_SECONDS_TO_CONNECT: Final = 10
"""Where the address says nothing else."""
_SESSION: Final = """
SET client_min_messages = warning;
SET synchronous_commit = off;
SET plan_cache_mode = force_custom_plan;
SET lock_timeout = '30s';
SET idle_in_transaction_session_timeout = '15s';
"""
"""Plans by the values asked for, since how many rows a value has decides; nobody is kept waiting by who hangs."""


class LastingConnection:
    """A connection whose statements find their tables in one schema; for one thread at a time."""

    def __init__(self, conninfo: str, schema: str, *, reads_alone: bool) -> None:
        """Connect; raise ViewsError when that cannot be done. `reads_alone` tells that nothing is ever written."""
        self._conninfo = conninfo
        self.place = place_of(conninfo)
        self._schema = schema
        self._reads_alone = reads_alone
        self._patience = conninfo_to_dict(conninfo).get("connect_timeout", _SECONDS_TO_CONNECT)
        self._inside = False
        self.current = self._connect()
        """The connection that was used last, lost or not."""

    def _connect(self) -> psycopg.Connection[Any]:
        with self.faults():
            connection: psycopg.Connection[Any] = psycopg.connect(
                self._conninfo, autocommit=True, connect_timeout=self._patience
            )
            connection.execute(_SESSION)
            connection.execute("SELECT set_config('search_path', %s, false)", [self._schema])
            return connection

    def usable(self) -> psycopg.Connection[Any]:
        """Return the connection, made anew when it was lost before a transaction began."""
        if self.current.closed and not self._inside:
            self.current = self._connect()
        return self.current

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep to one connection while the block runs: what was lost with it must not go on in another."""
        self._inside = True
        try:
            yield
        finally:
            self._inside = False

    def asked(self, question: Callable[[psycopg.Connection[Any]], Answer]) -> Answer:
        """Ask the database; one who only reads asks again by a new connection when the one kept had been lost.

        A writer is told instead, since what it saved last may be lost with the server.
        """
        try:
            return question(self.usable())
        except psycopg.OperationalError:
            if not self._reads_alone or self._inside or not self.current.closed:
                raise
        return question(self.usable())

    def faults(self) -> AbstractContextManager[None]:
        """Raise what is wrong in the block as ViewsError, or as TableGoneError where that is what it is."""
        return faults_at(self.place)

    def close(self) -> None:
        """Close the connection."""
        self.current.close()


@contextmanager
def faults_at(place: str) -> Iterator[None]:
    """Raise what is wrong in the block as ViewsError, or as TableGoneError where that is what it is."""
    try:
        yield
    except psycopg.errors.UndefinedTable as fault:
        raise TableGoneError(place, fault) from fault
    except psycopg.Error as fault:
        raise ViewsError(place, " ".join(str(fault).split()) or type(fault).__name__) from fault


def place_of(conninfo: str) -> str:
    """Return which database is meant, without user and secrets; raise ViewsError when it cannot be read."""
    try:
        said = conninfo_to_dict(conninfo)
    except psycopg.Error as fault:
        raise ViewsError("?", str(fault).strip()) from fault
    address = f"{said.get('host', 'localhost')}:{said.get('port', 5432)}"
    return f"{address}/{said.get('dbname', said.get('user', ''))}"
