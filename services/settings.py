"""The settings of the program; the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar, cast, get_args

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "json", "terminal"]
HashAlgorithm = Literal["sha256", "sm3"]
Value = TypeVar("Value")

_LARGEST_PORT: Final = 65_535


class SettingError(ValueError):
    """A variable of the environment has a value that cannot be used; `code` is stable."""

    code: Final = "setting.not_allowed"

    def __init__(self, variable: str, given: str, allowed_zh: str, allowed_en: str) -> None:
        """Name the variable, what it says and what it may say."""
        self.variable = variable
        super().__init__(
            f"环境变量 {variable} 的值 {given!r} 不可用，程序因此不启动；可用：{allowed_zh}。"
            f"The environment variable {variable} is {given!r}, so the program does not start; allowed: {allowed_en}."
        )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator may set; the defaults suit one machine with one district."""

    data: Path
    """TAIZHANG_DATA: the folder of the embedded ledger."""
    port: int
    """TAIZHANG_PORT: where `taizhang serve` answers."""
    log_level: LogLevel
    """TAIZHANG_LOG: the least weighty messages that are still written."""
    log_format: LogFormat
    """TAIZHANG_LOG_FORMAT: `auto` is readable on a terminal and JSON elsewhere."""
    hash_algorithm: HashAlgorithm
    """TAIZHANG_HASH: how a new ledger is sealed; a ledger keeps the algorithm it was created with."""


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read the settings; an empty variable counts as not set. Raise SettingError for a value that cannot be used."""
    return Settings(
        data=_read(environment, "TAIZHANG_DATA", "./var", Path, "文件夹路径", "the path of a folder"),
        port=_read(environment, "TAIZHANG_PORT", "8420", _port, "1 至 65535 的整数", "a whole number from 1 to 65535"),
        log_level=_one_of(environment, "TAIZHANG_LOG", "info", get_args(LogLevel)),
        log_format=_one_of(environment, "TAIZHANG_LOG_FORMAT", "auto", get_args(LogFormat)),
        hash_algorithm=_one_of(environment, "TAIZHANG_HASH", "sha256", get_args(HashAlgorithm)),
    )


def current_settings() -> Settings:
    """Read the settings of this process; raise SettingError for a value that cannot be used."""
    return settings_from(os.environ)


def _read(
    environment: Mapping[str, str],
    variable: str,
    default: str,
    form: Callable[[str], Value],
    allowed_zh: str,
    allowed_en: str,
) -> Value:
    given = environment.get(variable) or default
    try:
        return form(given)
    except ValueError as fault:
        raise SettingError(variable, given, allowed_zh, allowed_en) from fault


def _one_of(environment: Mapping[str, str], variable: str, default: str, allowed: tuple[Value, ...]) -> Value:
    def form(given: str) -> Value:
        return allowed[allowed.index(cast("Value", given))]

    listed = ", ".join(map(str, allowed))
    return _read(environment, variable, default, form, listed, listed)


def _port(given: str) -> int:
    port = int(given)
    if not 1 <= port <= _LARGEST_PORT:
        raise ValueError(given)
    return port
