"""Statements in the words of PostgreSQL, made of those of SQLite, and what they are given, many rows at once too."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, LiteralString

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS: Final = (
    (re.compile(r"\bTEXT\b"), 'TEXT COLLATE "C"'),
    (re.compile(r"\bINTEGER PRIMARY KEY AUTOINCREMENT\b"), "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    (re.compile(r"\bINTEGER\b"), "BIGINT"),
    (re.compile(r"\bBLOB\b"), "BYTEA"),
    (re.compile(r" WITHOUT ROWID\b"), ""),
)
"""What the words of SQLite for tables are in PostgreSQL; texts compare by code point in both."""
_ENCODE: Final = msgspec.json.Encoder().encode


def our_own(statement: str) -> LiteralString:
    """Say that a statement is made of our own names alone, never of what somebody gave."""
    return statement


def definition(statements: str) -> LiteralString:
    """Return statements that make or drop tables and indexes, given in the words of SQLite."""
    for word, ours in _WORDS:
        statements = word.sub(ours, statements)
    return our_own(statements)


@lru_cache(maxsize=2_000)
def marked(statement: str) -> LiteralString:
    """Return a statement with the marks that psycopg takes."""
    return our_own(statement.replace("%", "%%").replace("?", "%s"))


def given(values: Sequence[object]) -> Sequence[object]:
    """Return values as statements take them: a list as the text of an array, whose type the server sees by its place.

    The driver would look at every entry of a list, to find the type out for itself.
    """
    return [_array(one) if isinstance(one, list) else one for one in values]


def _array(entries: Sequence[object]) -> str:
    return f"{{{','.join(_entry(one) for one in entries)}}}"


def _entry(value: object) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def together(statements: Sequence[str]) -> str:
    """Return one statement for several that change different tables, which the server may run in any order."""
    named = ", ".join(f"part_{place} AS ({one})" for place, one in enumerate(statements))
    return f"WITH {named} SELECT 1"


def insertion(table: str, columns: Sequence[str], if_there: str) -> str:
    """Return the statement that puts rows into a table that it is given as JSON; what is not given is null."""
    listed = ", ".join(f'"{one}"' for one in columns)
    return f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {_rows_of(table)} {if_there}"  # noqa: S608  our own names


def removal(table: str, columns: Sequence[str]) -> str:
    """Return the statement that takes out of a table the rows with one of the keys that it is given as JSON."""
    same = " AND ".join(f'{table}."{one}" = gone."{one}"' for one in columns)
    return f"DELETE FROM {table} USING {_rows_of(table)} gone WHERE {same}"  # noqa: S608  the same


def _rows_of(table: str) -> str:
    return f"json_populate_recordset(NULL::{table}, ?)"


def as_json(columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> str:
    """Return rows as those two statements are given them: one text for all, read by the server alone."""
    named = _row_of(tuple(columns))
    return _ENCODE([named(*(_in_hex(row) if bytes in map(type, row) else row)) for row in rows]).decode()


@lru_cache(maxsize=500)
def _row_of(columns: tuple[str, ...]) -> type[Any]:
    """Return what writes the values of a row with the names of its columns, ten times as fast as a dictionary would."""
    fields = {f"c{place}": name for place, name in enumerate(columns)}
    return msgspec.defstruct("Row", [(field, object) for field in fields], rename=fields)


def _in_hex(row: tuple[object, ...]) -> list[object]:
    return [f"\\x{value.hex()}" if isinstance(value, bytes) else value for value in row]
