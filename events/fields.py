"""The types that the fields of facts are made of, and what a field says about itself in Chinese and English."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, NamedTuple

from msgspec import Meta, Struct

LONGEST_TEXT: Final = 10_000
"""Characters a text field may hold."""
LONGEST_IDENTITY: Final = 200
"""Characters an identity may hold."""
LONGEST_LIST: Final = 1_000
"""Entries a list of a fact may hold where it comes in; a stored one is read however long it is."""
LARGEST_INT: Final = 2**63 - 1

END: Final = r"$(?!\n)"
"""The end of a text in a pattern; `$` alone would let a line break follow."""
IDENTITY: Final = r"^[A-Za-z0-9\u4e00-\u9fff][\w.\-〔〕]*" + END
CASE_IDENTITY: Final = r"[A-Za-z0-9\u4e00-\u9fff][\w.\-〔〕:+]*"
"""As IDENTITY, with the colon and plus sign of a moment: the id of a clock case is one."""
CASE_ID: Final = "^" + CASE_IDENTITY + END
DISTRICT: Final = r"^[a-z][a-z0-9_-]{0,62}" + END
NOT_BLANK: Final = r"^(?=[\s\S]*?\S)[^\x00\ud800-\udfff]+$"
"""Not spaces alone; no NUL, which databases refuse; no half of a surrogate pair, which has no UTF-8."""
DECIMAL: Final = r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?" + END


class ExactDecimal(Decimal):
    """A decimal number as it stands in a JSON string, digit for digit; never a JSON number, which would be rounded."""


class Choices(NamedTuple):
    """A closed list of values: `values` gives each its Chinese and English label."""

    name: str
    zh: str
    en: str
    values: dict[str, tuple[str, str]]


class FactType(NamedTuple):
    """What the vocabulary says about one type of fact; its English sentence is the docstring of the class.

    `name` is written by hand, `area.fact_in_past_tense.vN`, and never derived from code. `opens` marks a fact that
    opens its case when it is recorded as it happens.
    """

    name: str
    zh: str
    subject: str
    opens: bool = False


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One entry of a list inside a fact."""


def says(zh: str, en: str, *, personal: bool = False, given_by: str | None = None) -> Meta:
    """Say what a field means; `personal` fields are stored encrypted under the person's own key."""
    extra: dict[str, object] = {}
    if personal:
        extra["personal"] = True
    if given_by is not None:
        extra["given_by"] = given_by
    return Meta(title=zh, description=en, extra=extra)


def ref(*kinds: str) -> Meta:
    """Make a text a reference `kind/id` to a case of one of these kinds; `any` stands for every kind."""
    allowed = "[a-z_]+" if kinds == ("any",) else f"({'|'.join(kinds)})"
    return Meta(
        pattern=f"^{allowed}/{CASE_IDENTITY}{END}",
        max_length=LONGEST_IDENTITY,
        extra={"type": f"ref:{'|'.join(kinds)}"},
    )


def choices(name: str, zh: str, en: str, values: dict[str, tuple[str, str]]) -> Meta:
    """Label a `Literal` type: its name in the vocabulary and each value in Chinese and English."""
    return Meta(extra={"type": f"enum:{name}", "choices": Choices(name, zh, en, values)})


Text = Annotated[str, Meta(pattern=NOT_BLANK, max_length=LONGEST_TEXT, extra={"type": "string"})]
Whole = Annotated[int, Meta(ge=-LARGEST_INT - 1, le=LARGEST_INT, extra={"type": "int"})]
DateTime = Annotated[dt.datetime, Meta(tz=True, extra={"type": "datetime"})]
PersonId = Annotated[str, Meta(pattern=IDENTITY, max_length=LONGEST_IDENTITY, extra={"type": "person"})]
PostId = Annotated[str, Meta(pattern=IDENTITY, max_length=LONGEST_IDENTITY, extra={"type": "post"})]
UnitId = Annotated[str, Meta(pattern=IDENTITY, max_length=LONGEST_IDENTITY, extra={"type": "unit"})]

AnyRef = Annotated[str, ref("any")]
AbsenceRef = Annotated[str, ref("absence")]
ApprovalRef = Annotated[str, ref("approval")]
CalendarRef = Annotated[str, ref("calendar")]
ConductRef = Annotated[str, ref("conduct")]
CountersignRef = Annotated[str, ref("countersign")]
DocumentRef = Annotated[str, ref("document")]
FundsRef = Annotated[str, ref("funds")]
InspectionRef = Annotated[str, ref("inspection")]
MatterRef = Annotated[str, ref("matter")]
MeetingRef = Annotated[str, ref("meeting")]
PlanRef = Annotated[str, ref("plan")]
RulebookRef = Annotated[str, ref("rulebook")]
SealRef = Annotated[str, ref("seal")]
