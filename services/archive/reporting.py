"""The report of an archive package: the cases by retention class, the four tests, missing and double numbers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from events.vocabulary import enum_label
from services.archive.closed_cases import NOT_DETERMINED
from services.archive.four_tests import OUTCOMES, PROPERTIES
from services.templates import templates_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.archive.case_files import Counted
    from services.archive.closed_cases import Year
    from services.archive.four_tests import Check


def archive_report(district: str, year: Year, checks: Sequence[Check], counted: Counted) -> bytes:
    """Return the report as a page to print; it holds nothing that depends on when it was made."""
    classes: dict[str, Any] = {}
    for one in year.cases:
        classes.setdefault(one.retention, []).append(one)
    page = _templates().get_template("archive-report.html")
    return page.render(
        district=district,
        year=year,
        classes=classes,
        retention=_retention,
        checks=checks,
        properties=PROPERTIES,
        outcomes=OUTCOMES,
        counted=counted,
    ).encode()


def _retention(value: str) -> tuple[str, str]:
    return ("未定", "not determined") if value == NOT_DETERMINED else enum_label("retention", value)


@cache
def _templates() -> Environment:
    return templates_of("services.archive")
