"""The command `taizhang`."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, cast

from services.arguments import Arguments
from services.exit_codes import FINE, INTERRUPTED, NOT_DONE, READER_GONE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence


class CommandModule(Protocol):
    """What a module of `services.commands` offers: its options, and what it does, with its exit code."""

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it."""


class Command(NamedTuple):
    """One command: its name, the module that does it, and what it does in Chinese and English."""

    name: str
    module: str
    help: str


SAID_AT_INTERRUPTION: Final = (
    "已中断；已写入的都是整条，可以重来 / interrupted; what was written is whole, so run it again"
)
STAYING: Final = frozenset({"serve", "relay", "worker"})
"""Commands that run until they are asked to stop."""

COMMANDS: Final = (
    Command("record", "record", "把历史文件入账 / record a history into the ledger"),
    Command("preview", "preview", "录入前看会引起什么 / what facts would set in motion, before they are recorded"),
    Command("import", "import_records", "导入公开记录或工作簿 / import public records or workbooks"),
    Command("serve", "serve", "持有账册，应答 HTTP，判定并预警 / hold the ledger, answer HTTP, watch and alert"),
    Command("worker", "worker", "分担各区县的判定与视图 / watch and feed a share of the districts"),
    Command("token", "token", "签发本机使用的令牌 / issue a token for local use"),
    Command("alerts", "alerts", "列出预警 / list the alerts"),
    Command("views", "views", "查看或重建视图 / show or rebuild the views"),
    Command("missing", "missing", "还须补录什么 / what else to record"),
    Command("replay", "replay", "重放：任一日所知与实情 / replay a case or district as of any day"),
    Command("parked", "parked", "搁置的事实；重新判定 / facts that could not be judged; judge them anew"),
    Command("verify", "verify", "核验账册的封存 / verify the seals of a ledger"),
    Command("checkpoint", "checkpoint", "签署检查点 / sign a checkpoint of the ledger"),
    Command("receipt", "receipt", "证明回执在检查点的树中 / prove a receipt against a checkpoint"),
    Command("export", "export", "导出可离线核验的证据包 / export an evidence package"),
    Command("check", "check", "判定历史文件，不入账 / judge histories without recording them"),
    Command("simulate", "simulate", "写出一个区的模拟历史 / write a simulated history of a district"),
    Command("rules", "rules", "列出并检查规则书 / list and lint the rulebooks"),
    Command("facts", "facts", "事实词汇 / the vocabulary of facts"),
    Command("backup", "backup", "备份账册，运行中亦可 / back up the ledger, also while it runs"),
    Command("restore", "restore", "从备份恢复到新文件夹 / restore a back-up into a new folder"),
    Command("copy-ledger", "copy_ledger", "把区县账册移入数据库并核验 / move districts into the database, verified"),
    Command("migrate", "migrate", "建立或更新数据库的表 / make or update the tables of the database"),
    Command("archive", "archive", "生成年度归档包并作四性检测 / the archive package of a year, with the four tests"),
    Command("erase", "erase", "依法删除一人的个人信息 / erase a person's personal data by law"),
    Command("policy", "policy", "内部设置：检查、采用、说明 / the house settings: lint, adopt, explain"),
    Command("relay", "relay", "把事实发往 Kafka / publish the facts to Kafka"),
    Command("topics", "topics", "建立 Kafka 主题 / make the Kafka topic"),
    Command("settings", "settings", "列出设置及其来源 / show the settings and where they come from"),
)


def parser(named: str | None) -> argparse.ArgumentParser:
    """Return the parser; only the command that was named is loaded, so that it starts at once."""
    whole = Arguments(
        prog="taizhang",
        description="台账：区县政府办公事实的账册与预警 / the ledger of a district's office work, and its alerts",
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="命令 COMMAND")
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.help, description=command.help)
        if command.name == named:
            module = _loaded(command)
            module.add(one)
            one.set_defaults(run=module.run)
    return whole


def _loaded(command: Command) -> CommandModule:
    """Load a command without looking for garbage meanwhile: all that is made is kept."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return cast("CommandModule", importlib.import_module(f"services.commands.{command.module}"))
    finally:
        if collects:
            gc.enable()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; whoever interrupts it at the keyboard knows why it ends."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write(f"{SAID_AT_INTERRUPTION}\n")
        return INTERRUPTED


def _run(arguments: Sequence[str] | None) -> int:
    if arguments is None:
        _stand_in_for_closed_streams()
    if arguments is None and isinstance(sys.stdout, TextIOWrapper):
        # A terminal that has no Chinese shows \u…, as standard error does anyway; in JSON that is the same text.
        sys.stdout.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else list(arguments)
    named = next((one for one in given if not one.startswith("-")), None)
    if arguments is None and named in STAYING:
        signal.signal(signal.SIGTERM, _end_before_it_began)

    def perform() -> int:
        args = parser(named).parse_args(given)
        if arguments is None and "structlog" in sys.modules:
            _log_to_standard_error()
        if arguments is None and named != "settings":
            _warn_of_misspelt_variables()
        code: int = args.run(args)
        return code

    return _ended(perform)


def _ended(perform: Callable[[], int]) -> int:
    """Perform a command and return its exit code, also where its reader went or a file cannot be used."""
    try:
        return _read_to_the_end(perform)
    except BrokenPipeError:
        # Whoever read the output has seen enough (`| head`); what is still in the buffer must not be written on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except SystemExit as ended:
        # A table that is being printed when its reader goes ends the program itself, with 1.
        if isinstance(ended.__context__, BrokenPipeError):
            return READER_GONE
        raise
    except OSError as error:
        # Of what no command expects, such as a data folder that another user owns.
        if error.filename is None:
            raise
        faults = importlib.import_module("services.file_faults")
        sys.stderr.write(f"{faults.file_fault(error, faults.NOT_USED)}\n")
        return NOT_DONE


def _read_to_the_end(perform: Callable[[], int]) -> int:
    """Perform a command whose output, that of `--help` too, is written before it ends; raise BrokenPipeError."""
    try:
        code = perform()
    except SystemExit:
        sys.stdout.flush()
        raise
    sys.stdout.flush()
    return code


def _stand_in_for_closed_streams() -> None:
    """Give standard streams that were closed a place: else the first file opened, the ledger perhaps, takes theirs."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  it stays open, as they do


def _end_before_it_began(_signal: int, _frame: object) -> None:
    """End in good order when asked to while the command is still being loaded; once it is, it says itself how."""
    sys.exit(FINE)


def _log_to_standard_error() -> None:
    """Keep log lines out of what a command prints; a setting that cannot be used is for the command to tell."""
    logging, settings = (importlib.import_module(f"services.{name}") for name in ("logs.logging", "settings.service"))
    with suppress(settings.SettingError):
        given = settings.current_settings()
        logging.set_up_logging(sys.stderr, given.log_level, given.log_format)


def _warn_of_misspelt_variables() -> None:
    """Warn of a variable that seems to be a setting, misspelt, before a command works with the default instead."""
    if (settings := sys.modules.get("services.settings.service")) is not None:
        for warning in settings.warnings_of_variables(misspelt_only=True):
            sys.stderr.write(f"{warning}\n")


if __name__ == "__main__":
    sys.exit(main())
