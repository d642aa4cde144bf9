"""The pages over real HTTP, as a browser without script would use them."""

from __future__ import annotations

import datetime as dt
import json
import re

import httpx
import pytest

from services.recording.authorisation import Role
from tests.services.http.api import ASKED, Api

DISTRICT = "/pages/xinzhou"
CASE = f"{DISTRICT}/cases/countersign/cs-1"
HTML = {"accept": "text/html"}


def signed_in(api: Api, role: Role = "clerk", *districts: str) -> httpx.Client:
    client = httpx.Client(
        base_url=api.address, headers={**HTML, "origin": api.address}, follow_redirects=True, timeout=60
    )
    api.clients.append(client)
    answer = client.post("/pages/session", data={"token": api.token(role, *districts)})
    assert (answer.status_code, answer.url.path) == (200, "/pages")
    return client


def fed(api: Api) -> None:
    api.judge()
    api.service.feeding.catch_up()


def form(**changes: str) -> dict[str, str]:
    given = {
        "type": str(ASKED["type"]),
        "case": "countersign/cs-1",
        "occurred_at": "2026-09-28",
        "unit": "u-housing",
        "data": json.dumps(ASKED["data"], ensure_ascii=False),
    }
    return {**given, **changes}


def text_of(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.replace("<wbr>", "")))


def the_alert(client: httpx.Client) -> str:
    (found,) = set(re.findall(r'href="(/pages/xinzhou/alerts/[0-9a-f-]{36})"', client.get(f"{DISTRICT}/alerts").text))
    return str(found)


def test_who_signs_in_chooses_among_his_own_districts(api: Api) -> None:
    client = signed_in(api, "clerk", "xinzhou", "yuanzhou")
    shown = client.get("/pages").text
    assert re.findall(r'href="(/pages/\w+/desk)"', shown) == ["/pages/xinzhou/desk", "/pages/yuanzhou/desk"]
    assert "令牌" not in shown


def test_the_cookie_is_for_the_pages_alone_and_no_script_reads_it(api: Api) -> None:
    answer = httpx.post(f"{api.address}/pages/session", data={"token": api.token("clerk")})
    cookie = answer.headers["set-cookie"].lower()
    assert (answer.status_code, answer.headers["location"]) == (303, "/pages")
    assert {"httponly", "path=/pages", "samesite=strict"} <= {one.strip() for one in cookie.split(";")}
    facts = httpx.post(f"{api.address}/v1/districts/xinzhou/facts", json=dict(ASKED), cookies=answer.cookies)
    assert (facts.status_code, facts.json()["code"]) == (401, "token.missing")


def test_a_token_that_is_not_accepted_is_told_on_the_page(api: Api) -> None:
    answer = httpx.post(f"{api.address}/pages/session", data={"token": "nonsense"}, headers=HTML)
    assert answer.status_code == 401
    assert "令牌不是有效的 JWT" in answer.text
    assert "set-cookie" not in answer.headers


def test_who_is_not_signed_in_is_sent_to_sign_in(api: Api) -> None:
    client = httpx.Client(base_url=api.address, headers=HTML)
    api.clients.append(client)
    for path in (f"{DISTRICT}/desk", f"{DISTRICT}/alerts", f"{DISTRICT}/record", CASE):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/pages"), path


def test_signing_out_forgets_the_token(api: Api) -> None:
    client = signed_in(api)
    assert "令牌" in client.post("/pages/session/end").text
    assert client.get(f"{DISTRICT}/desk").url.path == "/pages"


def test_a_form_from_another_site_is_not_acted_on(api: Api) -> None:
    client = signed_in(api)
    for origin in ("https://elsewhere.example", "null"):
        answer = client.post(f"{DISTRICT}/facts", data=form(), headers={"origin": origin})
        assert (answer.status_code, "不是从本系统的页面提交的" in answer.text) == (403, True)
    assert api.parts.ledger.head("xinzhou").sequence == 0


def test_a_preview_says_what_would_be_set_in_motion_and_records_nothing(api: Api) -> None:
    client = signed_in(api)
    shown = text_of(client.post(f"{DISTRICT}/previews", data=form(occurred_at="2026-10-10")))
    assert "xinzhou/28.2-reply · countersign/cs-1 · u-land · 到期 due 2026-10-16" in shown
    assert api.parts.ledger.head("xinzhou").sequence == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"data": "{"}, "JSON"),
        ({"data": '{"kind": "opinion"}'}, "data."),
        ({"occurred_at": "2026-09-31"}, "occurred_at"),
        ({"case": "nonsense"}, "subject"),
        ({"type": "no.such_fact.v1"}, "type"),
        ({"unit": ""}, "actor"),
    ],
)
@pytest.mark.parametrize("act", ["previews", "facts"])
def test_what_is_wrong_in_the_form_is_named_and_what_was_typed_stays(
    api: Api, act: str, changes: dict[str, str], said: str
) -> None:
    answer = signed_in(api).post(f"{DISTRICT}/{act}", data=form(**changes))
    assert answer.status_code in {400, 422}
    alert = re.search(r'<div role="alert".*?</div>', answer.text, re.DOTALL)
    assert alert is not None
    assert said in alert[0]
    assert f'value="{changes.get("case", "countersign/cs-1")}"' in answer.text
    assert api.parts.ledger.head("xinzhou").sequence == 0


def test_an_overdue_reply_goes_from_the_form_over_desk_and_inbox_to_its_end(api: Api) -> None:
    clerk, leader = signed_in(api), signed_in(api, "leader")
    assert "已入账，序号 1" in text_of(clerk.post(f"{DISTRICT}/facts", data=form()))
    fed(api)
    desk = text_of(clerk.get(f"{DISTRICT}/desk", params={"holder": "u-land"}))
    assert "2026-10-10" in desk
    alert = the_alert(leader)
    told = text_of(leader.get(alert))
    assert "第28条第2款" in told
    assert "countersign/cs-1" in told
    leader.post(f"{alert}/acknowledgements", data={"until": "2026-10-13", "note": "<script>已催办</script>"})
    fed(api)
    assert "&lt;script&gt;已催办" in leader.get(alert).text
    replied = {"department": "u-land", "stance": "agree", "signed_by": "p-luo"}
    late = form(type="countersign.replied.v1", occurred_at="2026-10-11", unit="u-land", data=json.dumps(replied))
    assert "已入账" in text_of(clerk.post(f"{DISTRICT}/facts", data=late))
    fed(api)
    assert "没有这样的预警" in leader.get(f"{DISTRICT}/alerts").text
    assert alert in leader.get(f"{DISTRICT}/alerts", params={"standing": "resolved"}).text
    case = text_of(leader.get(CASE))
    assert "已补办 resolved" in case
    assert "补录" in case


def test_what_is_not_there_and_what_is_foreign_read_the_same(api: Api) -> None:
    client = signed_in(api)
    clerk_of_yuanzhou = signed_in(api, "clerk", "yuanzhou")
    clerk_of_yuanzhou.post("/pages/yuanzhou/facts", data=form())
    paths = (CASE, "/pages/yuanzhou/cases/countersign/cs-1", "/pages/nowhere/cases/countersign/cs-1")
    answers = [client.get(path) for path in paths]
    assert {(one.status_code, one.text) for one in answers} == {(404, answers[0].text)}


def test_every_page_loads_nothing_from_elsewhere(api: Api) -> None:
    client = signed_in(api)
    fed(api)
    for path in ("/pages", f"{DISTRICT}/desk", f"{DISTRICT}/alerts", f"{DISTRICT}/record", f"{DISTRICT}/policy"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert re.findall(r'(?:src|href)="(https?:|//)', answer.text) == []
    assert client.get("/pages/style.css").headers["content-type"].startswith("text/css")


def test_the_house_settings_in_force_are_explained(api: Api) -> None:
    shown = text_of(signed_in(api).get(f"{DISTRICT}/policy"))
    assert "到期前 1 个工作日起" in shown
    for row in (
        "1 第 1 个工作日 working day 1 责任单位负责人",
        "2 第 3 个工作日 working day 3 分管领导",
        "3 第 5 个工作日 working day 5 办公室主任",
    ):
        assert row in shown


def test_an_article_is_opened_with_what_is_checked_of_it_and_what_is_left_to_people(api: Api) -> None:
    client = signed_in(api, "inspector")
    shown = text_of(client.get(f"{DISTRICT}/rules", params={"article": "28"}))
    assert "第28条 Article 28" in shown
    assert "第27条 Article 27" not in shown
    assert "由规则判定 judged by a rule xinzhou/28.2-reply" in shown
    assert client.get(f"{DISTRICT}/rules", params={"article": "99"}).status_code == 404
    whole = client.get(f"{DISTRICT}/rules").text
    assert [int(one) for one in re.findall(r'id="article-(\d+)"', whole)] == list(range(1, 53))


def test_a_rule_is_explained_with_its_reading_its_computation_and_its_cases(api: Api) -> None:
    client = signed_in(api)
    shown = text_of(client.get(f"{DISTRICT}/rules/28.2-reply"))
    explained = api.parts.papers.explanation("xinzhou/28.2-reply")
    assert explained is not None
    said = [explained.wording, explained.cited, explained.force, *explained.computed, *explained.exceptions]
    assert [one.zh for one in said if one.zh not in shown] == []
    assert [one.name for one in explained.cases if one.name not in shown] == []
    assert client.get(f"{DISTRICT}/rules/99.9-nothing").status_code == 404


def test_the_districts_stand_side_by_side_on_one_subject(api: Api) -> None:
    client = signed_in(api)
    shown = text_of(client.get(f"{DISTRICT}/comparisons/countersign"))
    compared = api.parts.papers.comparison("countersign")
    assert compared is not None
    rules = [one for row in compared.rows for listed in row.districts.values() for one in listed]
    assert [one.rule for one in rules if one.zh not in shown] == []
    assert client.get(f"{DISTRICT}/comparisons/nothing").status_code == 404


def test_a_form_about_an_alert_that_comes_twice_is_recorded_once_and_a_new_one_again(api: Api) -> None:
    client = signed_in(api, "leader")
    assert client.post(f"{DISTRICT}/facts", data=form()).status_code == 200
    api.clock.now += dt.timedelta(days=20)
    fed(api)
    alert = the_alert(client)
    for _ in range(2):
        shown = client.get(alert).text
        (given,) = set(re.findall(r'name="form" value="([0-9a-f-]{36})"', shown))
        for _ in range(2):
            api.clock.now += dt.timedelta(seconds=1)
            done = client.post(f"{alert}/answers", data={"form": given, "account": "已电话答复"})
            assert (done.status_code, done.url.path) == (200, alert)
    assert client.get(alert).text.count("— 已电话答复") == 2


def test_another_form_of_the_same_page_or_other_words_in_it_are_recorded_too(api: Api) -> None:
    client = signed_in(api, "leader")
    assert client.post(f"{DISTRICT}/facts", data=form()).status_code == 200
    api.clock.now += dt.timedelta(days=20)
    fed(api)
    alert = the_alert(client)
    (given,) = set(re.findall(r'name="form" value="([0-9a-f-]{36})"', client.get(alert).text))
    for name, said in (
        ("acknowledgements", {"note": "已知悉"}),
        ("answers", {"account": "已电话"}),
        ("answers", {"account": "已书面"}),
    ):
        done = client.post(f"{alert}/{name}", data={"form": given, **said})
        assert (done.status_code, done.url.path) == (200, alert)
    shown = client.get(alert).text
    assert [shown.count(f"— {said}") for said in ("已知悉", "已电话", "已书面")] == [1, 1, 1]


def test_whom_an_alert_and_a_replay_are_about_is_shown_by_name(api: Api) -> None:
    clerk = api.client("clerk")
    data = {"name": "区自然资源分局", "kind": "department"}
    unit = {"kind": "unit", "id": "u-land"}
    known = {**ASKED, "type": "roster.unit_established.v1", "subject": unit, "occurred_at": "2024-01-01", "data": data}
    for fact in (known, dict(ASKED)):
        answer = clerk.post("/v1/districts/xinzhou/facts", json=fact)
        assert answer.status_code == 201, answer.text
    fed(api)
    client = signed_in(api)
    assert "当事方 Party 区自然资源分局 u-land" in text_of(client.get(the_alert(client)))
    replayed = text_of(client.get(CASE, params={"known_at": "2026-10-11T10:00:00+08:00"}))
    assert "xinzhou/28.2-reply 区自然资源分局 u-land" in replayed


def test_a_timeline_names_fields_and_choices_in_chinese(api: Api) -> None:
    client = signed_in(api)
    assert client.post(f"{DISTRICT}/facts", data=form()).status_code == 200
    fed(api)
    shown = text_of(client.get(CASE))
    assert "种类 kind : 征求意见 " in shown
    assert "主办单位 sponsor : u-housing" in shown


def test_the_bare_address_leads_to_the_pages(api: Api) -> None:
    assert httpx.get(api.address, headers=HTML, follow_redirects=True).url.path == "/pages"
