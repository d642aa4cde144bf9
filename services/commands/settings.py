"""taizhang settings: show every setting, what it says, and where that comes from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import orjson

from services.exit_codes import FINE, NOT_DONE
from services.settings.service import SettingError, stated_settings, warnings_of_variables

if TYPE_CHECKING:
    import argparse

    from services.settings.sources import Stated

SOURCES = {"default": "默认 default", "file": "文件 file", "environment": "环境变量 environment"}
_SAID_IN = 48
"""Columns for what a setting says, so that most sources stand under one another."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Show the settings; secrets stay hidden."""
    try:
        stated = stated_settings()
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    if args.json:
        sys.stdout.write(orjson.dumps([_as_json(one) for one in stated]).decode() + "\n")
    else:
        _show(stated)
    for warning in warnings_of_variables(misspelt_only=False):
        sys.stderr.write(f"{warning}\n")
    return FINE


def _show(stated: list[Stated]) -> None:
    """Show each in lines that a search finds whole, however narrow the window is."""
    for one in stated:
        said = f"{one.setting.variable} = {one.shown}".ljust(_SAID_IN)
        sys.stdout.write(f"{said}  # {SOURCES[one.source]}\n    {one.setting.zh}\n    {one.setting.en}\n")
    sys.stdout.write("文件中的键 key in the file: TAIZHANG_KAFKA_TOPIC → kafka_topic\n")


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
