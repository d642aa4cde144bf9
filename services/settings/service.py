"""The settings of the program in one place; nothing else reads the environment.

A setting comes from its variable, else from the TOML file that TAIZHANG_SETTINGS names, else it has its default. To add
one, add a field to `Settings` and its description, under the same name, to `SETTINGS`; those of HTTP, Kafka and traces
stand in files of their own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from services.settings.forms import A_FOLDER
from services.settings.http import HTTP_SETTINGS, HttpSettings
from services.settings.kafka import KAFKA_SETTINGS, KafkaSettings
from services.settings.sources import (
    Setting,
    SettingError,
    SettingsFile,
    Stated,
    one_of,
    read_settings_file,
    stated_by,
    unknown_variables,
    warning_of_unknown,
)
from services.settings.traces import TRACE_SETTINGS, TraceSettings

__all__ = [
    "SettingError",
    "Settings",
    "current_settings",
    "settings_from",
    "stated_settings",
    "warnings_of_variables",
]

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "json", "terminal"]
HashAlgorithm = Literal["sha256", "sm3"]

_HOURS_OF_A_YEAR: Final = 8_784
_DATABASE_FUNCTIONS: Final = "POSTGRES_ENABLE_DB_FUNCTIONS"


@dataclass(frozen=True, kw_only=True)
class Settings(HttpSettings, KafkaSettings, TraceSettings):
    """What an operator may set; the defaults suit one machine with one district."""

    data: Path
    """TAIZHANG_DATA: the folder of the embedded ledger."""
    log_level: LogLevel
    """TAIZHANG_LOG: the least weighty messages that are still written."""
    log_format: LogFormat
    """TAIZHANG_LOG_FORMAT: `auto` is readable on a terminal and JSON elsewhere."""
    hash_algorithm: HashAlgorithm
    """TAIZHANG_HASH: how a new ledger is sealed; a ledger keeps the algorithm it was created with."""
    access: Path | None = None
    """TAIZHANG_ACCESS: the folder of the access ledger; None for that of the ledger."""
    installation: str = "taizhang.local"
    """TAIZHANG_INSTALLATION: what checkpoints call this installation; with the district it names a tree for ever."""
    checkpoint_hours: int = 24
    """TAIZHANG_CHECKPOINT_HOURS: how often `taizhang serve` signs a checkpoint of each district; 0 for never."""
    database: str | None = None
    """TAIZHANG_DATABASE: the PostgreSQL database that holds the ledger of all processes; None: the embedded ledger."""
    texts: Path | None = None
    """TAIZHANG_TEXTS: the folder with the texts of the work rules, `DISTRICT.txt` each; None: pages show no words."""


def _hours(given: str) -> int:
    hours = int(given)
    if not 0 <= hours <= _HOURS_OF_A_YEAR:
        raise ValueError(given)
    return hours


def _key_name(given: str) -> str:
    if not given.isprintable() or set(given) & set(" +"):
        raise ValueError(given)
    return given


def _database(given: str) -> str | None:
    if not given:
        return None
    from psycopg import ProgrammingError  # noqa: PLC0415  loaded where there is one: most commands start without
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  as above

    try:
        conninfo_to_dict(given)
    except ProgrammingError:
        # The fault quotes the address, in which a password may stand.
        raise ValueError("no address of a database") from None
    return given


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
        "access": Setting(
            variable="TAIZHANG_ACCESS",
            zh="查阅账册所在的文件夹；默认与账册同处",
            en="the folder of the access ledger; by default that of the ledger",
            **A_FOLDER,
        ),
        "installation": Setting(
            variable="TAIZHANG_INSTALLATION",
            default="taizhang.local",
            form=_key_name,
            zh="检查点中本系统的名称，如 ledger.xinzhou.gov.cn；与区县名一起永久标识一棵树，签署之后不要改",
            en="what checkpoints call this installation, such as ledger.xinzhou.gov.cn; with the district it names a "
            "tree for ever, so leave it once something is signed",
            allowed_zh="无空白、无加号的名称",
            allowed_en="a name without blanks or plus signs",
        ),
        "checkpoint_hours": Setting(
            variable="TAIZHANG_CHECKPOINT_HOURS",
            default="24",
            form=_hours,
            zh="taizhang serve 每隔几小时为各区县签署检查点；0：不签",
            en="hours between the checkpoints that taizhang serve signs of each district; 0 for none",
            allowed_zh="0 至 8784 的整数",
            allowed_en="a whole number from 0 to 8784",
        ),
        "database": Setting(
            variable="TAIZHANG_DATABASE",
            default="",
            form=_database,
            zh="分布式账册所在的 PostgreSQL：地址或 libpq 键值，TLS 写 sslmode；默认用单机账册",
            en="the PostgreSQL that holds the distributed ledger: address or keys and values of libpq, TLS by sslmode; "
            "by default the embedded ledger is used",
            allowed_zh="如 postgresql://用户:密码@主机:5432/库名?sslmode=verify-full",
            allowed_en="such as postgresql://user:password@host:5432/name?sslmode=verify-full",
            secret=True,
        ),
        "texts": Setting(
            variable="TAIZHANG_TEXTS",
            zh="工作规则原文所在的文件夹（每区县一个 DISTRICT.txt），页面据以显示条文；默认不显示",
            en="the folder with the texts of the work rules (DISTRICT.txt each), whose words pages then show",
            **A_FOLDER,
        ),
        **HTTP_SETTINGS,
        **TRACE_SETTINGS,
        **KAFKA_SETTINGS,
    }
)


def settings_from(environment: Mapping[str, str], file: SettingsFile | None = None) -> Settings:
    """Read the settings; an empty variable counts as not set. Raise SettingError for a value that cannot be used."""
    _refuse_database_functions(environment)
    values: dict[str, Any] = {name: one.value for name, one in stated_by(SETTINGS, environment, file).items()}
    return Settings(**values)


def _refuse_database_functions(environment: Mapping[str, str]) -> None:
    """Refuse a variable of the eventsourcing library under which followers miss facts, before anybody relies on it."""
    if environment.get(_DATABASE_FUNCTIONS, "").lower() in {"y", "yes", "t", "true", "on", "1"}:
        raise SettingError(
            "setting.database_functions",
            _DATABASE_FUNCTIONS,
            f"环境变量 {_DATABASE_FUNCTIONS} 会绕过账册的封存与顺序，程序因此不启动；请去掉它。",
            f"The environment variable {_DATABASE_FUNCTIONS} goes past the seals and the order of the ledger, so the "
            "program does not start; remove it.",
        )


def current_settings() -> Settings:
    """Read the settings of this process; raise SettingError for what cannot be used."""
    return settings_from(os.environ, read_settings_file(os.environ))


def stated_settings() -> list[Stated]:
    """Return what each setting of this process says and who said so."""
    return list(stated_by(SETTINGS, os.environ, read_settings_file(os.environ)).values())


def warnings_of_variables(*, misspelt_only: bool) -> list[str]:
    """Return what is to be said of variables of this process that set nothing, or of those alone that seem misspelt.

    Others stand there for good reasons: Kubernetes, for one, names services in the environment of what it starts.
    """
    unknown = unknown_variables(SETTINGS, os.environ)
    return [warning_of_unknown(name, near) for name, near in unknown.items() if near or not misspelt_only]
