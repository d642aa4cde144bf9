"""The settings of the program in one place; nothing else reads the environment.

A setting comes from its variable, else from the TOML file that TAIZHANG_SETTINGS names, else it has its default. To add
one, add a field to `Settings` and its description, under the same name, to `SETTINGS`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from services.setting_sources import (
    Setting,
    SettingError,
    SettingsFile,
    Stated,
    one_of,
    read_settings_file,
    stated_by,
    unknown_variables,
)

__all__ = ["SettingError", "Settings", "current_settings", "settings_from", "stated_settings"]

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "json", "terminal"]
HashAlgorithm = Literal["sha256", "sm3"]

_LARGEST_PORT: Final = 65_535


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


def _port(given: str) -> int:
    port = int(given)
    if not 1 <= port <= _LARGEST_PORT:
        raise ValueError(given)
    return port


SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType(
    {
        "data": Setting(
            variable="TAIZHANG_DATA",
            default="./var",
            form=Path,
            zh="单机账册所在的文件夹",
            en="the folder of the embedded ledger",
            allowed_zh="文件夹路径",
            allowed_en="the path of a folder",
            is_path=True,
        ),
        "port": Setting(
            variable="TAIZHANG_PORT",
            default="8420",
            form=_port,
            zh="taizhang serve 应答的端口",
            en="where taizhang serve answers",
            allowed_zh="1 至 65535 的整数",
            allowed_en="a whole number from 1 to 65535",
        ),
        "log_level": Setting(
            variable="TAIZHANG_LOG",
            default="info",
            zh="写出的日志的最低级别",
            en="the least weighty messages that are still written",
            **one_of(get_args(LogLevel)),
        ),
        "log_format": Setting(
            variable="TAIZHANG_LOG_FORMAT",
            default="auto",
            zh="日志格式；auto：终端上便于阅读，其他为 JSON",
            en="the form of log lines; auto is readable on a terminal and JSON elsewhere",
            **one_of(get_args(LogFormat)),
        ),
        "hash_algorithm": Setting(
            variable="TAIZHANG_HASH",
            default="sha256",
            zh="新建账册的封存算法；已有账册沿用建立时的算法",
            en="how a new ledger is sealed; a ledger keeps the algorithm it was created with",
            **one_of(get_args(HashAlgorithm)),
        ),
    }
)


def settings_from(environment: Mapping[str, str], file: SettingsFile | None = None) -> Settings:
    """Read the settings; an empty variable counts as not set. Raise SettingError for a value that cannot be used."""
    values: dict[str, Any] = {name: one.value for name, one in stated_by(SETTINGS, environment, file).items()}
    return Settings(**values)


def current_settings() -> Settings:
    """Read the settings of this process; raise SettingError for what cannot be used."""
    return settings_from(os.environ, read_settings_file(os.environ))


def stated_settings() -> tuple[list[Stated], list[str]]:
    """Return what each setting of this process says and who said so, and the variables that set nothing."""
    stated = stated_by(SETTINGS, os.environ, read_settings_file(os.environ))
    return list(stated.values()), unknown_variables(SETTINGS, os.environ)
