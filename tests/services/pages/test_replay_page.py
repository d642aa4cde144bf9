"""A case replayed on its page, as a browser without script asks for it."""

from __future__ import annotations

import json

from tests.services.http.api import Api, date_back
from tests.services.pages.test_pages import CASE, DISTRICT, fed, form, signed_in, text_of


def replied_late(api: Api) -> None:
    """Record a request, and an answer given in time but recorded after the limit."""
    clerk = signed_in(api)
    clerk.post(f"{DISTRICT}/facts", data=form())
    fed(api)
    data = json.dumps({"department": "u-land", "stance": "agree", "signed_by": "p-luo"})
    answer = form(type="countersign.replied.v1", occurred_at="2026-10-09", unit="u-land", data=data)
    assert "已入账" in text_of(clerk.post(f"{DISTRICT}/facts", data=answer))
    fed(api)


def test_known_and_true_stand_side_by_side_and_differences_are_words(api: Api) -> None:
    replied_late(api)
    inspector = signed_in(api, "inspector")
    assert 'name="known_at"' in inspector.get(CASE).text
    known = text_of(inspector.get(CASE, params={"known_at": "2026-10-11T09:00:00+08:00"}))
    assert "违反 violated xinzhou/28.2-reply" in known
    assert "个工作日" in known
    true = text_of(inspector.get(CASE, params={"true_at": "2026-10-10"}))
    assert "没有发现 No findings" in true
    both = text_of(inspector.get(CASE, params={"known_at": "2026-10-11T09:00:00+08:00", "true_at": "2026-10-10"}))
    assert "不再是违反 no breach any more xinzhou/28.2-reply u-land · 甲 A : 违反 violated 2026-10-10" in both
    assert "仅乙计入 counts in B alone" in both


def test_the_button_goes_on_to_the_next_finding_and_the_moment_stands_in_the_form(api: Api) -> None:
    signed_in(api).post(f"{DISTRICT}/facts", data=form())
    fed(api)
    shown = signed_in(api, "leader").get(CASE, params={"true_at": "2026-10-01", "known_at": "", "next_finding": "true"})
    assert "下一处发现 Next finding : 2026-10-10 24:00" in text_of(shown)
    assert 'value="2026-10-10T23:59:59.999999+08:00"' in shown.text


def test_what_is_no_moment_is_told_and_stays_in_the_form(api: Api) -> None:
    replied_late(api)
    answer = signed_in(api).get(CASE, params={"known_at": "<b>gestern"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="&lt;b&gt;gestern"' in answer.text


def test_a_case_that_is_not_there_is_replayed_as_little_as_shown(api: Api) -> None:
    fed(api)
    client = signed_in(api)
    assert client.get(CASE, params={"known_at": "2026-10-01"}).status_code == client.get(CASE).status_code == 404


def test_a_fact_dated_back_in_the_file_is_told_at_the_top(api: Api) -> None:
    replied_late(api)
    inspector = signed_in(api, "inspector")
    assert "倒填入账时间" not in text_of(inspector.get(CASE, params={"known_at": "2026-12-31"}))
    date_back(api, "countersign.replied.v1")
    shown = text_of(inspector.get(CASE, params={"known_at": "2026-12-31"}))
    assert "有人倒填入账时间并自行封存" in shown
    assert "somebody dated them back and sealed them himself" in shown
