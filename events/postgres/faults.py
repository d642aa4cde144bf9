"""What can be wrong with a PostgreSQL database, told by code, in Chinese and English; and what is worth another try."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import msgspec
import orjson
import psycopg
from eventsourcing.persistence import PersistenceError
from msgspec import Struct
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from events.ledger.errors import OUTCOME_UNKNOWN, LedgerError, LedgerUnavailableError, LedgerUnusableError, Reason

UNREACHABLE: Final = "database.unreachable"
DISK_FULL: Final = "database.disk_full"
NOT_ALLOWED: Final = "database.not_allowed"
BAD_ADDRESS: Final = "database.bad_address"
DAMAGED: Final = "database.damaged"
NO_LEDGER: Final = "database.no_ledger"
OTHER_ALGORITHM: Final = "database.other_algorithm"
FAULT: Final = "database.fault"

_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0
_HOPELESS: Final = (
    errors.DiskFull,
    errors.InvalidPassword,
    errors.InvalidAuthorizationSpecification,
    errors.InvalidCatalogName,
    errors.OutOfMemory,
)
_PASSING: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    errors.IdleInTransactionSessionTimeout,
    errors.ReadOnlySqlTransaction,
    errors.TransactionTimeout,
)
"""Lost connections, a server that restarts or hands over to its standby, serialization and deadlock."""


def unnoticed(_reason: str) -> None:
    """Take no notice that a database is awaited."""


class Awaiting(Struct, frozen=True):
    """How long a lost database is awaited, in seconds, and who is told, each time, why something is tried again.

    One try waits for a connection for `connection` seconds at most.
    """

    seconds: float = 30.0
    told: Callable[[str], None] = unnoticed
    connection: float = 5.0


DEFAULT_AWAITING: Final = Awaiting()
TOLD_AT_ONCE: Final = Awaiting(seconds=0.0)
"""For whoever begins again by itself: a lost database is told, and not awaited."""


def unless_given(seconds: float) -> dict[str, str]:
    """Return what a connection is opened with where its address says nothing else, by how long one waits for it.

    A server that is cut off without a word would otherwise hold whoever asks for a quarter of an hour.
    """
    return {
        "application_name": "taizhang",
        "connect_timeout": str(max(2, round(seconds))),
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": str(round(3_000 * seconds)),
    }


class Patience:
    """What is left of the time in which something is tried again; a pause follows each try, longer each time."""

    def __init__(self, awaiting: Awaiting) -> None:
        """Begin to count now."""
        self._until = time.monotonic() + awaiting.seconds
        self._told = awaiting.told
        self._pause = _FIRST_PAUSE

    def is_left_after(self, fault: Exception) -> bool:
        """Tell whether to try again after a fault, and wait before it."""
        if not is_passing(fault) or time.monotonic() >= self._until:
            return False
        self._told(" ".join(str(innermost(fault)).split()))
        time.sleep(self._pause)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        return True


def is_passing(fault: BaseException) -> bool:
    """Tell whether the same statements may succeed when they are given again, on another connection perhaps."""
    cause = innermost(fault)
    return isinstance(cause, _PASSING) and not isinstance(cause, _HOPELESS)


def innermost(fault: BaseException) -> BaseException:
    """Return what psycopg raised, beneath what the library made of it."""
    while not isinstance(fault, psycopg.Error) and fault.__cause__ is not None:
        fault = fault.__cause__
    return fault


class Undone(NamedTuple):
    """What was not done for a fault, and how it is done again, in Chinese and English."""

    zh: str
    en: str
    again_zh: str
    again_en: str


NOT_RECORDED: Final = Undone("本次未入账", "nothing was recorded", "以原编号重试", "try again with the same ids")
NOT_READ: Final = Undone("未能读出所要的内容", "what was asked could not be read", "重试", "try again")
NOT_OPENED: Final = Undone(
    "账册未能打开，没有任何改动", "the ledger was not opened, nothing was changed", "重试", "try again"
)


@contextmanager
def faults_of(database: str, undone: Undone = NOT_RECORDED) -> Iterator[None]:
    """Turn every fault of the database and of the library above it into a LedgerError."""
    try:
        yield
    except (psycopg.Error, PersistenceError) as fault:
        raise ledger_error(database, fault, undone) from fault


@contextmanager
def legible(database: str) -> Iterator[None]:
    """Turn a stored fact that cannot be read into a LedgerUnusableError."""
    try:
        yield
    except (msgspec.DecodeError, orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as fault:
        raise damaged(database, str(fault)) from fault


def ledger_error(database: str, fault: BaseException, undone: Undone = NOT_RECORDED) -> LedgerError:
    """Return the LedgerError that says what a fault means."""
    cause = innermost(fault)
    shown = shown_address(database)
    why = " ".join(str(cause).split())
    match cause:
        case errors.DiskFull():
            return disk_full(shown, undone)
        case errors.InsufficientPrivilege() | errors.InvalidPassword() | errors.InvalidAuthorizationSpecification():
            return not_allowed(shown, why)
        case _ if is_passing(cause):
            return unreachable(shown, why, undone)
        case errors.DataCorrupted() | errors.IndexCorrupted():
            return damaged(database, why)
        case psycopg.DataError(sqlstate=None):  # what stands there is more than Python's type holds
            return damaged(database, why)
        case _:
            return refused(shown, why, undone)


def refused(shown: str, why: str, undone: Undone) -> LedgerUnusableError:
    """Report that the database refused for a reason that only it can tell."""
    return LedgerUnusableError(
        Reason(
            FAULT,
            f"数据库 {shown} 拒绝了操作（{why}），{undone.zh}；请检查数据库的版本、权限与迁移。",
            f"The database {shown} refused ({why}); {undone.en}. Check its version, permissions and migrations.",
        )
    )


def shown_address(database: str) -> str:
    """Return the address of a database without its secrets; raise LedgerUnusableError when it cannot be read."""
    try:
        given = conninfo_to_dict(database)
    except psycopg.ProgrammingError as fault:
        raise bad_address() from fault
    return f"{given.get('host', '')}:{given.get('port', '5432')}/{given.get('dbname', '')}"


def bad_address() -> LedgerUnusableError:
    """Report a text that is no address of a database; the text is not shown, since a password may stand in it."""
    return LedgerUnusableError(
        Reason(
            BAD_ADDRESS,
            "TAIZHANG_DATABASE 不是数据库地址，无法连接；请写成 postgresql://用户:密码@主机:端口/库名，"
            "或 libpq 的键值。",
            "TAIZHANG_DATABASE is no address of a database; write postgresql://user:password@host:port/name, or the "
            "keys and values of libpq.",
        )
    )


def unreachable(shown: str, why: str, undone: Undone = NOT_RECORDED) -> LedgerUnavailableError:
    """Report a database that does not answer, or not in time."""
    return LedgerUnavailableError(
        Reason(
            UNREACHABLE,
            f"数据库 {shown} 无应答（{why}），{undone.zh}；请检查服务器与网络，随后{undone.again_zh}。",
            f"The database {shown} does not answer ({why}); {undone.en}. Check server and network, then "
            f"{undone.again_en}.",
        )
    )


def outcome_unknown(database: str, why: str) -> LedgerUnavailableError:
    """Report a connection that was lost in the commit and did not come back: the facts may be recorded or not."""
    return LedgerUnavailableError(
        Reason(
            OUTCOME_UNKNOWN,
            f"提交时与数据库 {shown_address(database)} 的连接中断且未恢复（{why}），不能确定本次是否入账；"
            "请以原编号和原幂等键重试，已入账的不会重复。",
            f"The connection to the database {shown_address(database)} was lost in the commit and did not come back "
            f"({why}), so it is not known whether this was recorded; try again with the same ids and key, what is "
            "recorded is not repeated.",
        )
    )


def disk_full(shown: str, undone: Undone) -> LedgerUnavailableError:
    """Report a server without room."""
    return LedgerUnavailableError(
        Reason(
            DISK_FULL,
            f"数据库 {shown} 的磁盘空间不足，{undone.zh}，已入账事实完好；请腾出空间后{undone.again_zh}。",
            f"The server of the database {shown} has no room left; {undone.en}, and what is recorded is intact. Make "
            f"room, then {undone.again_en}.",
        )
    )


def not_allowed(shown: str, why: str) -> LedgerUnusableError:
    """Report a user whom the database does not let in, or not to these tables."""
    return LedgerUnusableError(
        Reason(
            NOT_ALLOWED,
            f"数据库 {shown} 不允许本用户操作（{why}），未作任何改动；请检查用户、密码与授权。",
            f"The database {shown} does not allow this user to do that ({why}); nothing was changed. Check user, "
            "password and grants.",
        )
    )


def damaged(database: str, why: str) -> LedgerUnusableError:
    """Report content that does not fit together."""
    return LedgerUnusableError(
        Reason(
            DAMAGED,
            f"数据库 {shown_address(database)} 中的账册内容前后不一致（{why}），不能据以判断；"
            "请运行 taizhang verify 定位，并从备份恢复。",
            f"The ledger in the database {shown_address(database)} does not fit together ({why}) and cannot be relied "
            "on; find the place with taizhang verify and restore a backup.",
        )
    )


def no_ledger(database: str) -> LedgerUnusableError:
    """Report a database in which nothing was ever recorded."""
    return LedgerUnusableError(
        Reason(
            NO_LEDGER,
            f"数据库 {shown_address(database)} 中尚无账册，无可读取；请检查 TAIZHANG_DATABASE，或先录入事实。",
            f"There is no ledger in the database {shown_address(database)} yet; check TAIZHANG_DATABASE, or record "
            "facts first.",
        )
    )


def other_algorithm(database: str, found: str, wanted: str) -> LedgerUnusableError:
    """Report a ledger that is sealed with another hash algorithm."""
    return LedgerUnusableError(
        Reason(
            OTHER_ALGORITHM,
            f"数据库 {shown_address(database)} 中的账册以 {found} 封存，不能改用 {wanted}；"
            "摘要算法在新建时选定，请按原算法打开。",
            f"The ledger in the database {shown_address(database)} is sealed with {found}, not {wanted}; the algorithm "
            "is chosen at creation. Open it with its own.",
        )
    )
