"""Why the system does not read or write a file, in Chinese with English beside it, and what to do."""

from __future__ import annotations

import errno
from io import UnsupportedOperation
from types import MappingProxyType
from typing import Final

_FAULTS: Final = MappingProxyType(
    {
        errno.ENOENT: (
            "missing",
            "没有这个文件或文件夹；请核对路径",
            "there is no such file or folder; check the path",
        ),
        errno.EISDIR: ("is_folder", "它是文件夹；请指明文件", "it is a folder; name a file"),
        errno.ENOTDIR: (
            "no_folder",
            "路径中有一段不是文件夹；请核对路径",
            "part of the path is no folder; check the path",
        ),
        errno.EEXIST: (
            "exists",
            "已有此文件，不覆盖；请换个名字",
            "it is there and is not replaced; take another name",
        ),
        errno.EACCES: ("not_allowed", "没有权限；请检查权限", "permission is denied; check the rights"),
        errno.EPERM: ("not_allowed", "没有权限；请检查权限", "permission is denied; check the rights"),
        errno.EROFS: ("read_only", "该处只可读；请换个地方", "the place can only be read; take another one"),
        errno.ENOSPC: ("disk_full", "磁盘已满；请腾出空间", "the disk is full; make room"),
        errno.EDQUOT: ("disk_full", "超出磁盘配额；请腾出空间", "the disk quota is used up; make room"),
        errno.ESPIPE: (
            "not_seekable",
            "它是管道一类，不能从头再读；请先存成文件",
            "it is a pipe or the like and cannot be read twice; save it to a file first",
        ),
        errno.ENAMETOOLONG: ("name_too_long", "名称太长；请改短", "the name is too long; shorten it"),
    }
)


def file_fault(error: OSError, not_done: tuple[str, str], name: object = None) -> str:
    """Return the line that tells it: what was not done in both languages, of the file named, or that of the error."""
    number = errno.ESPIPE if isinstance(error, UnsupportedOperation) else error.errno or 0
    code, zh, en = _FAULTS.get(number, ("unusable", *[error.strerror or str(error)] * 2))
    return f"{error.filename if name is None else name}: {not_done[0]}：{zh}。 / {not_done[1]}: {en}. [file.{code}]"


NOT_READ: Final = ("无法读取文件", "the file cannot be read")
NOT_WRITTEN: Final = ("无法写入", "the file cannot be written")
NOT_USED: Final = ("无法读写文件", "the file cannot be read or written")
