"""The command `taizhang`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from services.commands import alerts, check, facts, import_records, missing, record, rules, serve, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Command(NamedTuple):
    """One command: its name, what it does, and its two functions."""

    name: str
    help: str
    add: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


COMMANDS: Final = (
    Command("record", "把历史文件入账 / record a history into the ledger", record.add, record.run),
    Command("import", "导入公开记录 / import public records", import_records.add, import_records.run),
    Command("serve", "守护账册、判定并预警 / hold the ledger, watch and alert", serve.add, serve.run),
    Command("alerts", "列出预警 / list the alerts", alerts.add, alerts.run),
    Command("missing", "还须补录什么 / what else to record", missing.add, missing.run),
    Command("verify", "核验账册的封存 / verify the seals of a ledger", verify.add, verify.run),
    Command("check", "判定历史文件，不入账 / judge histories without recording them", check.add, check.run),
    Command("rules", "列出并检查规则书 / list and lint the rulebooks", rules.add, rules.run),
    Command("facts", "事实词汇 / the vocabulary of facts", facts.add, facts.run),
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    whole = argparse.ArgumentParser(prog="taizhang", description="台账：区县政府办公事实的账本与预警 / the ledger of a district government's office work")
    commands = whole.add_subparsers(dest="command", required=True, metavar="命令 COMMAND")
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.help, description=command.help)
        command.add(one)
        one.set_defaults(run=command.run)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = args.run
    return run(args)


if __name__ == "__main__":
    sys.exit(main())
