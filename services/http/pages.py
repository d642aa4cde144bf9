"""Lists in pages: so many entries, and a mark from which the next page goes on."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query

from services.http.problems import ProblemError

LARGEST_PAGE: Final = 500
USUAL_PAGE: Final = 50

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="每页条数 entries a page")]
After = Annotated[
    str | None, Query(max_length=300, description="上一页给出的 next，原样带回 `next` of the page before, as it is")
]
AfterSequence = Annotated[
    int, Query(ge=0, le=2**62, description="只要此序号之后的 only what has a later sequence number")
]


def page_gone() -> ProblemError:
    """Return the problem that the entry after which a page was to begin is not in the list any more."""
    return ProblemError(
        422,
        "http.page_gone",
        "参数 after 所指的条目已不在此列表中；请从第一页重新开始。",
        "The entry that `after` names is not in this list any more; begin again with the first page.",
        field="after",
    )
