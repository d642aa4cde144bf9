"""The keys of tokens: one kept in the data folder for local use, or those of an identity provider."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt.exceptions import PyJWKClientConnectionError

from services.file_faults import file_reason
from services.identity import token_errors as errors
from services.identity.token_errors import TokenError
from services.settings.service import SettingError

KEY_FILE: Final = "token.key"
_BYTES: Final = 32
_OWNER_ONLY: Final = 0o600
_SETTING: Final = "TAIZHANG_TOKEN_KEYS"
_SECONDS_TO_WAIT: Final = 5
_ASYMMETRIC: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class LocalKey:
    """The key of the data folder, which issues and verifies; made when there is none, readable by its owner alone."""

    algorithms: Collection[str] = ("HS256",)
    may_wait = False

    def __init__(self, folder: Path) -> None:
        """Read or make the key; raise SettingError when that cannot be done."""
        path = folder / KEY_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.secret = _read_or_make(path)
        except OSError as fault:
            raise _unusable("TAIZHANG_DATA", path, *file_reason(fault)) from fault
        if len(self.secret) != _BYTES:
            raise _unusable("TAIZHANG_DATA", path, f"{len(self.secret)} != {_BYTES} bytes")

    def key_for(self, _token: str) -> bytes:
        """Return the key."""
        return self.secret


def _read_or_make(path: Path) -> bytes:
    """Read the key; the one who links it into place first has made it, so that nobody ever reads half of one."""
    if not path.exists():
        made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(made)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_bytes()


class PemKey:
    """A public key in a PEM file."""

    may_wait = False

    def __init__(self, path: Path) -> None:
        """Read the key; raise SettingError when it cannot be used."""
        try:
            key = load_pem_public_key(path.read_bytes())
        except (OSError, ValueError, UnsupportedAlgorithm) as fault:
            raise _unusable(_SETTING, path, str(fault)) from fault
        self._key = key
        self.algorithms = _algorithms_of(key)
        if not self.algorithms:
            raise _unusable(_SETTING, path, type(key).__name__)

    def key_for(self, _token: str) -> Any:  # noqa: ANN401  as in TokenKey
        """Return the key."""
        return self._key


def _algorithms_of(key: object) -> Collection[str]:
    match key:
        case RSAPublicKey():
            return ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
        case EllipticCurvePublicKey():
            return ("ES256", "ES384", "ES512")
        case Ed25519PublicKey():
            return ("EdDSA",)
        case _:
            return ()


class KeySetFile:
    """Public keys in a JWKS file; a token names its key by `kid`."""

    algorithms: Collection[str] = _ASYMMETRIC
    may_wait = False

    def __init__(self, path: Path) -> None:
        """Read the keys; raise SettingError when they cannot be used."""
        try:
            given = json.loads(path.read_bytes())
            public = [one for one in given["keys"] if one.get("kty") != "oct"]
            keys = jwt.PyJWKSet(public).keys
        except (OSError, ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as fault:
            raise _unusable(_SETTING, path, str(fault)) from fault
        self._keys = {one.key_id: one.key for one in keys}

    def key_for(self, token: str) -> Any:  # noqa: ANN401  as in TokenKey
        """Return the key that a token names, or the only one there is."""
        kid = _header(token).get("kid")
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        if kid not in self._keys:
            raise TokenError(errors.UNKNOWN_KEY)
        return self._keys[kid]


class KeySetAddress:
    """Public keys published by an identity provider (JWKS), fetched when a token names one that is not known."""

    algorithms: Collection[str] = _ASYMMETRIC
    may_wait = True

    def __init__(self, address: str) -> None:
        """Take the address; nothing is fetched yet."""
        self._client = jwt.PyJWKClient(address, cache_jwk_set=True, lifespan=300, timeout=_SECONDS_TO_WAIT)

    def key_for(self, token: str) -> Any:  # noqa: ANN401  as in TokenKey
        """Return the key that a token names."""
        _header(token)
        try:
            return self._client.get_signing_key_from_jwt(token).key
        except PyJWKClientConnectionError:
            raise TokenError(errors.KEYS_UNAVAILABLE) from None
        except jwt.PyJWTError:
            raise TokenError(errors.UNKNOWN_KEY) from None


def _header(token: str) -> dict[str, Any]:
    """Return a token's header; raise TokenError before any key is looked for when its algorithm is none of ours."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise TokenError(errors.MALFORMED) from None
    if header.get("alg") not in _ASYMMETRIC:
        raise TokenError(errors.ALGORITHM)
    return header


def provided_keys(given: str) -> PemKey | KeySetFile | KeySetAddress:
    """Return the keys that the setting names: an address, a JWKS file, or a PEM file; raise SettingError."""
    if given.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        return KeySetAddress(given)
    path = Path(given)
    return KeySetFile(path) if path.suffix in {".json", ".jwks"} else PemKey(path)


def _unusable(variable: str, path: Path, why: str, why_en: str | None = None) -> SettingError:
    return SettingError(
        "setting.key_unusable",
        variable,
        f"令牌密钥 {path} 不能使用（{why}），程序因此不启动；可用：PEM 公钥（RSA、EC、Ed25519）、JWKS 文件（.json）或 "
        "https 地址；本机密钥须为 32 字节且可读，删去后会重新生成，已发令牌随之失效。",
        f"The token key {path} cannot be used ({why_en or why}), so the program does not start; allowed: a public key "
        "in PEM (RSA, EC, Ed25519), a JWKS file (.json) or an https address. The local key has 32 bytes and can be "
        "read; deleted, it is made anew, and tokens issued before hold no more.",
    )
