"""What can be wrong with a ledger file, told by code, in Chinese and English."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from eventsourcing.persistence import ConnectionUnavailableError, PersistenceError

from events.ledger.errors import LedgerError, LedgerUnavailableError, LedgerUnusableError, Reason

SECOND_WRITER: Final = "ledger.second_writer"
MISSING: Final = "ledger.missing"
FOREIGN_FILE: Final = "ledger.foreign_file"
OTHER_FORMAT: Final = "ledger.other_format"
OTHER_ALGORITHM: Final = "ledger.other_algorithm"
DISK_FULL: Final = "ledger.disk_full"
LOCKED: Final = "ledger.locked"
READ_ONLY: Final = "ledger.read_only"
DAMAGED: Final = "ledger.damaged"
TOO_MANY_READERS: Final = "ledger.too_many_readers"
DISK_FAULT: Final = "ledger.disk_fault"

_PRIMARY_CODE: Final = 0xFF


@contextmanager
def faults_of(path: Path) -> Iterator[None]:
    """Turn every fault of SQLite, of the library above it and of the file system into a LedgerError."""
    try:
        yield
    except (sqlite3.Error, PersistenceError, OSError) as fault:
        raise ledger_error(path, fault) from fault


def ledger_error(path: Path, fault: Exception) -> LedgerError:
    """Return the LedgerError that says what a fault means for a ledger file."""
    if isinstance(fault, ConnectionUnavailableError):
        return too_many_readers(path)
    cause = _innermost(fault)
    if isinstance(cause, OSError):
        return not_writable(path, str(cause))
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & _PRIMARY_CODE
    match code:
        case sqlite3.SQLITE_FULL:
            return disk_full(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return locked(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return not_writable(path, str(cause))
        case sqlite3.SQLITE_NOTADB:
            return foreign_file(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_ERROR | sqlite3.SQLITE_CONSTRAINT:
            return damaged(path, str(cause))
        case _:
            return disk_fault(path, str(cause))


def second_writer(path: Path, holder: str) -> LedgerUnusableError:
    """Report that another process writes to the ledger."""
    return LedgerUnusableError(
        Reason(
            SECOND_WRITER,
            f"账册 {path} 正由另一进程写入（{holder or '未知进程'}），同时写入会打乱顺序；"
            "请通过该进程提交，或先将其停止。读取不受影响。",
            f"Another process ({holder or 'unknown'}) writes to the ledger {path}, and two would break its order; hand "
            "in facts through that process or stop it first. Reading is not affected.",
        )
    )


def missing(path: Path) -> LedgerUnusableError:
    """Report that there is no ledger to read."""
    return LedgerUnusableError(
        Reason(
            MISSING,
            f"账册 {path} 不存在，无可读取；请检查数据目录，或先录入事实。",
            f"There is no ledger {path} to read; check the data folder, or record facts first.",
        )
    )


def foreign_file(path: Path) -> LedgerUnusableError:
    """Report a file that is no ledger."""
    return LedgerUnusableError(
        Reason(
            FOREIGN_FILE,
            f"文件 {path} 不是本系统的账册，未作任何改动；请检查路径，或移走该文件后重试。",
            f"The file {path} is not a ledger and was left alone; check the path, or move the file away.",
        )
    )


def other_format(path: Path, found: int, known: int) -> LedgerUnusableError:
    """Report a ledger of another format version."""
    return LedgerUnusableError(
        Reason(
            OTHER_FORMAT,
            f"账册 {path} 的格式版本为 {found}，本程序只认 {known}，继续会损坏账册；请使用与之相配的程序版本。",
            f"The ledger {path} has format {found}, this program knows {known} and could damage it; use the program "
            "version that belongs to it.",
        )
    )


def other_algorithm(path: Path, found: str, wanted: str) -> LedgerUnusableError:
    """Report a ledger that is sealed with another hash algorithm."""
    return LedgerUnusableError(
        Reason(
            OTHER_ALGORITHM,
            f"账册 {path} 以 {found} 封存，不能改用 {wanted}；摘要算法在新建时选定，请按原算法打开。",
            f"The ledger {path} is sealed with {found}, not {wanted}; the algorithm is chosen at creation. Open it "
            "with its own.",
        )
    )


def disk_full(path: Path) -> LedgerUnavailableError:
    """Report that there is no room."""
    return LedgerUnavailableError(
        Reason(
            DISK_FULL,
            f"磁盘空间不足，账册 {path} 未写入任何内容，已入账事实完好；请腾出空间后重试。",
            f"There is no room left for the ledger {path}; nothing was written and what is recorded is intact. Make "
            "room and try again.",
        )
    )


def locked(path: Path) -> LedgerUnavailableError:
    """Report that some other program holds the file."""
    return LedgerUnavailableError(
        Reason(
            LOCKED,
            f"账册 {path} 被其他程序（如数据库工具或备份）锁定，未写入任何内容；请关闭该程序后重试。",
            f"Another program (a database tool, a backup) holds the ledger {path}; nothing was written. Close it and "
            "try again.",
        )
    )


def not_writable(path: Path, why: str) -> LedgerUnavailableError:
    """Report a file or folder that may not be opened or written."""
    return LedgerUnavailableError(
        Reason(
            READ_ONLY,
            f"账册 {path} 无法打开或写入（{why}），未写入任何内容；请检查文件与目录的权限。",
            f"The ledger {path} cannot be opened or written ({why}); nothing was written. Check the permissions of "
            "file and folder.",
        )
    )


def damaged(path: Path, why: str) -> LedgerUnusableError:
    """Report content that does not fit together."""
    return LedgerUnusableError(
        Reason(
            DAMAGED,
            f"账册 {path} 内容前后不一致（{why}），不能据以判断；请运行 taizhang verify 定位，并从备份恢复。",
            f"The content of the ledger {path} does not fit together ({why}) and cannot be relied on; find the place "
            "with taizhang verify and restore a backup.",
        )
    )


def too_many_readers(path: Path) -> LedgerUnavailableError:
    """Report that all connections for reading are in use."""
    return LedgerUnavailableError(
        Reason(
            TOO_MANY_READERS,
            f"同时读取账册 {path} 的请求过多，本次未能读取；请稍后重试。",
            f"Too many readers are at the ledger {path} at once; try again in a moment.",
        )
    )


def disk_fault(path: Path, why: str) -> LedgerUnavailableError:
    """Report a fault of the disk or its driver."""
    return LedgerUnavailableError(
        Reason(
            DISK_FAULT,
            f"读写账册 {path} 时磁盘出错（{why}），本次未写入；请检查磁盘后重试。",
            f"The disk failed while the ledger {path} was read or written ({why}); nothing was written. Check the disk "
            "and try again.",
        )
    )


def _innermost(fault: BaseException) -> BaseException:
    while not isinstance(fault, sqlite3.Error | OSError) and fault.__cause__ is not None:
        fault = fault.__cause__
    return fault
