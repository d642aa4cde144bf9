"""What is asked of a request before its facts are recorded, and what that needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from events.fact import AnyFact, case_key
from events.ledger.errors import empty_proposal
from events.record import RecordAnnulled, RecordCorrected, RecordPersonalDataErased
from services.recording.authorisation import unauthorised
from services.recording.references import required
from services.recording.request import Problem, Request, problem_from, problem_of
from services.recording.secrecy import tells_a_secret

if TYPE_CHECKING:
    from events.ledger.port import Conflict, LedgerReader
    from services.recording.decide.deciding import Objection

CONFLICT: Final = "recording.version_conflict"


def problems_before(request: Request) -> tuple[Problem, ...]:
    """Return what stands against a request whatever the ledger holds: rights and secrecy."""
    if not request.facts:
        return (problem_from(empty_proposal()),)
    return tuple(
        problem_of(refusal, place)
        for place, fact in enumerate(request.facts)
        if (refusal := unauthorised(fact, request.principal) or tells_a_secret(fact)) is not None
    )


def problems_of(found: Sequence[Objection]) -> tuple[Problem, ...]:
    """Return objections as problems of a request."""
    return tuple(problem_of(one.refusal, one.place) for one in found)


def conflicting(conflict: Conflict) -> Problem:
    """Return as a problem of a request that a case has moved on since the version it states."""
    return Problem(
        code=CONFLICT,
        zh=f"案卷 {conflict.case} 现为第 {conflict.actual} 版，不是您所见的第 {conflict.expected} 版，"
        "其间有人录入，本次未入账；请查看新内容后再提交。",
        en=f"The case {conflict.case} is at version {conflict.actual}, not {conflict.expected} as you saw it: somebody "
        "recorded in between, and nothing of this was. Look at what is new and send it again.",
        field="expected",
    )


def version_not_told() -> Problem:
    """Return as a problem of a request that it states the version of a case that its caller may not see as a whole."""
    return Problem(
        code=CONFLICT,
        zh="所述案卷版本与现有不符，或案卷中有您不能查看的内容，其版本不便告知，本次未入账；"
        "请核对内容，并去掉版本号后再提交。",
        en="A case stated with its version has moved on, or holds what you may not see, so that its version is not "
        "told; nothing was recorded. Check the content and send it again without a version.",
        field="expected",
    )


def corrects(request: Request) -> bool:
    """Tell whether a request corrects or annuls something."""
    return any(isinstance(fact.data, RecordCorrected | RecordAnnulled) for fact in request.facts)


def erases(request: Request) -> bool:
    """Tell whether a request orders a person's key to be destroyed."""
    return any(isinstance(fact.data, RecordPersonalDataErased) for fact in request.facts)


def cases_of(facts: Sequence[AnyFact]) -> list[str]:
    """Return the cases that a decision on facts reads: their own and those they hang on."""
    cases = [case_key(fact.subject) for fact in facts]
    for fact in facts:
        cases += [case for _, case in required(fact)]
    return list(dict.fromkeys(cases))


def facts_named(reader: LedgerReader, facts: Sequence[AnyFact]) -> dict[UUID, AnyFact]:
    """Return the recorded facts that corrections among these name, by id."""
    named: dict[UUID, AnyFact] = {}
    for fact in facts:
        if isinstance(fact.data, RecordCorrected | RecordAnnulled):
            right = [fact.data.right] if isinstance(fact.data, RecordCorrected) else []
            for fact_id in (fact.data.wrong, *right):
                stored = reader.find(fact.district, fact_id)
                if stored is not None:
                    named[fact_id] = stored
    return named
