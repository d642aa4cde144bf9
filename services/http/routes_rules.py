"""The rules: rulebooks, the provisions of an article, and one rule explained. They are public papers."""

from functools import cache, lru_cache
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from events.moment import FIRST_INSTANT, LAST_INSTANT, Instant, day_of
from rulebooks.loading import Rulebook, rulebooks_of, shipped_districts
from services.http import problems
from services.http.answers import answer, spelled_out
from services.http.describing import answers, schema_of
from services.http.documents import Provisions, Rulebooks, RulebookShown
from services.http.guard import Guard
from services.http.parts import Parts
from services.provisions import listed
from services.rule_explanations import Explanation, explained

MOST_EXPLAINED = 256
Article = Annotated[
    str | None, Query(max_length=20, description="条，如 28；不写则全部 article, such as 28; all without")
]


def rule_routes(_parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes; what is asked for once is kept, since rulebooks do not change while the program runs."""
    router = APIRouter(tags=["rules"], dependencies=[guard.may("rule.read")])

    @cache
    def books(district: str) -> tuple[RulebookShown, ...]:
        return tuple(_shown(one) for one in rulebooks_of(district))

    @cache
    def provisions_of(district: str) -> tuple[dict[str, object], ...]:
        return tuple(listed(district))

    @lru_cache(maxsize=MOST_EXPLAINED)
    def explanation_of(rule: str) -> Explanation | None:
        return explained(rule)

    @router.get("/v1/rulebooks", responses=answers({200: schema_of(Rulebooks)}, bound=False))
    def rulebooks() -> Response:
        """本系统中的规则书。The rulebooks in this program."""
        return answer(Rulebooks(rulebooks=tuple(one for name in shipped_districts() for one in books(name))))

    @router.get("/v1/rulebooks/{of}/provisions", responses=answers({200: schema_of(Provisions)}, 404, bound=False))
    def provisions(of: str, article: Article = None) -> Response:
        """某区县规则逐条：由什么规则判定、有多少案例。Provision by provision, with how many cases prove each."""
        if of not in shipped_districts():
            raise problems.not_found()
        found = provisions_of(of)
        wanted = [one for one in found if article is None or str(one["article"]).partition(".")[0] == article]
        if not wanted:
            raise problems.not_found()
        return answer(Provisions(provisions=tuple(wanted)))

    @router.get("/v1/rules/{of}/{rule}", responses=answers({200: {"type": "object"}}, 404, bound=False))
    def rule(of: str, rule: str) -> Response:
        """一条规则的解释：条文、算法、参数、理解、案例。One rule explained: wording, computation, reading, cases."""
        found = explanation_of(f"{of}/{rule}") if of in shipped_districts() else None
        if found is None:
            raise problems.not_found()
        return answer(spelled_out(found))

    return router


def _shown(book: Rulebook) -> RulebookShown:
    return RulebookShown(
        rulebook=book.name,
        district=book.district,
        title=book.title,
        document=book.document,
        in_force_from=_day(book.since) or "",
        in_force_until=_day(book.until),
        rules=len(book.rules),
        provisions=len(book.provisions),
        sha256=book.sha256,
    )


def _day(instant: Instant) -> str | None:
    return day_of(instant).isoformat() if FIRST_INSTANT < instant < LAST_INSTANT else None
