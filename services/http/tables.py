"""Tables over HTTP: what a request wants, JSON or a file, and the answer that is a file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal

from starlette.requests import Request
from starlette.responses import Response

from services.http.problems import ProblemError
from services.workbooks.tables import Format, Row, TableColumn, write_to

Wanted = Literal["json", "csv", "xlsx"]
MOST_ROWS: Final = 10_000
"""Rows of one file; the command line writes any number."""
MEDIA_TYPES: Final[Mapping[Format, str]] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
DESCRIBED: Final[Mapping[str, Any]] = MappingProxyType(
    {
        media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for media_type in MEDIA_TYPES.values()
    }
)
"""What the description says of an answer that may be a file."""


def wanted(request: Request, named: Wanted | None) -> Wanted:
    """Return what a request wants: what it names, else the first type of its Accept header that is known here."""
    if named is not None:
        return named
    for one in request.headers.get("accept", "").split(","):
        accepted = one.partition(";")[0].strip().lower()
        for form, media_type in MEDIA_TYPES.items():
            if accepted == media_type.partition(";")[0]:
                return form
        if accepted in {"application/json", "*/*", "application/*"}:
            break
    return "json"


def table_answer(form: Format, name: str, title: str, columns: Sequence[TableColumn], rows: Iterable[Row]) -> Response:
    """Return a table as a file to keep; raise ProblemError for more rows than one answer holds."""
    file = io.BytesIO()
    write_to(file, form, title, columns, _bounded(rows))
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"', "x-content-type-options": "nosniff"}
    return Response(file.getvalue(), 200, headers, media_type=MEDIA_TYPES[form])


def _bounded(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise ProblemError(
                422,
                "view.export_too_large",
                f"超过 {MOST_ROWS} 行，一次导不出；请加筛选条件，或在服务器上用 taizhang views show --to 写出。",
                f"There are more than {MOST_ROWS} rows, too many for one answer; add filters, or write them on the "
                "server with taizhang views show --to.",
            )
        yield row
