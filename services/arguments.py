"""Arguments of commands, and what is wrong with them in Chinese with English beside it."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

from services.exit_codes import NOT_DONE
from services.reworded import reworded

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_NUMBER: Final = 18
"""Digits of a number that every ledger can hold (64 bits)."""
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
    (r"goes with (.+)", r"须与 \1 同用"),
    (r"is empty", "没有内容"),
    (r"is not UTF-8", "不是 UTF-8 编码的文字"),
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
        self._companions: list[tuple[str, tuple[str, ...]]] = []
        self._strangers: list[tuple[str, tuple[str, ...]]] = []

    def goes_with(self, option: str, *others: str) -> None:
        """Declare that an option says something only beside one of others: alone it is refused, not ignored."""
        self._companions.append((option, others))

    def goes_without(self, option: str, *others: str) -> None:
        """Declare options that say nothing beside an option: with it they are refused, not ignored."""
        self._strangers.append((option, others))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401  what argparse takes and gives
        """Read the arguments, and refuse those that would be ignored."""
        found = super().parse_known_args(args, namespace)
        for option, others in self._companions:
            if self._given(option, found[0]) and not any(self._given(one, found[0]) for one in others):
                self.error(f"argument {option}: goes with {' | '.join(others)}")
        for option, others in self._strangers:
            if self._given(option, found[0]):
                for other in others:
                    if self._given(other, found[0]):
                        self.error(f"argument {other}: not allowed with argument {option}")
        return found

    def _given(self, option: str, found: argparse.Namespace) -> bool:
        """Tell whether an option was given; one given with the value that it has anyway changes nothing."""
        action = self._option_string_actions[option]
        return bool(getattr(found, action.dest) != action.default)

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:  # noqa: ANN401  a value of any type
        # An empty value comes from a variable that is not set; taken as given, it would mean another file or district.
        if action.nargs != argparse.PARSER and not arg_string.strip():
            raise argparse.ArgumentError(action, "is empty")
        # Bytes of another encoding; what is answered in JSON could not repeat them.
        if not arg_string.isascii() and not _is_text(arg_string):
            raise argparse.ArgumentError(action, "is not UTF-8")
        return super()._get_value(action, arg_string)

    def error(self, message: str) -> NoReturn:
        """End the program with what is wrong, and where to read what can be given."""
        zh, en = in_both(message)
        said = f"{zh}；用法见 {self.prog} --help。 / {en}; see {self.prog} --help."
        said = "".join(one if one.isprintable() else repr(one)[1:-1] for one in said)
        self.exit(NOT_DONE, f"{self.format_usage()}{said} [arguments.unusable]\n")


def _is_text(given: str) -> bool:
    """Tell whether all of it was UTF-8; what was not stands there as halves of surrogate pairs."""
    return not any("\ud800" <= one <= "\udfff" for one in given)


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return the type of a whole number from `least` on, up to `most` where there is one."""
    zh = f"不是不小于 {least} 的整数" if most is None else f"不是 {least} 至 {most} 的整数"
    en = f"is no whole number from {least} " + ("on" if most is None else f"to {most}")

    def read(given: str) -> int:
        if given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER:
            number = int(given)
            if least <= number and (most is None or number <= most):
                return number
        raise argparse.ArgumentTypeError(f"{given} {zh}{OF_BOTH}{given} {en}")

    return read


def district_code(given: str) -> str:
    """Return the code of a district as it is given; the type of every option that names one."""
    from events.fields import DISTRICT  # noqa: PLC0415  who names none, or asks for --help, starts without

    if re.match(DISTRICT, given):
        return given
    raise argparse.ArgumentTypeError(
        f"{given} 不是区县代号，应为小写字母、数字，如 xinzhou{OF_BOTH}"
        f"{given} is no name of a district: small letters, as xinzhou"
    )


def identity(given: str) -> str:
    """Return the id of a person, unit or post as it is given; the type of every option that names one."""
    from events.fields import IDENTITY, LONGEST_IDENTITY  # noqa: PLC0415  as above

    if re.match(IDENTITY, given) and len(given) <= LONGEST_IDENTITY:
        return given
    raise argparse.ArgumentTypeError(
        f"{given} 不是编号，应为字母、数字、连字符，如 p-luo{OF_BOTH}"
        f"{given} is no id: letters, digits and hyphens, as p-luo"
    )


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
