"""The settings an operator may give through the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.settings import SettingError, Settings, settings_from


def test_without_variables_the_defaults_hold() -> None:
    defaults = Settings(data=Path("var"), port=8420, log_level="info", log_format="auto", hash_algorithm="sha256")
    assert settings_from({}) == defaults
    assert settings_from({"TAIZHANG_PORT": "", "TAIZHANG_DATA": "", "PATH": "elsewhere"}) == defaults


def test_each_variable_is_read() -> None:
    given = {
        "TAIZHANG_DATA": "ledgers/xinzhou",
        "TAIZHANG_PORT": "1",
        "TAIZHANG_LOG": "debug",
        "TAIZHANG_LOG_FORMAT": "json",
        "TAIZHANG_HASH": "sm3",
    }
    assert settings_from(given) == Settings(
        data=Path("ledgers/xinzhou"), port=1, log_level="debug", log_format="json", hash_algorithm="sm3"
    )


@pytest.mark.parametrize(
    ("variable", "given", "allowed"),
    [
        ("TAIZHANG_PORT", "web", "a whole number from 1 to 65535"),
        ("TAIZHANG_PORT", "0", "a whole number from 1 to 65535"),
        ("TAIZHANG_PORT", "65536", "a whole number from 1 to 65535"),
        ("TAIZHANG_LOG", "loud", "debug, info, warning, error"),
        ("TAIZHANG_LOG_FORMAT", "xml", "auto, json, terminal"),
        ("TAIZHANG_HASH", "md5", "sha256, sm3"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_what_may_be_given(variable: str, given: str, allowed: str) -> None:
    with pytest.raises(SettingError) as refusal:
        settings_from({variable: given})
    assert refusal.value.variable == variable
    assert str(refusal.value).endswith(
        f"The environment variable {variable} is {given!r}, so the program does not start; allowed: {allowed}."
    )
