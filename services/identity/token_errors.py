"""Why a token is not accepted: one sentence a case, in Chinese and English, with a stable code."""

from __future__ import annotations

from typing import Final

MISSING: Final = "token.missing"
MALFORMED: Final = "token.malformed"
BAD_SIGNATURE: Final = "token.bad_signature"
ALGORITHM: Final = "token.algorithm_not_allowed"
UNKNOWN_KEY: Final = "token.unknown_key"
EXPIRED: Final = "token.expired"
NOT_YET_VALID: Final = "token.not_yet_valid"
WRONG_AUDIENCE: Final = "token.wrong_audience"
WRONG_ISSUER: Final = "token.wrong_issuer"
BAD_CLAIMS: Final = "token.bad_claims"
KEYS_UNAVAILABLE: Final = "token.keys_unavailable"

_SENTENCES: Final = {
    MISSING: (
        "请求没有令牌，无法确认您是谁；请在 Authorization 头中以 Bearer 方式给出令牌。",
        "The request has no token, so nobody knows who asks; send one in the header Authorization: Bearer TOKEN.",
    ),
    MALFORMED: (
        "令牌不是有效的 JWT，无法读取；请原样复制整个令牌。",
        "The token is no readable JWT; copy the whole of it as it was issued.",
    ),
    BAD_SIGNATURE: (
        "令牌的签名不符，可能被改动或由别的密钥签发；请重新领取。",
        "The token's signature does not match: it was changed, or another key signed it; have it issued anew.",
    ),
    ALGORITHM: (
        "令牌的签名算法不被接受（none 一律不接受），无法信任其内容；请使用本系统所配密钥对应的算法签发。",
        (
            "The token's signature algorithm is not accepted (`none` never is), so it cannot be trusted; sign it "
            "with the algorithm of the configured key."
        ),
    ),
    UNKNOWN_KEY: (
        "令牌所指的签名密钥（kid）不在已配置的密钥之中；请用现行密钥重新签发。",
        "The token names a signing key (kid) that is not among the configured ones; have it issued with a current key.",
    ),
    EXPIRED: ("令牌已过期；请重新领取。", "The token has expired; get a new one."),
    NOT_YET_VALID: (
        "令牌尚未生效；请待其生效，或检查本机与签发者的时钟。",
        "The token is not valid yet; wait for its moment, or check the clocks of this machine and of its issuer.",
    ),
    WRONG_AUDIENCE: (
        "令牌不是为本系统签发的（aud 不符）；请领取为本系统签发的令牌。",
        "The token was not issued for this system (its aud says another); get one that was.",
    ),
    WRONG_ISSUER: (
        "令牌的签发者（iss）不是本系统所信任的；请向指定的签发者领取。",
        "The token's issuer (iss) is not the one this system trusts; get one from the appointed issuer.",
    ),
    BAD_CLAIMS: (
        "令牌缺少必需的内容，或其角色、区县不可识别；应含 sub、exp、aud、roles、districts。",
        (
            "The token lacks what it must say, or its roles or districts cannot be read; it has to hold sub, exp, aud, "
            "roles and districts."
        ),
    ),
    KEYS_UNAVAILABLE: (
        "验证令牌的密钥暂时取不到，无法确认您是谁；请稍后重试，运维人员请检查 TAIZHANG_TOKEN_KEYS。",
        (
            "The keys that verify tokens cannot be fetched for now, so nobody can be recognised; try again later. For "
            "the operator: check TAIZHANG_TOKEN_KEYS."
        ),
    ),
}


class TokenError(Exception):
    """A token that is not accepted; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.zh, self.en = _SENTENCES[code]

    def __str__(self) -> str:
        return f"{self.zh} / {self.en} [{self.code}]"
