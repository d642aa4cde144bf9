"""The rules: rulebooks, the provisions and words of an article, one rule explained. They are public papers."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from events.moment import FIRST_INSTANT, LAST_INSTANT, Instant, day_of
from rulebooks.loading import Rulebook
from services.http import problems
from services.http.answers import answer, spelled_out
from services.http.describing import answers, schema_of
from services.http.documents import ArticleWords, Provisions, Rulebooks, RulebookShown
from services.http.guard import Guard
from services.http.parts import Parts

Article = Annotated[
    str | None, Query(max_length=20, description="条，如 28；不写则全部 article, such as 28; all without")
]


def rule_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["rules"], dependencies=[guard.may("rule.read")])
    papers = parts.papers

    @router.get("/v1/rulebooks", responses=answers({200: schema_of(Rulebooks)}, bound=False))
    def rulebooks() -> Response:
        """本系统中的规则书。The rulebooks in this program."""
        known = tuple(_shown(one) for name in papers.districts for one in papers.books(name))
        return answer(Rulebooks(rulebooks=known))

    @router.get("/v1/rulebooks/{of}/provisions", responses=answers({200: schema_of(Provisions)}, 404, bound=False))
    def provisions(of: str, article: Article = None) -> Response:
        """某区县规则逐条：由什么规则判定、有多少案例。Provision by provision, with how many cases prove each."""
        wanted = [
            one for one in papers.provisions(of) if article is None or str(one["article"]).partition(".")[0] == article
        ]
        if not wanted:
            raise problems.not_found()
        return answer(Provisions(provisions=tuple(wanted)))

    @router.get(
        "/v1/rulebooks/{of}/articles/{article}", responses=answers({200: schema_of(ArticleWords)}, 404, bound=False)
    )
    def words(of: str, article: str) -> Response:
        """一条的原文；未设原文文件夹时为空。The words of an article; none unless the operator points at the texts."""
        if not any(str(one["article"]).partition(".")[0] == article for one in papers.provisions(of)):
            raise problems.not_found()
        return answer(ArticleWords(district=of, article=article, paragraphs=papers.words(of).get(article, ())))

    @router.get("/v1/rules/{of}/{rule}", responses=answers({200: {"type": "object"}}, 404, bound=False))
    def rule(of: str, rule: str) -> Response:
        """一条规则的解释：条文、算法、参数、理解、案例。One rule explained: wording, computation, reading, cases."""
        found = papers.explanation(f"{of}/{rule}")
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
