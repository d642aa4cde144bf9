"""What one setting is, and where its value comes from: the environment, else the settings file, else its default."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal

from services.file_faults import file_reason

SETTINGS_FILE: Final = "TAIZHANG_SETTINGS"
"""The variable that names the settings file."""
_PREFIX: Final = "TAIZHANG_"
_HIDDEN: Final = "••••••"
_SIGNS_IN: Final = re.compile(r"(?<=//)[^/@\s]+(?=@)")
"""User and password in an address, which are a secret in whatever setting they stand."""
_ALIKE: Final = 0.7
"""How alike a name has to be to that of a setting (difflib) to be taken for that one, misspelt."""

Source = Literal["default", "file", "environment"]


class SettingError(ValueError):
    """A setting that cannot be used; `code` is stable, `variable` names what is wrong."""

    def __init__(self, code: str, variable: str, zh: str, en: str) -> None:
        """Say what is wrong and what to do, in Chinese and English."""
        super().__init__(f"{zh}{en} [{code}]")
        self.code, self.variable, self.zh, self.en = code, variable, zh, en


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting: how it is named, what it is for, what it may be.

    `form` makes a value of the text given and raises ValueError for what is not allowed. A secret is never shown.
    """

    variable: str
    default: str
    form: Callable[[str], object]
    zh: str
    en: str
    allowed_zh: str
    allowed_en: str
    secret: bool = False
    is_path: bool = False

    @property
    def key(self) -> str:
        """The name that it has in the settings file."""
        return _key(self.variable)


@dataclass(frozen=True)
class Stated:
    """What a setting says, and who said so."""

    setting: Setting
    text: str
    source: Source
    value: object

    @property
    def shown(self) -> str:
        """The text as it may be shown."""
        return _HIDDEN if self.setting.secret and self.text else _SIGNS_IN.sub(_HIDDEN, self.text)


@dataclass(frozen=True)
class SettingsFile:
    """What a settings file says by key, as texts."""

    path: Path
    texts: Mapping[str, str]


def stated_by(
    known: Mapping[str, Setting], environment: Mapping[str, str], file: SettingsFile | None
) -> dict[str, Stated]:
    """Return what each setting says, by the name of its field; raise SettingError for what cannot be used."""
    if file is not None:
        _refuse_unknown(file, [setting.key for setting in known.values()])
    return {name: _stated(setting, environment, file) for name, setting in known.items()}


def read_settings_file(environment: Mapping[str, str]) -> SettingsFile | None:
    """Read the file that TAIZHANG_SETTINGS names, None when it names none; raise SettingError when that fails."""
    named = environment.get(SETTINGS_FILE)
    if not named:
        return None
    path = Path(named)
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        zh, en = file_reason(fault) if isinstance(fault, OSError) else (f"不是 UTF-8 的 TOML：{fault}", str(fault))
        raise SettingError(
            "setting.file_unreadable",
            SETTINGS_FILE,
            f"设置文件 {path} 不能读取（{zh}），程序因此不启动；请检查 {SETTINGS_FILE}，文件应为 UTF-8 的 TOML。",
            f"The settings file {path} cannot be read ({en}), so the program does not start; "
            f"check {SETTINGS_FILE}: the file must be TOML in UTF-8.",
        ) from fault
    return SettingsFile(path, {key: _text(path, key, value) for key, value in given.items()})


def unknown_variables(known: Mapping[str, Setting], environment: Mapping[str, str]) -> dict[str, str | None]:
    """Return the variables that look like ours but set nothing, each with the one that it may be, misspelt."""
    keys = {setting.key: setting.variable for setting in known.values()}
    names = sorted(name for name in environment if name.startswith(_PREFIX))
    return {
        name: next((keys[near] for near in get_close_matches(_key(name), keys, n=1, cutoff=_ALIKE)), None)
        for name in names
        if name != SETTINGS_FILE and _key(name) not in keys
    }


def warning_of_unknown(name: str, near: str | None) -> str:
    """Return what is said of a variable that sets nothing."""
    hint_zh, hint_en = (f"是否为 {near}？", f"did you mean {near}?") if near else ("请核对拼写。", "check it.")
    return f"环境变量 {name} 不是任何设置，未起作用；{hint_zh}/ {name} sets nothing; {hint_en}"


def _key(variable: str) -> str:
    return variable.removeprefix(_PREFIX).lower()


def one_of(allowed: Sequence[str]) -> dict[str, Any]:
    """Return the form of a setting that is one of a few words, and how the words are listed."""
    listed = ", ".join(allowed)

    def form(given: str) -> str:
        return allowed[allowed.index(given)]

    return {"form": form, "allowed_zh": listed, "allowed_en": listed}


def _stated(setting: Setting, environment: Mapping[str, str], file: SettingsFile | None) -> Stated:
    if given := environment.get(setting.variable):
        where_zh, where_en = f"环境变量 {setting.variable}", f"The environment variable {setting.variable}"
        return _formed(setting, given, "environment", (where_zh, where_en))
    if file is not None and setting.key in file.texts:
        given = file.texts[setting.key]
        text = str(file.path.parent / given) if setting.is_path and given else given
        where_zh, where_en = f"设置文件 {file.path} 中 {setting.key}", f"{setting.key} in the settings file {file.path}"
        return _formed(setting, text, "file", (where_zh, where_en))
    return Stated(setting, setting.default, "default", setting.form(setting.default))


def _formed(setting: Setting, given: str, source: Source, where: tuple[str, str]) -> Stated:
    try:
        return Stated(setting, given, source, setting.form(given))
    except ValueError as fault:
        shown = _HIDDEN if setting.secret else repr(_SIGNS_IN.sub(_HIDDEN, given))
        raise SettingError(
            "setting.not_allowed",
            setting.variable,
            f"{where[0]} 的值 {shown} 不可用，程序因此不启动；可用：{setting.allowed_zh}。",
            f"{where[1]} is {shown}, so the program does not start; allowed: {setting.allowed_en}.",
        ) from fault


def _text(path: Path, key: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    raise SettingError(
        "setting.wrong_type",
        key,
        f"设置文件 {path} 中 {key} 应为一个文字或整数，程序因此不启动；请改正。",
        f"{key} in the settings file {path} must be a text or a whole number, so the program does not start; mend it.",
    )


def _refuse_unknown(file: SettingsFile, keys: Sequence[str]) -> None:
    for key in file.texts:
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            hint_zh, hint_en = (f"是否为 {near[0]}？", f"did you mean {near[0]}?") if near else ("", "")
            raise SettingError(
                "setting.unknown",
                key,
                f"设置文件 {file.path} 中的 {key} 不是任何设置，程序因此不启动；{hint_zh}可用：{'、'.join(keys)}。",
                f"{key} in the settings file {file.path} is no setting, so the program does not start; "
                f"{hint_en} known: {', '.join(keys)}.",
            )
