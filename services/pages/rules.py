"""The pages on the rules: a district's rulebook by article, one rule explained, the districts side by side."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Query
from starlette.responses import Response

from rulebooks.subjects import SUBJECTS
from services.http import problems
from services.http.guard import Guard
from services.http.parts import Parts
from services.identity.caller import Caller
from services.pages.drawing import page

HOME: Final = "/pages/{district}"


class ArticleShown(NamedTuple):
    """One article: its words where the text is at hand, and its provisions."""

    number: str
    words: tuple[str, ...]
    provisions: tuple[Mapping[str, Any], ...]


def add_rules(router: APIRouter, parts: Parts, guard: Guard) -> None:
    """Add the pages on the rules; they are public papers, shown to whoever signed in."""
    papers = parts.papers

    @router.get(f"{HOME}/rules")
    def rules(
        district: str,
        _caller: Annotated[Caller, guard.may("rule.read", by_cookie=True)],
        article: Annotated[str | None, Query(max_length=20)] = None,
    ) -> Response:
        """规则书：逐条，查什么、怎么查、有哪些案例。The rulebook by article."""
        every = tuple(_articles(papers.provisions(district), papers.words(district)))
        shown = [one for one in every if article is None or one.number == article]
        if not shown:
            raise problems.not_found()
        return page(
            "rules.html",
            district=district,
            here="rules",
            book=papers.books(district)[-1],
            numbers=[one.number for one in every],
            articles=shown,
            chosen=article,
            subjects=SUBJECTS,
        )

    @router.get(f"{HOME}/rules/{{rule}}")
    def rule(district: str, rule: str, _caller: Annotated[Caller, guard.may("rule.read", by_cookie=True)]) -> Response:
        """一条规则的解释。One rule explained."""
        found = papers.explanation(f"{district}/{rule}")
        if found is None:
            raise problems.not_found()
        number = found.article.partition(".")[0].partition("(")[0]
        words = papers.words(district).get(number, ())
        return page("rule.html", district=district, here="rules", rule=found, number=number, words=words)

    @router.get(f"{HOME}/comparisons/{{subject}}")
    def comparison(
        district: str, subject: str, _caller: Annotated[Caller, guard.may("rule.read", by_cookie=True)]
    ) -> Response:
        """各区县在一个事项上的规则并列。The districts side by side on one subject."""
        found = papers.comparison(subject)
        if found is None:
            raise problems.not_found()
        return page("comparison.html", district=district, here="rules", comparison=found)


def _articles(
    provisions: tuple[Mapping[str, Any], ...], words: Mapping[str, tuple[str, ...]]
) -> Iterator[ArticleShown]:
    gathered: dict[str, list[Mapping[str, Any]]] = {}
    for one in provisions:
        number = str(one["article"]).partition(".")[0].partition("(")[0]
        gathered.setdefault(number, []).append(one)
    for number in sorted(gathered, key=int):
        yield ArticleShown(number, words.get(number, ()), tuple(gathered[number]))
