"""taizhang copy-ledger: move districts from the embedded ledger into a database, and verify them there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from events.ledger.errors import LedgerError
from services.arguments import district_code
from services.commands.progress import steps_bar
from services.commands.refusing import refused
from services.exit_codes import FINE, of_fault
from services.policy.kept_policies import KeptPolicies
from services.settings.service import SettingError, current_settings
from services.stores.moving import move_districts

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--from",
        dest="folder",
        metavar="FOLDER",
        help="来源数据文件夹，默认为 TAIZHANG_DATA / data folder to copy from; by default TAIZHANG_DATA",
    )
    parser.add_argument(
        "--to",
        metavar="DATABASE",
        help="目标数据库，默认为 TAIZHANG_DATABASE / database to copy into; by default TAIZHANG_DATABASE",
    )
    parser.add_argument(
        "--district",
        type=district_code,
        action="append",
        metavar="D",
        help="只移此区县，可多次；默认全部 / only this district, may repeat; by default all",
    )
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Copy what is missing, verify, and say what is there."""
    try:
        settings = current_settings()
        database = args.to or settings.database
        if database is None:
            return refused(
                "database.not_named",
                "没有给出目标数据库，无处可移；请用 --to 或 TAIZHANG_DATABASE 指明。",
                "No database was named to copy into; name it by --to or TAIZHANG_DATABASE.",
            )
        folder = Path(args.folder) if args.folder else settings.data
        # Before the facts, since a district is judged no further than the adoption of settings that are not there.
        policies = 0 if folder.resolve() == settings.data.resolve() else KeptPolicies(settings.data).take_over(folder)
        with steps_bar() as progressed:
            moved = move_districts(folder, database, args.district, progressed)
    except (LedgerError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    if args.json:
        sys.stdout.write(msgspec.json.encode(moved).decode() + "\n")
        return FINE
    for one in moved:
        sys.stdout.write(
            f"{one.district}: {one.facts} 个事实已在数据库并核验，其中新复制 {one.copied} 个，密钥 {one.keys} 个 / "
            f"facts are in the database and verified, {one.copied} of them new, with {one.keys} keys; root {one.root}\n"
        )
    if policies:
        sys.stdout.write(
            f"{policies} 份内部设置已存入 {settings.data} / house settings are now kept in {settings.data}\n"
        )
    sys.stdout.write(
        "请设置 TAIZHANG_DATABASE 后再启动服务；原文件夹留作备份，勿再录入 / "
        "set TAIZHANG_DATABASE before the service starts again; keep the folder as a back-up and record there no more\n"
    )
    return FINE
