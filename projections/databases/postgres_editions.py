"""What other editions of the program keep in a PostgreSQL database: found, and dropped once nobody works with it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

from projections.databases.postgres_connection import faults_at, place_of
from projections.databases.postgres_views import schema_of
from projections.saved.watch_tables import WATCH
from projections.view_rows.rows import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT: Final = (WATCH, LAYOUT)
"""The layouts that an edition has to itself."""
_OF_AN_EDITION: Final = re.compile(
    rf"taizhang_(?P<layout>{'|'.join(one.name for one in KEPT)})_\d+(?:_(?P<edition>[0-9a-f]+))?"
)
_SIZE: Final = """
SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = ANY (%s) AND relkind = 'r'
"""
_HELD: Final = "SELECT count(*) FROM {} WHERE until > extract(epoch FROM clock_timestamp()) * 1000000"


class Edition(NamedTuple):
    """What one edition keeps: its schemas, their size in bytes, and in how many districts workers are at it.

    `name` is None for programs of before there were editions.
    """

    name: str | None
    schemas: tuple[str, ...]
    size: int
    held: int


class Editions:
    """What other editions keep than one's own; every call connects anew, and may raise ViewsError."""

    def __init__(self, conninfo: str, own: str) -> None:
        self._conninfo = conninfo
        self._own = {schema_of(layout, own) for layout in KEPT}

    def others(self) -> list[Edition]:
        """Return what the others keep, by name."""
        with self._connected() as connection:
            found: dict[str | None, list[str]] = {}
            for (schema,) in connection.execute("SELECT nspname FROM pg_namespace ORDER BY nspname"):
                named = _OF_AN_EDITION.fullmatch(schema)
                if named is not None and schema not in self._own:
                    found.setdefault(named["edition"], []).append(schema)
            return [_edition(connection, name, schemas) for name, schemas in sorted(found.items(), key=_by_name)]

    def drop(self, edition: Edition) -> None:
        """Drop what an edition keeps, all of it or nothing."""
        with self._connected() as connection, connection.transaction():
            for schema in edition.schemas:
                connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        with faults_at(place_of(self._conninfo)), psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute("SET client_min_messages = warning")
            yield connection


def _edition(connection: psycopg.Connection[Any], name: str | None, schemas: list[str]) -> Edition:
    held = 0
    for schema in schemas:
        if schema.startswith(f"taizhang_{WATCH.name}_"):
            found = connection.execute(SQL(_HELD).format(Identifier(schema, "owners"))).fetchone()
            held += found[0] if found else 0
    found = connection.execute(_SIZE, [schemas]).fetchone()
    return Edition(name, tuple(schemas), found[0] if found else 0, held)


def _by_name(found: tuple[str | None, list[str]]) -> str:
    return found[0] or ""
