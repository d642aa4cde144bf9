"""The file before it is opened: its format by its first bytes, and bounds that a bomb would break."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import IO, BinaryIO, Final
from xml.parsers import expat

from services.workbooks.problems import damaged, other_format, too_large

LARGEST_FILE: Final = 32 * 1024 * 1024
LARGEST_UNPACKED: Final = 128 * 1024 * 1024
"""Bytes of a workbook, and of all its parts unpacked."""
MOST_PARTS: Final = 2_000
MOST_ELEMENTS: Final = 3_000_000
"""XML elements of all parts together; a row of twenty cells has some forty."""
MOST_ELEMENTS_ASIDE: Final = 200_000
"""XML elements of a part that is neither a sheet nor the texts: the library builds whole trees of those."""
DEEPEST: Final = 100
"""Elements within one another."""
MOST_CELLS_OF_A_ROW: Final = 16_384
"""As many as Excel has columns; the library holds a whole row at once."""

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPREADSHEETS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".tsv", ".numbers"})
_CHUNK: Final = 65_536
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_STREAMED: Final = frozenset({"worksheet", "sst"})
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What `zipfile` raises for damaged, encrypted or unknown content."""

Merged = Mapping[str, tuple[str, ...]]
"""The merged ranges of each part of the archive, such as `("A3:A5",)`."""


def is_spreadsheet(name: str, beginning: bytes) -> bool:
    """Tell whether a file is meant as a spreadsheet, by its name or its first bytes."""
    return PurePath(name).suffix.lower() in _SPREADSHEETS or beginning.startswith((_ZIP, _OLE))


def checked_archive(name: str, file: BinaryIO) -> Merged:
    """Check a file before the library opens it, and return its merged ranges; raise WorkbookError."""
    beginning = file.read(8)
    size = file.seek(0, 2)
    file.seek(0)
    if beginning.startswith(_OLE):
        raise other_format(name, "旧版 .xls 或加了密码的文件", "an old .xls file, or locked by a password")
    if not beginning.startswith(b"PK"):
        text = PurePath(name).suffix.lower() in {".csv", ".tsv"}
        raise other_format(name, "文本文件 CSV", "a text file, CSV") if text else damaged(name)
    if size > LARGEST_FILE:
        raise too_large(name, f"超过 {LARGEST_FILE >> 20} MB", f"is larger than {LARGEST_FILE >> 20} MB")
    try:
        with zipfile.ZipFile(file) as archive:
            _check_kind(name, archive)
            return _scan(name, archive)
    except (*_BROKEN, expat.ExpatError) as fault:
        raise damaged(name) from fault
    finally:
        file.seek(0)


def _check_kind(name: str, archive: zipfile.ZipFile) -> None:
    names = frozenset(archive.namelist())
    if "mimetype" in names:
        raise other_format(name, " OpenDocument（.ods）文件", "an OpenDocument file (.ods)")
    if "xl/workbook.bin" in names:
        raise other_format(name, "二进制工作簿 .xlsb", "a binary workbook, .xlsb")
    if "[Content_Types].xml" not in names:
        raise damaged(name)
    unpacked = sum(one.file_size for one in archive.infolist())
    if len(names) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
        raise too_large(
            name, f"解压后超过 {LARGEST_UNPACKED >> 20} MB", f"unpacks to more than {LARGEST_UNPACKED >> 20} MB"
        )


def _scan(name: str, archive: zipfile.ZipFile) -> Merged:
    merged: dict[str, tuple[str, ...]] = {}
    left = MOST_ELEMENTS
    for part in archive.namelist():
        with archive.open(part) as stream:
            scan = _Scan(name, left)
            scan.read(stream)
        left -= scan.elements
        merged[part] = tuple(scan.merged)
    return merged


class _Scan:
    """One part read once without building anything: how many elements it has, and its merged ranges."""

    def __init__(self, name: str, left: int) -> None:
        self.elements = 0
        self.merged: list[str] = []
        self._name = name
        self._left = left
        self._depth = 0
        self._row = 0
        self._column = (0, "")
        self._cells = 0
        self._parser = parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype

    def read(self, stream: IO[bytes]) -> None:
        """Read a part to its end; one that is not XML, such as a picture, only proves that it unpacks."""
        chunk = stream.read(_CHUNK)
        is_xml = chunk.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
        parse: Callable[[bytes, bool], object] = self._parser.Parse if is_xml else lambda _chunk, _last: None
        while chunk:
            parse(chunk, False)  # noqa: FBT003  expat takes it by position only
            chunk = stream.read(_CHUNK)
        parse(b"", True)  # noqa: FBT003  as above

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        namespace, _, own = tag.rpartition("}")
        if self.elements == 0:
            self._check_root(namespace, own)
        self.elements += 1
        self._depth += 1
        if self.elements > self._left or self._depth > DEEPEST:
            raise too_large(self._name, "的单元格或格式过多", "has too many cells or formats")
        if own == "c":
            self._check_order_of_cell(attributes.get("r"))
        elif own == "row":
            self._check_order_of_row(attributes.get("r"))
        elif own == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def _check_root(self, namespace: str, own: str) -> None:
        if namespace.startswith(_STRICT):
            # The library finds no sheet in such a file and says nothing.
            raise other_format(self._name, " Strict Open XML 工作簿", "a Strict Open XML workbook")
        if own not in _STREAMED:
            self._left = min(self._left, MOST_ELEMENTS_ASIDE)

    def _check_order_of_row(self, number: str | None) -> None:
        """Refuse rows out of order, which no spreadsheet program writes: the library would drop them silently."""
        self._column = (0, "")
        self._cells = 0
        row = self._row + 1 if number is None else int(float(number))
        if row <= self._row:
            raise damaged(self._name)
        self._row = row

    def _check_order_of_cell(self, place: str | None) -> None:
        self._cells += 1
        if self._cells > MOST_CELLS_OF_A_ROW:
            raise damaged(self._name)
        if place is not None:
            letters = place.rstrip("0123456789")
            column = len(letters), letters
            if column <= self._column:
                raise damaged(self._name)
            self._column = column

    def _end(self, _tag: str) -> None:
        self._depth -= 1

    def _doctype(self, *_declaration: object) -> None:
        raise damaged(self._name)
