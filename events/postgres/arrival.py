"""Whether a PostgreSQL server is there at all: one that is away may come, one that answers and refuses will not change.

A refused connection has no code of its own in the driver, so the server is also asked without signing in.
"""

from __future__ import annotations

from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import PGconn, Ping

from events.ledger.errors import LedgerUnusableError, Reason
from events.postgres.faults import shown_address, unless_given

NOT_ADMITTED: Final = "database.not_admitted"

_SECONDS: Final = 3.0
_WILL_PASS: Final = (
    "session is read-only",
    "server is in hot standby mode",
    "not in hot standby mode",
    "too many clients",
    "too many connections",
    "remaining connection slots",
    "已经有太多的",
    "剩余的连接",
)
"""What is said by a server, or of one, that answers and will admit us by itself later."""


def why_away(database: str) -> str | None:
    """Return why a database cannot be reached for now, None when it can.

    Raise LedgerUnusableError for a text that is no address, and when the server answers and does not admit us: a
    wrong password, a missing database.
    """
    shown = shown_address(database)
    given = {name: str(value) for name, value in conninfo_to_dict(database).items()}
    conninfo = make_conninfo("", **(unless_given(_SECONDS) | given))
    why: str | None = None
    for _ in range(2):  # it may have come between the two questions: what it says once more is its answer
        why = _refused(conninfo)
        if why is None or any(words in why for words in _WILL_PASS) or PGconn.ping(conninfo.encode()) != Ping.OK:
            return why
    raise not_admitted(shown, why or "")


def _refused(conninfo: str) -> str | None:
    try:
        psycopg.connect(conninfo, autocommit=True).close()
    except psycopg.OperationalError as fault:
        return " ".join(str(fault).split())
    return None


def not_admitted(shown: str, why: str) -> LedgerUnusableError:
    """Report a server that answers and refuses the connection."""
    return LedgerUnusableError(
        Reason(
            NOT_ADMITTED,
            f"数据库 {shown} 拒绝连接（{why}），无法使用；请检查地址中的库名、用户和密码，以及服务器的 pg_hba.conf。",
            f"The database {shown} refuses the connection ({why}), so it cannot be used; check name, user and password "
            "in its address, and the server's pg_hba.conf.",
        )
    )
