"""taizhang views discard: drop what other versions of the program keep in the database, once nobody works with it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import orjson

from services.exit_codes import FINE, FOUND_WRONG
from services.judging_program import edition_of, judging_program

if TYPE_CHECKING:
    from projections.databases.postgres_editions import Edition
    from services.settings.service import Settings

_BYTES_OF_A_MEGABYTE: Final = 1_000_000


def discard(settings: Settings, *, as_json: bool) -> int:
    """Drop them and say which; those in which a worker holds a district stay. Raise ViewsError."""
    if settings.database is None:
        sys.stderr.write("单机的视图只有一份，没有可丢弃的 / views in files are kept once: nothing to discard\n")
        return FINE
    from projections.databases.postgres_editions import Editions  # noqa: PLC0415  the driver is loaded where there is a database

    editions = Editions(settings.database, edition_of(judging_program()))
    others = editions.others()
    for one in others:
        if not one.held:
            editions.drop(one)
    if as_json:
        sys.stdout.write(orjson.dumps({"editions": [_as_json(one) for one in others]}).decode() + "\n")
    else:
        sys.stdout.writelines(f"{_said(one)}\n" for one in others)
        if not others:
            sys.stdout.write("没有其他版本所存的 / no other version keeps anything\n")
    return FOUND_WRONG if any(one.held for one in others) else FINE


def _said(edition: Edition) -> str:
    size = f"{edition.size / _BYTES_OF_A_MEGABYTE:.1f} MB：{', '.join(edition.schemas)}"
    if edition.held:
        return (
            f"仍在使用，保留 still in use, kept: {size}；请先停止该版本的工作进程（持有 {edition.held} 个区县）"
            f"stop the workers of that version first (they hold {edition.held} districts)"
        )
    return f"已丢弃 discarded: {size}"


def _as_json(edition: Edition) -> dict[str, object]:
    return {
        "edition": edition.name,
        "schemas": edition.schemas,
        "bytes": edition.size,
        "held": edition.held,
        "discarded": not edition.held,
    }
