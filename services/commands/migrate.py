"""taizhang migrate: make or update the tables of the database; as often as one likes, from as many places."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import orjson

from events.ledger.errors import LedgerError
from events.postgres.migrating import migrate_database
from services.commands.refusing import refused
from services.exit_codes import FINE, of_fault
from services.settings.service import SettingError, current_settings
from services.stores.migrations import all_migrations

if TYPE_CHECKING:
    import argparse

    from events.postgres.migrating import Migration


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Apply what is missing."""
    try:
        database = current_settings().database
        if database is None:
            return refused(
                "database.not_named",
                "没有设置 TAIZHANG_DATABASE，单机账册无须迁移；请先设置数据库地址。",
                "TAIZHANG_DATABASE is not set, and the embedded ledger needs no migration; name the database first.",
            )
        applied = migrate_database(database, all_migrations())
    except (LedgerError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    if args.json:
        sys.stdout.write(orjson.dumps({"applied": [_as_json(one) for one in applied]}).decode() + "\n")
        return FINE
    for one in applied:
        sys.stdout.write(f"已执行 applied: {one.part} {one.number} {one.name}\n")
    if not applied:
        sys.stdout.write("数据库已是最新 / the database is up to date\n")
    return FINE


def _as_json(step: Migration) -> dict[str, object]:
    return {"part": step.part, "number": step.number, "name": step.name}
