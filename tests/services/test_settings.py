"""The settings an operator may give through the environment."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli import main
from services.settings.service import SETTINGS, SettingError, Settings, settings_from
from services.settings.sources import Setting, read_settings_file, stated_by, unknown_variables


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


@pytest.mark.parametrize("hours", [0, 8_784])
def test_checkpoints_may_be_signed_never_or_once_in_a_leap_year(hours: int) -> None:
    assert settings_from({"TAIZHANG_CHECKPOINT_HOURS": str(hours)}).checkpoint_hours == hours


def test_several_brokers_of_kafka_are_read() -> None:
    read = settings_from({"TAIZHANG_KAFKA": "one.example:9092, [::1]:9093,", "TAIZHANG_KAFKA_SECURITY": "sasl_tls"})
    assert (read.kafka, read.kafka_security, read.kafka_user) == (
        ("one.example:9092", "[::1]:9093"),
        "sasl_tls",
        None,
    )


@pytest.mark.parametrize("variable", ["TAIZHANG_KAFKA_PASSWORD", "TAIZHANG_KAFKA_KEY_PASSWORD"])
def test_passwords_of_kafka_are_not_shown(
    variable: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "hunter2")
    assert main(["settings"]) == 0
    assert main(["settings", "--json"]) == 0
    assert "hunter2" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variable", "given", "allowed"),
    [
        ("TAIZHANG_PORT", "web", "a whole number from 0 to 65535"),
        ("TAIZHANG_PORT", "-1", "a whole number from 0 to 65535"),
        ("TAIZHANG_PORT", "65536", "a whole number from 0 to 65535"),
        ("TAIZHANG_LOG", "loud", "debug, info, warning, error"),
        ("TAIZHANG_LOG_FORMAT", "xml", "auto, json, terminal"),
        ("TAIZHANG_HASH", "md5", "sha256, sm3"),
        ("TAIZHANG_READ_SECONDS", "0", "a whole number from 1 on"),
        ("TAIZHANG_CHECKPOINT_HOURS", "-1", "a whole number from 0 to 8784"),
        ("TAIZHANG_CHECKPOINT_HOURS", "8785", "a whole number from 0 to 8784"),
        ("TAIZHANG_INSTALLATION", "office example", "a name without blanks or plus signs"),
        ("TAIZHANG_INSTALLATION", "office+example", "a name without blanks or plus signs"),
        ("TAIZHANG_INSTALLATION", "office\texample", "a name without blanks or plus signs"),
        ("TAIZHANG_KAFKA", "broker", "host:port"),
        ("TAIZHANG_KAFKA", "broker:9092,:9093", "host:port"),
        ("TAIZHANG_KAFKA", "broker:0", "host:port"),
        ("TAIZHANG_KAFKA_TOPIC", "区政府", "letters, figures, dots, underscores, hyphens, 249 at most"),
        ("TAIZHANG_KAFKA_PARTITIONS", "0", "a whole number from 1 on"),
        ("TAIZHANG_KAFKA_REPLICAS", "-2", "a whole number from 1 on, or -1"),
        ("TAIZHANG_KAFKA_SECURITY", "none", "plaintext, tls, sasl_plaintext, sasl_tls"),
        ("TAIZHANG_KAFKA_SASL", "GSSAPI", "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_what_may_be_given(variable: str, given: str, allowed: str) -> None:
    with pytest.raises(SettingError) as refusal:
        settings_from({variable: given})
    assert refusal.value.variable == variable
    assert str(refusal.value).endswith(
        f"The environment variable {variable} is {given!r}, so the program does not start; allowed: {allowed}. "
        "[setting.not_allowed]"
    )


def written(folder: Path, text: str) -> dict[str, str]:
    path = folder / "taizhang.toml"
    path.write_text(text, encoding="utf-8")
    return {"TAIZHANG_SETTINGS": str(path)}


def test_every_field_is_described_and_every_description_has_its_field() -> None:
    assert sorted(field.name for field in dataclasses.fields(Settings)) == sorted(SETTINGS)
    assert len({setting.key for setting in SETTINGS.values()}) == len(SETTINGS)


def test_a_file_sets_what_the_environment_does_not_and_its_paths_start_from_its_folder(tmp_path: Path) -> None:
    environment = {**written(tmp_path, 'data = "ledgers"\nport = 9000\nlog = "debug"\n'), "TAIZHANG_LOG": "error"}
    file = read_settings_file(environment)
    stated = stated_by(SETTINGS, environment, file)
    assert {name: (one.text, one.source) for name, one in stated.items() if name in {"data", "port", "log_level"}} == {
        "data": (str(tmp_path / "ledgers"), "file"),
        "port": ("9000", "file"),
        "log_level": ("error", "environment"),
    }
    read = settings_from(environment, file)
    assert (read.data, read.port, read.log_level) == (tmp_path / "ledgers", 9000, "error")


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("prot = 1", "setting.unknown", "prot"),
        ("port = -1", "setting.not_allowed", "TAIZHANG_PORT"),
        ("port = true", "setting.not_allowed", "TAIZHANG_PORT"),
        ("[port]\nnumber = 1", "setting.wrong_type", "port"),
        ("port = ", "setting.file_unreadable", "TAIZHANG_SETTINGS"),
    ],
)
def test_what_a_file_may_not_say_is_refused_by_name(tmp_path: Path, text: str, code: str, named: str) -> None:
    environment = written(tmp_path, text)
    with pytest.raises(SettingError) as refusal:
        settings_from(environment, read_settings_file(environment))
    assert (refusal.value.code, refusal.value.variable) == (code, named)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refusal:
        read_settings_file({"TAIZHANG_SETTINGS": str(tmp_path / "none.toml")})
    assert refusal.value.code == "setting.file_unreadable"


def test_a_secret_is_shown_neither_in_the_list_nor_in_a_refusal() -> None:
    def form(given: str) -> str:
        if given != "right":
            raise ValueError(given)
        return given

    secret = Setting(
        variable="TAIZHANG_KEY", default="right", form=form, zh="", en="", allowed_zh="", allowed_en="", secret=True
    )
    assert stated_by({"key": secret}, {"TAIZHANG_KEY": "right"}, None)["key"].shown == "••••••"
    with pytest.raises(SettingError) as refusal:
        stated_by({"key": secret}, {"TAIZHANG_KEY": "hunter2"}, None)
    assert "hunter2" not in str(refusal.value)


def test_the_address_of_a_database_is_a_secret_and_looked_at_before_it_is_used() -> None:
    address = "postgresql://office:hunter2@db.example/ledger?sslmode=verify-full"
    assert settings_from({"TAIZHANG_DATABASE": address}).database == address
    assert stated_by(SETTINGS, {"TAIZHANG_DATABASE": address}, None)["database"].shown == "••••••"
    with pytest.raises(SettingError) as refusal:
        settings_from({"TAIZHANG_DATABASE": "hunter2 at db.example"})
    assert (refusal.value.code, "hunter2" in str(refusal.value)) == ("setting.not_allowed", False)


@pytest.mark.parametrize("given", ["y", "TRUE", "1"])
def test_the_variable_under_which_followers_miss_facts_is_refused(given: str) -> None:
    with pytest.raises(SettingError) as refusal:
        settings_from({"POSTGRES_ENABLE_DB_FUNCTIONS": given})
    assert refusal.value.code == "setting.database_functions"
    settings_from({"POSTGRES_ENABLE_DB_FUNCTIONS": "n"})


def test_a_misspelt_variable_is_found_with_the_one_that_was_meant_and_others_are_not_taken_for_one() -> None:
    given = ("TAIZHANG_DATE", "TAIZHANG_DATA", "TAIZHANG_API_PORT", "TAIZHANG_API_SERVICE_HOST", "TAIZHANG_SETTINGS")
    assert unknown_variables(SETTINGS, dict.fromkeys((*given, "HOME"), "x")) == {
        "TAIZHANG_API_PORT": None,
        "TAIZHANG_API_SERVICE_HOST": None,
        "TAIZHANG_DATE": "TAIZHANG_DATA",
    }


def test_a_command_warns_of_a_misspelt_variable_before_it_works_with_the_default(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "TAIZHANG_DATABSE": "x", "TAIZHANG_API_PORT": "x"}
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "migrate"],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        env={**environment, "PYTHONIOENCODING": "utf-8"},
    )
    warning, refusal = done.stderr.decode().splitlines()
    assert warning == (
        "环境变量 TAIZHANG_DATABSE 不是任何设置，未起作用；是否为 TAIZHANG_DATABASE？"
        "/ TAIZHANG_DATABSE sets nothing; did you mean TAIZHANG_DATABASE?"
    )
    assert (done.returncode, "[database.not_named]" in refusal) == (2, True)


def test_user_and_password_in_an_address_are_not_shown_whatever_setting_it_is() -> None:
    address = "https://office:hunter2@keys.example/jwks.json"
    shown = stated_by(SETTINGS, {"TAIZHANG_TOKEN_KEYS": address}, None)["token_keys"].shown
    assert shown == "https://••••••@keys.example/jwks.json"
    with pytest.raises(SettingError) as refusal:
        settings_from({"TAIZHANG_TRACES_ENDPOINT": "https://office:hunter2@collector.example/v1/traces"})
    assert "hunter2" not in str(refusal.value)


def test_the_command_shows_each_setting_with_its_source(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for setting in SETTINGS.values():
        monkeypatch.delenv(setting.variable, raising=False)
    for name, value in written(tmp_path, "port = 9000").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TAIZHANG_LOG", "error")
    assert main(["settings", "--json"]) == 0
    shown = {one["key"]: (one["value"], one["source"]) for one in json.loads(capsys.readouterr().out)}
    assert (shown["data"], shown["port"], shown["log"]) == (
        ("./var", "default"),
        ("9000", "file"),
        ("error", "environment"),
    )
    assert main(["settings"]) == 0
    lines = {" ".join(line.split()) for line in capsys.readouterr().out.splitlines()}
    assert {"TAIZHANG_DATA = ./var # 默认 default", "TAIZHANG_PORT = 9000 # 文件 file"} <= lines
