"""Issuing tokens for local use, and reading those that callers bring."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Collection
from threading import Lock
from typing import Any, Final, Protocol, TypeGuard, cast
from uuid import uuid4

import jwt
from jwt.types import Options
from msgspec import Struct

from services.identity import token_errors as errors
from services.identity.caller import Caller
from services.identity.token_errors import TokenError
from services.recording.authorisation import Role

AUDIENCE: Final = "taizhang"
LOCAL_ISSUER: Final = "taizhang-local"
ROLES_OF_TOKENS: Final[tuple[Role, ...]] = ("clerk", "leader", "inspector", "agency", "operator", "auditor")
"""The roles a token may give; the watch and the ledger itself never come with a token."""

LEEWAY: Final = dt.timedelta(seconds=30)
"""How far the clocks of issuer and reader may be apart."""

MOST_REMEMBERED: Final = 2_000
"""Tokens whose signature was verified and need not be verified again until they expire."""

LONGEST_TOKEN: Final = 8_000
"""Characters of a token that are looked at."""

_LONGEST_NAME: Final = 200
_CLAIMS: Final = Options(require=["exp", "sub", "aud"], verify_exp=False, verify_nbf=False, verify_iat=False)


class TokenKey(Protocol):
    """A key or a set of keys that verifies tokens."""

    @property
    def algorithms(self) -> Collection[str]:
        """The algorithms that are accepted with it."""
        ...

    @property
    def may_wait(self) -> bool:
        """Whether finding a key can take long, as over a network."""
        ...

    def key_for(self, token: str) -> Any:  # noqa: ANN401  a key of whichever form PyJWT takes
        """Return the key for a token; raise TokenError when there is none."""
        ...


class _Verified(Struct, frozen=True):
    """A token whose signature was found right, with the seconds between which it is accepted, leeway included."""

    caller: Caller
    not_before: float
    expires: float


class TokenReader:
    """Reads tokens; any number of threads may. A token that was verified once is only looked at for its time."""

    def __init__(
        self,
        key: TokenKey,
        clock: Callable[[], dt.datetime],
        *,
        audience: str = AUDIENCE,
        issuer: str | None = LOCAL_ISSUER,
    ) -> None:
        """Take the keys, the clock, and what `aud` and `iss` must say; an issuer of None may be anybody."""
        self._key = key
        self._clock = clock
        self._audience = audience
        self._issuer = issuer
        self._verified: OrderedDict[str, _Verified] = OrderedDict()
        self._lock = Lock()

    @property
    def may_wait(self) -> bool:
        """Whether reading a token that is not known yet can take long, as over a network."""
        return self._key.may_wait

    def known(self, token: str) -> Caller | None:
        """Return the bearer of a token that was verified before; None for one that was not. Raise TokenError."""
        with self._lock:
            found = self._verified.get(token)
        return None if found is None else self._in_time(found)

    def read(self, token: str) -> Caller:
        """Return the bearer of a token; raise TokenError saying why it is not accepted."""
        if len(token) > LONGEST_TOKEN:
            raise TokenError(errors.MALFORMED)
        claims = self._claims(token)
        leeway = LEEWAY.total_seconds()
        found = _Verified(caller_of(claims), _seconds(claims, "nbf") - leeway, _seconds(claims, "exp") + leeway)
        caller = self._in_time(found)
        with self._lock:
            self._verified[token] = found
            while len(self._verified) > MOST_REMEMBERED:
                self._verified.popitem(last=False)
        return caller

    def _in_time(self, found: _Verified) -> Caller:
        now = self._clock().timestamp()
        if now >= found.expires:
            raise TokenError(errors.EXPIRED)
        if now < found.not_before:
            raise TokenError(errors.NOT_YET_VALID)
        return found.caller

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                self._key.key_for(token),
                algorithms=list(self._key.algorithms),
                audience=self._audience,
                issuer=self._issuer,
                options=_CLAIMS,
            )
        except jwt.InvalidAudienceError:
            raise TokenError(errors.WRONG_AUDIENCE) from None
        except jwt.InvalidIssuerError:
            raise TokenError(errors.WRONG_ISSUER) from None
        except jwt.InvalidAlgorithmError:
            raise TokenError(errors.ALGORITHM) from None
        except jwt.InvalidSignatureError:
            raise TokenError(errors.BAD_SIGNATURE) from None
        except jwt.MissingRequiredClaimError as fault:
            missing = {"aud": errors.WRONG_AUDIENCE, "iss": errors.WRONG_ISSUER}
            raise TokenError(missing.get(fault.claim, errors.BAD_CLAIMS)) from None
        except jwt.DecodeError:
            raise TokenError(errors.MALFORMED) from None
        except jwt.PyJWTError:
            raise TokenError(errors.BAD_CLAIMS) from None


def caller_of(claims: dict[str, Any]) -> Caller:
    """Return the bearer that claims describe; raise TokenError when they cannot be read."""
    roles, districts = claims.get("roles"), claims.get("districts")
    if not _are_texts(roles) or not _are_texts(districts) or not set(roles) <= set(ROLES_OF_TOKENS):
        raise TokenError(errors.BAD_CLAIMS)
    return Caller(
        subject=_text(claims, "sub") or "",
        roles=frozenset(cast("list[Role]", roles)),
        districts=frozenset(districts),
        person=_text(claims, "person"),
        unit=_text(claims, "unit"),
        post=_text(claims, "post"),
    )


def issue(key: bytes, caller: Caller, now: dt.datetime, valid: dt.timedelta) -> str:
    """Return a token for local use, signed with the key of the data folder."""
    named = {"person": caller.person, "unit": caller.unit, "post": caller.post}
    claims: dict[str, Any] = {
        "iss": LOCAL_ISSUER,
        "aud": AUDIENCE,
        "sub": caller.subject,
        "roles": sorted(caller.roles),
        "districts": sorted(caller.districts),
        **{name: value for name, value in named.items() if value is not None},
        "iat": int(now.timestamp()),
        "exp": int((now + valid).timestamp()),
        "jti": str(uuid4()),
    }
    return jwt.encode(claims, key, algorithm="HS256")


def _are_texts(given: object) -> TypeGuard[list[str]]:
    return isinstance(given, list) and bool(given) and all(isinstance(one, str) and one for one in given)


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_NAME or not value.isprintable():
        raise TokenError(errors.BAD_CLAIMS)
    return value


def _seconds(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenError(errors.BAD_CLAIMS)
    return float(value)
