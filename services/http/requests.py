"""From the body of a request to the facts that it asks to record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from events.cases import CASE_KINDS
from events.errors import FactError
from events.fields import CASE_ID, LONGEST_IDENTITY
from events.parsing import Defaults, complete, parse
from events.strict_json import read_object
from services.http.faults import of_fact
from services.http.problems import ProblemError
from services.recording.request import Request

if TYPE_CHECKING:
    from events.fact import AnyFact
    from services.identity.caller import Caller

LONGEST_KEY: Final = 200
"""Characters of an idempotency key."""
_LONGEST_VERSION: Final = 12
GIVEN_BY_LEDGER: Final = ("recorded_at", "recorded_by", "sequence")


def request_of(
    body: bytes,
    district: str,
    caller: Caller,
    *,
    key: str | None,
    version: str | None,
    most_facts: int,
    own: Mapping[str, Any] | None = None,
) -> Request:
    """Read one fact, or `{"facts": [...], "expected": {...}}`; raise ProblemError naming what is wrong.

    `own` is what the route itself says of the one fact: its type and case cannot be stated, anything else can.
    `key` is the idempotency key, `version` the header If-Match: the version of the one case that the fact is about.
    """
    try:
        given = read_object(body)
    except FactError as error:
        raise of_fact(error) from None
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise _wrong(
            "http.bad_key",
            "Idempotency-Key",
            f"应为 1 至 {LONGEST_KEY} 个可见字符",
            f"has 1 to {LONGEST_KEY} visible characters",
        )
    if own is not None:
        given = _with_own(own, given)
    if own is None and "facts" in given and "type" not in given:
        facts, expected = _form(given, district, most_facts), _expected(given)
        if version is not None:
            raise _wrong(
                "http.bad_version",
                "If-Match",
                "只用于单个事实，多个事实请用 expected",
                "is for one fact; with several use expected",
            )
    else:
        facts = (_fact(given, 1, district),)
        expected = {} if version is None else {f"{facts[0].subject.kind}/{facts[0].subject.id}": _version(version)}
    return Request(facts=facts, principal=caller.principal(), key=key, expected=expected)


def too_many_facts(given: int, most: int) -> ProblemError:
    """Refuse a request of too many facts."""
    return ProblemError(
        413,
        "http.too_many_facts",
        f"一次请求有 {given} 个事实，上限为 {most}，没有任何内容入账；请分几次提交。",
        f"The request has {given} facts, {most} at most; nothing was recorded. Send it in parts.",
        field="facts",
    )


def _with_own(own: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    fixed = next((name for name in ("type", "subject") if name in given), None)
    if fixed is not None:
        raise _wrong("http.unknown_field", fixed, "由地址决定，请去掉", "follows from the address; leave it out")
    return {**own, **given}


def _form(given: Mapping[str, Any], district: str, most_facts: int) -> tuple[AnyFact, ...]:
    unknown = next((name for name in given if name not in {"facts", "expected"}), None)
    if unknown is not None:
        raise _wrong(
            "http.unknown_field", unknown[:100], "不是此请求的字段，请去掉", "is no field of this request; leave it out"
        )
    lines = given["facts"]
    if not isinstance(lines, list) or not lines:
        raise _wrong("http.no_facts", "facts", "应为至少含一个事实的列表", "must be a list of one fact at least")
    if len(lines) > most_facts:
        raise too_many_facts(len(lines), most_facts)
    facts = []
    for place, line in enumerate(lines):
        try:
            facts.append(_read(line, place + 1, district))
        except FactError as error:
            raise of_fact(error, place) from None
    return tuple(facts)


def _fact(given: Mapping[str, Any], number: int, district: str) -> AnyFact:
    try:
        return _read(given, number, district)
    except FactError as error:
        raise of_fact(error) from None


def _read(given: object, number: int, district: str) -> AnyFact:
    if not isinstance(given, dict):
        raise FactError("not_an_object", "应为一个 JSON 对象 {…}。", "expected a JSON object {…}.")
    own = next((name for name in GIVEN_BY_LEDGER if name in given), None)
    if own is not None:
        raise FactError(
            "given_by_ledger",
            "由账册自行填写，请求中不得给出；请去掉此字段。",
            "is given by the ledger and may not stand in a request; leave it out.",
            field=own,
        )
    fact = parse(complete(given, number, Defaults(district=district)))
    if fact.district != district:
        raise FactError(
            "other_district",
            "与地址中的区县不同；请改为同一区县，或去掉此字段。",
            "differs from the district in the address; write the same, or leave it out.",
            field="district",
        )
    return fact


def _expected(given: Mapping[str, Any]) -> dict[str, int]:
    expected = given.get("expected", {})
    if not isinstance(expected, dict) or not all(
        isinstance(version, int) and not isinstance(version, bool) and version >= 0 for version in expected.values()
    ):
        raise _wrong(
            "http.bad_version",
            "expected",
            "应为案卷（种类/编号）到版本号的对象",
            "must map cases (kind/id) to versions",
        )
    no_case = next((one for one in expected if not _is_case(one)), None)
    if no_case is not None:
        raise _wrong(
            "http.bad_version",
            "expected",
            f"的键 {no_case[:100]} 不是案卷，应写作 种类/编号，如 countersign/cs-1",
            f"has the key {no_case[:100]}, which is no case; write kind/id, such as countersign/cs-1",
        )
    return expected


def _is_case(given: str) -> bool:
    kind, _, identity = given.partition("/")
    return kind in CASE_KINDS and len(identity) <= LONGEST_IDENTITY and re.fullmatch(CASE_ID, identity) is not None


def _version(given: str) -> int:
    text = given.strip().strip('"')
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_VERSION):
        raise _wrong(
            "http.bad_version", "If-Match", '应为案卷的版本号，如 "3"', 'must be the version of the case, such as "3"'
        )
    return int(text)


def _wrong(code: str, field: str, zh: str, en: str) -> ProblemError:
    return ProblemError(422, code, f"{field} {zh}。", f"{field} {en}.", field=field)
