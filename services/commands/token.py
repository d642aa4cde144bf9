"""taizhang token: issue a token for local use."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import Final

from services.arguments import district_code, identity
from services.commands.clock import now
from services.commands.refusing import refused
from services.exit_codes import FINE, NOT_DONE
from services.identity.caller import Caller
from services.identity.token_keys import LocalKey
from services.identity.tokens import ROLES_OF_TOKENS, issue
from services.recording.authorisation import ROLES
from services.settings.service import SettingError, current_settings

LONGEST_DAYS: Final = 366


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    roles = "、".join(f"{role} {ROLES[role][0]}" for role in ROLES_OF_TOKENS)
    parser.add_argument("--role", required=True, choices=ROLES_OF_TOKENS, help=f"角色 / role: {roles}")
    parser.add_argument(
        "--district",
        type=district_code,
        required=True,
        action="append",
        metavar="D",
        help="区县，可多次 / district; may repeat",
    )
    parser.add_argument("--person", type=identity, metavar="P", help="人员编号 / id of the person")
    parser.add_argument("--unit", type=identity, metavar="U", help="单位编号 / id of the unit")
    parser.add_argument("--post", type=identity, metavar="O", help="职务岗位编号 / id of the post")
    parser.add_argument("--days", type=_days, default=30, help="有效天数，1 至 366 / days it holds, 1 to 366 (30)")


def run(args: argparse.Namespace) -> int:
    """Print a token, and nothing else, on standard output."""
    caller = Caller(
        subject=args.person or f"local:{args.role}",
        roles=frozenset({args.role}),
        districts=frozenset(args.district),
        person=args.person,
        unit=args.unit,
        post=args.post,
    )
    try:
        settings = current_settings()
        key = LocalKey(settings.data)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    if settings.token_keys is not None:
        return refused(
            "token.of_identity_provider",
            "已设 TAIZHANG_TOKEN_KEYS，服务只接受身份提供方签发的令牌；请向其领取，或去掉该设置。",
            "TAIZHANG_TOKEN_KEYS is set: the service takes tokens of the identity provider only, and one issued here "
            "would be refused. Get one there, or unset it.",
        )
    sys.stdout.write(issue(key.secret, caller, now(), dt.timedelta(days=args.days)) + "\n")
    return FINE


def _days(given: str) -> int:
    if given.isascii() and given.isdigit() and 1 <= int(given) <= LONGEST_DAYS:
        return int(given)
    raise argparse.ArgumentTypeError(
        f"{given} 不是 1 至 {LONGEST_DAYS} 的天数 / {given} is no number of days from 1 to {LONGEST_DAYS}"
    )
