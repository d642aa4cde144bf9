"""Arguments of commands, and what is wrong with them in Chinese with English beside it."""

from __future__ import annotations

import argparse
import re
from typing import Any, Final, NoReturn

from services.exit_codes import NOT_DONE
from services.reworded import reworded

OF_BOTH: Final = " / "
"""Stands between the Chinese and the English of what a type of ours says."""

_OF_ONE: Final = re.compile(r"argument (?P<name>.+?): (?P<fault>.+)", re.DOTALL)
_FAULTS: Final = (
    (r"the following arguments are required: (.+)", r"缺少参数 \1"),
    (r"one of the arguments (.+) is required", r"须给出其中一个参数：\1"),
    (r"unrecognized arguments: (.+)", r"没有这样的参数：\1"),
    (r"ambiguous option: (.+) could match (.+)", r"\1 不明确，可能是：\2"),
    (r"invalid choice: (.+) \(choose from (.+)\)", r"没有 \1；可用：\2"),
    (r"invalid int value: (.+)", r"\1 不是整数"),
    (r"expected one argument", "须给出一个值"),
    (r"expected at least one argument", "须给出至少一个值"),
    (r"expected (\d+) arguments?", r"须给出 \1 个值"),
    (r"not allowed with argument (.+)", r"不能与 \1 同用"),
    (r"ignored explicit argument (.+)", r"不带值，不能写 \1"),
)
"""What argparse may say, with the Chinese of it."""


class Arguments(argparse.ArgumentParser):
    """A parser that tells what is wrong in Chinese, then in English; the parsers of its commands do so too."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  whatever argparse takes
        super().__init__(**{**given, "add_help": False})
        self.add_argument("-h", "--help", action="help", help="显示本说明 / show this help")

    def error(self, message: str) -> NoReturn:
        """End the program with what is wrong, and where to read what can be given."""
        zh, en = in_both(message)
        said = f"{zh}；用法见 {self.prog} --help。 / {en}; see {self.prog} --help."
        self.exit(NOT_DONE, f"{self.format_usage()}{said} [arguments.unusable]\n")


def in_both(message: str) -> tuple[str, str]:
    """Return what argparse says of arguments in Chinese and English.

    What a type of ours refuses it says itself in both, as `ArgumentTypeError("中文 / English")`.
    """
    of_one = _OF_ONE.fullmatch(message)
    name, fault = (of_one["name"], of_one["fault"]) if of_one else ("", message)
    zh, own, en = fault.partition(OF_BOTH)
    if not own:
        zh, en = reworded(fault, _FAULTS) or "不可用", fault
    return (f"参数 {name}：{zh}", f"argument {name}: {en}") if name else (zh, en)
