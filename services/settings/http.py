"""The settings of what answers over HTTP: where, by whose tokens, and what one request may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from services.settings.forms import A_COUNT, A_TEXT
from services.settings.sources import Setting

_LARGEST_PORT: Final = 65_535


@dataclass(frozen=True, kw_only=True)
class HttpSettings:
    """What an operator may set about HTTP."""

    port: int
    """TAIZHANG_PORT: where `taizhang serve` answers; 0 takes any port that is free."""
    host: str = "127.0.0.1"
    """TAIZHANG_HOST: the address on which `taizhang serve` listens; by default only this machine reaches it."""
    token_keys: str | None = None
    """TAIZHANG_TOKEN_KEYS: the keys of an identity provider (PEM file, JWKS file or address); None: the local key."""
    token_issuer: str | None = None
    """TAIZHANG_TOKEN_ISSUER: what `iss` must say in tokens of the identity provider."""
    token_audience: str = "taizhang"  # noqa: S105  the name of this system, no secret
    """TAIZHANG_TOKEN_AUDIENCE: what `aud` must say in tokens of the identity provider."""
    body_bytes: int = 1_000_000
    """TAIZHANG_BODY_BYTES: the largest body of a request."""
    body_seconds: int = 20
    """TAIZHANG_BODY_SECONDS: how long the body of a request may take to come in."""
    requests_a_second: int = 200
    """TAIZHANG_REQUESTS_A_SECOND: how many requests one principal may make, over some seconds."""
    read_seconds: int = 3
    """TAIZHANG_READ_SECONDS: how long a question over HTTP waits for a database that does not answer."""


def _port(given: str) -> int:
    port = int(given)
    if not 0 <= port <= _LARGEST_PORT:
        raise ValueError(given)
    return port


HTTP_SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType(
    {
        "port": Setting(
            variable="TAIZHANG_PORT",
            default="8420",
            form=_port,
            zh="taizhang serve 应答的端口；0：任取空闲端口",
            en="where taizhang serve answers; 0 takes any port that is free",
            allowed_zh="0 至 65535 的整数",
            allowed_en="a whole number from 0 to 65535",
        ),
        "host": Setting(
            variable="TAIZHANG_HOST",
            default="127.0.0.1",
            zh="taizhang serve 监听的地址；默认只有本机可达",
            en="the address on which taizhang serve listens; by default only this machine reaches it",
            **A_TEXT,
        ),
        "token_keys": Setting(
            variable="TAIZHANG_TOKEN_KEYS",
            default="",
            zh="身份提供方的密钥：PEM 公钥文件、JWKS 文件（.json）或 https 地址；默认用数据文件夹中的本机密钥",
            en="keys of an identity provider: public key in PEM, JWKS file (.json) or https address; by default the "
            "local key in the data folder",
            **A_TEXT,
        ),
        "token_issuer": Setting(
            variable="TAIZHANG_TOKEN_ISSUER",
            default="",
            zh="身份提供方令牌的 iss；默认不核对",
            en="what iss must say in tokens of the identity provider; by default it is not looked at",
            **A_TEXT,
        ),
        "token_audience": Setting(
            variable="TAIZHANG_TOKEN_AUDIENCE",
            default="taizhang",
            zh="身份提供方令牌的 aud",
            en="what aud must say in tokens of the identity provider",
            **A_TEXT,
        ),
        "body_bytes": Setting(
            variable="TAIZHANG_BODY_BYTES",
            default="1000000",
            zh="请求体的字节上限",
            en="the largest body of a request, in bytes",
            **A_COUNT,
        ),
        "body_seconds": Setting(
            variable="TAIZHANG_BODY_SECONDS",
            default="20",
            zh="请求体须在多少秒内传完",
            en="seconds within which the body of a request has to come in",
            **A_COUNT,
        ),
        "requests_a_second": Setting(
            variable="TAIZHANG_REQUESTS_A_SECOND",
            default="200",
            zh="每个主体每秒可提的请求数，短时可五倍",
            en="requests a second that one principal may make, five times as many for a moment",
            **A_COUNT,
        ),
        "read_seconds": Setting(
            variable="TAIZHANG_READ_SECONDS",
            default="3",
            zh="数据库无应答时，HTTP 查询最多等几秒即答复 503；入账仍最多等 30 秒",
            en="seconds that a question over HTTP waits for a database that does not answer, before it is answered "
            "503; recording waits for 30 seconds all the same",
            **A_COUNT,
        ),
    }
)
