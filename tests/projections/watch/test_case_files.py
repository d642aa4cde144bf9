"""Which case refers to which, by the facts that count."""

from __future__ import annotations

from projections.watch.casefiles import CaseFiles
from tests.rulebooks.kinds.histories import fact

CASE = "review/r-1"
ASKED = fact("review.requested", CASE, "2025-09-22", kind="office_check", about="matter/t-1")
ANEW = fact("review.requested", CASE, "2025-09-23", kind="office_check", about="matter/t-2")
CONCLUDED = fact("review.concluded", CASE, "2025-09-24", result="pass")


def test_a_case_is_about_another_as_long_as_a_fact_that_says_so_counts() -> None:
    files = CaseFiles()
    for one in (ASKED, CONCLUDED, ANEW):
        files.add(one)
    assert (files.referring("matter/t-1", "review", "about"), files.referred(CASE, "about")) == (
        [CASE],
        ["matter/t-1", "matter/t-2"],
    )
    files.strike(ASKED)
    assert (files.referring("matter/t-1", "review", None), files.referred(CASE, None)) == ([], ["matter/t-2"])
    assert files.file(CASE).facts() == [ANEW, CONCLUDED]
    files.add(ASKED)
    assert files.referring("matter/t-1", None, "about") == [CASE]


def test_what_a_struck_fact_led_to_is_still_asked_anew_when_facts_come() -> None:
    files = CaseFiles()
    files.add(ASKED)
    files.strike(ASKED)
    assert files.sources("matter/t-1", "about") == {CASE}
