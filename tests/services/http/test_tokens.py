"""Tokens: each reason for refusing one has its code, and the keys of an identity provider are read as they come."""

from __future__ import annotations

import base64
import datetime as dt
import json
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from services.cli import main
from services.identity.caller import Caller
from services.identity.token_errors import TokenError
from services.identity.token_keys import KeySetAddress, KeySetFile, LocalKey, PemKey, provided_keys
from services.identity.tokens import AUDIENCE, LEEWAY, LOCAL_ISSUER, TokenReader, issue
from services.settings.service import SettingError
from tests.services.http.api import NOW, Api, Clock

CLAIMS: Mapping[str, Any] = {
    "iss": LOCAL_ISSUER,
    "aud": AUDIENCE,
    "sub": "p-zhou",
    "roles": ["clerk"],
    "districts": ["xinzhou"],
    "exp": int(NOW.timestamp()) + 3_600,
}
CLERK = Caller(subject="p-zhou", roles=frozenset({"clerk"}), districts=frozenset({"xinzhou"}))


def claims(**changes: object) -> dict[str, Any]:
    return {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}


def unsigned() -> str:
    """Return a token with the algorithm `none`, as a forger writes it."""
    parts = (orjson.dumps(one) for one in ({"alg": "none", "typ": "JWT"}, claims()))
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), ""])


def signed(key: LocalKey, **changes: object) -> str:
    return jwt.encode(claims(**changes), key.secret, algorithm="HS256")


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(TokenError) as refusal:
        yield
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": int(NOW.timestamp()) - 3_600}, "token.expired"),
        ({"nbf": int(NOW.timestamp()) + 3_600}, "token.not_yet_valid"),
        ({"aud": "another-system"}, "token.wrong_audience"),
        ({"aud": None}, "token.wrong_audience"),
        ({"iss": "somebody"}, "token.wrong_issuer"),
        ({"iss": None}, "token.wrong_issuer"),
        ({"exp": None}, "token.bad_claims"),
        ({"exp": "tomorrow"}, "token.bad_claims"),
        ({"exp": True}, "token.bad_claims"),
        ({"sub": None}, "token.bad_claims"),
        ({"sub": " "}, "token.bad_claims"),
        ({"sub": "line\nbreak"}, "token.bad_claims"),
        ({"sub": "p" * 201}, "token.bad_claims"),
        ({"roles": None}, "token.bad_claims"),
        ({"roles": []}, "token.bad_claims"),
        ({"roles": ["watch"]}, "token.bad_claims"),
        ({"roles": "clerk"}, "token.bad_claims"),
        ({"districts": [1]}, "token.bad_claims"),
        ({"districts": []}, "token.bad_claims"),
        ({"person": 7}, "token.bad_claims"),
    ],
)
def test_each_thing_that_is_wrong_with_a_token_has_its_code(shared: Api, changes: dict[str, Any], code: str) -> None:
    answer = shared.client().get("/v1/vocabulary", headers={"authorization": f"Bearer {signed(shared.key, **changes)}"})
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == f'Bearer error="invalid_token", error_description="{code}"'


def test_a_token_that_is_none_is_told_from_one_of_another_key_or_algorithm(shared: Api, tmp_path: Path) -> None:
    def code(token: str) -> str:
        answer = shared.client().get("/v1/vocabulary", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        return str(answer.json()["code"])

    good = signed(shared.key)
    assert code("a.b.c") == "token.malformed"
    assert code("x" * 10_000) == "token.malformed"
    assert code(unsigned()) == "token.algorithm_not_allowed"
    assert code(good.rpartition(".")[0] + ".") == "token.bad_signature"
    assert code(signed(LocalKey(tmp_path))) == "token.bad_signature"
    assert code(jwt.encode(claims(), shared.key.secret * 2, algorithm="HS512")) == "token.algorithm_not_allowed"


def test_another_scheme_than_bearer_is_no_token(shared: Api) -> None:
    answer = shared.client().get("/v1/vocabulary", headers={"authorization": "Basic cDpx"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token.missing")


def test_a_token_is_taken_though_the_clock_of_the_issuer_is_a_little_ahead(tmp_path: Path) -> None:
    key = LocalKey(tmp_path)
    reader = TokenReader(key, Clock())
    begins = NOW.timestamp() + LEEWAY.total_seconds()
    assert reader.read(signed(key, nbf=begins)) == CLERK
    with refused("token.not_yet_valid"):
        reader.read(signed(key, nbf=begins + 1))


def test_a_token_that_was_good_is_refused_once_its_time_is_over(tmp_path: Path) -> None:
    clock, key = Clock(), LocalKey(tmp_path)
    reader = TokenReader(key, clock)
    token = issue(key.secret, CLERK, NOW, dt.timedelta(hours=1))
    assert reader.known(token) is None
    assert reader.read(token) == reader.known(token) == CLERK
    clock.now = NOW + dt.timedelta(hours=1) + LEEWAY
    with refused("token.expired"):
        reader.known(token)


def test_the_key_of_the_data_folder_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = LocalKey(tmp_path / "var"), LocalKey(tmp_path / "var")
    assert first.secret == second.secret
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["token.key"]
    assert stat.S_IMODE((tmp_path / "var" / "token.key").stat().st_mode) == 0o600


def test_a_key_that_was_cut_short_is_refused_rather_than_used(tmp_path: Path) -> None:
    (tmp_path / "token.key").write_bytes(b"short")
    with pytest.raises(SettingError) as refusal:
        LocalKey(tmp_path)
    assert refusal.value.code == "setting.key_unusable"


def private_keys() -> list[tuple[str, Any]]:
    return [
        ("RS256", rsa.generate_private_key(65_537, 2_048)),
        ("PS384", rsa.generate_private_key(65_537, 2_048)),
        ("ES256", ec.generate_private_key(ec.SECP256R1())),
        ("EdDSA", ed25519.Ed25519PrivateKey.generate()),
    ]


def test_tokens_of_an_identity_provider_are_read_with_its_public_key(tmp_path: Path) -> None:
    for algorithm, private in private_keys():
        path = tmp_path / f"{algorithm}.pem"
        pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        path.write_bytes(pem)
        keys = provided_keys(str(path))
        assert isinstance(keys, PemKey)
        reader = TokenReader(keys, Clock(), audience="taizhang", issuer=None)
        token = jwt.encode(claims(iss="https://id.example"), private, algorithm=algorithm)
        assert reader.read(token) == CLERK
        # The public key is no secret, and must not serve as one.
        forged = jwt.encode(claims(), pem.replace(b"-----", b"====="), algorithm="HS256")
        with refused("token.algorithm_not_allowed"):
            reader.read(forged)


def jwks(*keys: tuple[str, str, Any]) -> dict[str, Any]:
    written: dict[str, Callable[[Any], Any]] = {
        "RS256": RSAAlgorithm.to_jwk,
        "ES256": ECAlgorithm.to_jwk,
        "EdDSA": OKPAlgorithm.to_jwk,
    }
    return {
        "keys": [
            {**json.loads(str(written[algorithm](key.public_key()))), "kid": kid, "use": "sig", "alg": algorithm}
            for kid, algorithm, key in keys
        ]
    }


def test_a_key_set_finds_the_key_that_a_token_names(tmp_path: Path) -> None:
    keys = {algorithm: key for algorithm, key in private_keys() if algorithm != "PS384"}
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(jwks(*((f"k-{one}", one, key) for one, key in keys.items()))), encoding="utf-8")
    reader = TokenReader(provided_keys(str(path)), Clock(), issuer=None)
    for algorithm, key in keys.items():
        token = jwt.encode(claims(), key, algorithm=algorithm, headers={"kid": f"k-{algorithm}"})
        assert reader.read(token) == CLERK
    with refused("token.unknown_key"):
        reader.read(jwt.encode(claims(), keys["EdDSA"], algorithm="EdDSA", headers={"kid": "k-old"}))
    with refused("token.algorithm_not_allowed"):
        reader.read(jwt.encode(claims(), b"k" * 32, algorithm="HS256", headers={"kid": "k-EdDSA"}))
    with refused("token.malformed"):
        reader.read("nonsense")


def test_keys_that_cannot_be_fetched_are_said_to_be_out_of_reach(tmp_path: Path) -> None:
    keys = provided_keys("http://127.0.0.1:9/keys")
    assert isinstance(keys, KeySetAddress)
    key = ed25519.Ed25519PrivateKey.generate()
    token = jwt.encode(claims(), key, algorithm="EdDSA", headers={"kid": "k"})
    with refused("token.keys_unavailable"):
        TokenReader(keys, Clock(), issuer=None).read(token)
    with refused("token.algorithm_not_allowed"):
        TokenReader(keys, Clock(), issuer=None).read(jwt.encode(claims(), b"k" * 32, algorithm="HS256"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "no key", '{"keys": []}', '{"keys": 1}', "[]"])
def test_a_file_without_keys_is_refused_by_name(tmp_path: Path, text: str) -> None:
    for name, kind in (("keys.json", KeySetFile), ("key.pem", PemKey)):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SettingError) as refusal:
            kind(path)
        assert (refusal.value.code, refusal.value.variable) == ("setting.key_unusable", "TAIZHANG_TOKEN_KEYS")


def test_the_command_issues_a_token_that_the_service_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    given = ["token", "--role", "leader", "--district", "xinzhou", "--person", "p-wang", "--days", "2"]
    assert main(given) == 0
    printed = capsys.readouterr()
    reader = TokenReader(LocalKey(tmp_path), lambda: dt.datetime.now(dt.UTC))
    assert printed.err == ""
    assert reader.read(printed.out.strip()) == Caller(
        subject="p-wang", roles=frozenset({"leader"}), districts=frozenset({"xinzhou"}), person="p-wang"
    )


@pytest.mark.parametrize(
    "arguments", [("--role", "watch"), ("--role", "clerk", "--days", "0"), ("--role", "clerk", "--days", "x"), ()]
)
def test_an_impossible_token_is_not_issued(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    with pytest.raises(SystemExit) as end:
        main(["token", "--district", "xinzhou", *arguments])
    assert (end.value.code, capsys.readouterr().out, list(tmp_path.iterdir())) == (2, "", [])


def test_a_token_that_the_service_would_not_take_is_not_issued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    monkeypatch.setenv("TAIZHANG_TOKEN_KEYS", "keys.pem")
    assert main(["token", "--district", "xinzhou", "--role", "clerk"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, "TAIZHANG_TOKEN_KEYS" in printed.err) == ("", True)
