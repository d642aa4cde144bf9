"""Why the system does not read or write a file, in Chinese with English beside it, and what to do."""

from __future__ import annotations

import errno
from io import UnsupportedOperation
from types import MappingProxyType
from typing import Final, NamedTuple


class _Fault(NamedTuple):
    code: str
    zh: str
    do_zh: str
    en: str
    do_en: str


_NO_RIGHT: Final = _Fault("not_allowed", "没有权限", "请检查权限", "permission is denied", "check the rights")
_FULL: Final = _Fault("disk_full", "磁盘已满或超出配额", "请腾出空间", "the disk or its quota is full", "make room")
_OTHER: Final = ("请检查该文件及其所在的磁盘", "check the file and the disk that it is on")

_FAULTS: Final = MappingProxyType(
    {
        errno.ENOENT: _Fault(
            "missing", "没有这个文件或文件夹", "请核对路径", "there is no such file or folder", "check the path"
        ),
        errno.EISDIR: _Fault("is_folder", "它是文件夹", "请指明文件", "it is a folder", "name a file"),
        errno.ENOTDIR: _Fault(
            "no_folder", "路径中有一段不是文件夹", "请核对路径", "part of the path is no folder", "check the path"
        ),
        errno.EEXIST: _Fault(
            "exists", "已有此文件，不覆盖", "请换个名字", "it is there and is not replaced", "take another name"
        ),
        errno.EACCES: _NO_RIGHT,
        errno.EPERM: _NO_RIGHT,
        errno.EROFS: _Fault("read_only", "该处只可读", "请换个地方", "the place can only be read", "take another one"),
        errno.ENOSPC: _FULL,
        errno.EDQUOT: _FULL,
        errno.ESPIPE: _Fault(
            "not_seekable",
            "它是管道一类，不能从头再读",
            "请先存成文件",
            "it is a pipe or the like and cannot be read twice",
            "save it to a file first",
        ),
        errno.ENAMETOOLONG: _Fault("name_too_long", "名称太长", "请改短", "the name is too long", "shorten it"),
        errno.EADDRINUSE: _Fault(
            "address_in_use", "地址已被占用", "请换一个", "the address is in use", "take another one"
        ),
        errno.EADDRNOTAVAIL: _Fault(
            "no_such_address",
            "本机没有这个地址",
            "请核对地址",
            "this machine has no such address",
            "check the address",
        ),
    }
)


def file_reason(error: OSError) -> tuple[str, str]:
    """Return why it failed, in Chinese and English, for a message that says itself what to do."""
    fault = _fault_of(error)
    return fault.zh, fault.en


def file_fault(error: OSError, not_done: tuple[str, str], name: object = None) -> str:
    """Return the line that tells it: what was not done in both languages, of the file named, or that of the error."""
    fault = _fault_of(error)
    return (
        f"{error.filename if name is None else name}: {not_done[0]}：{fault.zh}；{fault.do_zh}。 / "
        f"{not_done[1]}: {fault.en}; {fault.do_en}. [file.{fault.code}]"
    )


def _fault_of(error: OSError) -> _Fault:
    number = errno.ESPIPE if isinstance(error, UnsupportedOperation) else error.errno or 0
    said = error.strerror or str(error)
    return _FAULTS.get(number) or _Fault("unusable", said, _OTHER[0], said, _OTHER[1])


NOT_READ: Final = ("无法读取文件", "the file cannot be read")
NOT_WRITTEN: Final = ("无法写入", "the file cannot be written")
NOT_USED: Final = ("无法读写文件", "the file cannot be read or written")
