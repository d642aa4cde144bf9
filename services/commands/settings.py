"""taizhang settings: show every setting, what it says, and where that comes from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.exit_codes import FINE, NOT_DONE
from services.settings.service import SettingError, stated_settings

if TYPE_CHECKING:
    import argparse

    from services.settings.sources import Stated

SOURCES = {"default": "默认 default", "file": "文件 file", "environment": "环境变量 environment"}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Show the settings; secrets stay hidden."""
    try:
        stated, unknown = stated_settings()
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    if args.json:
        sys.stdout.write(orjson.dumps([_as_json(one) for one in stated]).decode() + "\n")
    else:
        _show(stated)
    for name in unknown:
        sys.stderr.write(f"环境变量 {name} 不是任何设置，未起作用；请核对拼写。/ {name} sets nothing; check it.\n")
    return FINE


def _show(stated: list[Stated]) -> None:
    table = Table()
    for column in ("设置 setting", "文件中的键 key", "值 value", "来源 source", "说明 what it is"):
        table.add_column(column, overflow="fold")
    for one in stated:
        about = f"{one.setting.zh}\n{one.setting.en}"
        cells = (one.setting.variable, one.setting.key, one.shown, SOURCES[one.source], about)
        table.add_row(*(escape(cell) for cell in cells))
    Console(highlight=False).print(table)


def _as_json(one: Stated) -> dict[str, object]:
    return {
        "variable": one.setting.variable,
        "key": one.setting.key,
        "value": one.shown,
        "source": one.source,
        "secret": one.setting.secret,
        "zh": one.setting.zh,
        "en": one.setting.en,
    }
