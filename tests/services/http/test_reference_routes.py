"""What belongs to no district: rules, vocabulary, probes, metrics, the description of the API itself."""

from __future__ import annotations

from pathlib import Path

from events.describing import vocabulary_as_json
from rulebooks.text.articles import read_text
from services.http.parts import Limits
from services.rules.papers import RulePapers
from tests.rulebooks.invented import COVER, TEXT, write
from tests.services.http.api import ASKED, Api


def test_the_provisions_of_an_article_are_those_that_the_command_lists(shared: Api) -> None:
    client = shared.client("agency")
    found = client.get("/v1/rulebooks/xinzhou/provisions", params={"article": "28"}).json()["provisions"]
    (reply,) = [one for one in found if one["rule"] == "xinzhou/28.2-reply"]
    assert {one["article"].partition(".")[0] for one in found} == {"28"}
    assert (reply["as"], reply["kind"], reply["modality"]) == ("rule", "deadline", "generally")
    assert min(reply["cases"]["satisfied"], reply["cases"]["violated"]) >= 1
    assert client.get("/v1/rulebooks/xinzhou/provisions", params={"article": "999"}).status_code == 404
    assert client.get("/v1/rulebooks/nowhere/provisions").status_code == 404
    assert client.get("/v1/rulebooks/**/provisions").status_code == 404


def test_the_rulebooks_are_listed_with_their_hashes(shared: Api) -> None:
    found = shared.client("clerk").get("/v1/rulebooks").json()["rulebooks"]
    assert [one["rulebook"] for one in found] == [
        "huancui/2022",
        "qianjiang/2022",
        "xinqiu/2022",
        "xinzhou/2023",
        "yuanzhou/2023",
    ]
    assert {len(one["sha256"]) for one in found} == {64}


def test_a_rule_is_explained(shared: Api) -> None:
    client = shared.client("leader")
    told = client.get("/v1/rules/xinzhou/28.2-reply").json()
    assert (told["rule"], told["article"], told["kind_in_words"]["en"]) == ("xinzhou/28.2-reply", "28.2", "deadline")
    assert told["wording"]["zh"].endswith("逾期不回复视为无不同意见")
    assert {one["holds"] for one in told["cases"]} == {True}
    assert client.get("/v1/rules/xinzhou/99.9-nothing").status_code == 404


def test_the_vocabulary_is_what_the_command_prints(shared: Api) -> None:
    client = shared.client("clerk")
    assert client.get("/v1/vocabulary").json() == vocabulary_as_json()
    schema = client.get("/v1/vocabulary/countersign.requested.v1/schema").json()
    assert schema["$id"] == "urn:taizhang:fact:countersign.requested.v1"
    assert client.get("/v1/vocabulary/nothing.v1/schema").status_code == 404


def test_the_service_is_ready_once_the_watch_has_caught_up(api: Api) -> None:
    probe = api.client()
    assert probe.get("/v1/health").json() == {"status": "alive"}
    assert probe.get("/v1/ready").json() == {"status": "ready", "lag_facts": 0, "lag_seconds": 0.0}
    api.client("clerk").post("/v1/districts/xinzhou/facts", json=ASKED)
    api.service.watching.behind()
    behind = probe.get("/v1/ready")
    assert (behind.status_code, behind.json()["lag_facts"]) == (200, 1)
    api.clock.now = api.clock.now.replace(hour=10)
    late = probe.get("/v1/ready")
    assert (late.status_code, late.json()) == (503, {"status": "behind", "lag_facts": 1, "lag_seconds": 3_600.0})
    serving = probe.get("/v1/serving")
    assert (serving.status_code, serving.json()) == (200, {"status": "serving"})
    api.judge()
    assert probe.get("/v1/ready").status_code == 200
    assert Limits().lag == 60.0


def test_metrics_count_requests_by_route_and_show_only_the_districts_of_the_operator(api: Api) -> None:
    api.client("clerk").post("/v1/districts/xinzhou/facts", json=ASKED)
    api.client().get("/v1/vocabulary")
    api.judge()
    api.service.feeding.catch_up()
    shown = api.client("operator", "xinzhou").get("/v1/metrics")
    assert shown.headers["content-type"].startswith("text/plain")
    lines = shown.text.splitlines()
    posted = 'taizhang_http_requests_total{method="POST",route="/v1/districts/{district}/facts",status="201"} 1.0'
    assert posted in lines
    assert 'taizhang_http_unrecognised_total{code="token.missing"} 1.0' in lines
    for line in (
        f'taizhang_facts{{district="xinzhou"}} {float(api.service.reader.head("xinzhou").sequence)}',
        'taizhang_watch_lag_facts{district="xinzhou"} 0.0',
        'taizhang_watch_lag_seconds{district="xinzhou"} 0.0',
        "taizhang_oldest_unjudged_seconds 0.0",
        'taizhang_parked_facts{district="xinzhou"} 0.0',
        'taizhang_overdue_alerts{district="xinzhou",le="+Inf"} 1.0',
        'taizhang_view_lag_facts{district="xinzhou",view="desk"} 0.0',
        'taizhang_view_lag_seconds{district="xinzhou",view="desk"} 0.0',
        "taizhang_judging_restarts_total 0.0",
    ):
        assert line in lines, line
    assert "xinzhou" not in api.client("operator", "yuanzhou").get("/v1/metrics").text


def test_the_description_names_every_schema_that_it_refers_to(shared: Api) -> None:
    described = shared.client().get("/v1/openapi.json")
    assert described.status_code == 200
    known = described.json()["components"]["schemas"]
    referred = {part.split('"')[0] for part in described.text.split("#/components/schemas/")[1:]}
    assert referred <= set(known)
    assert {"ProblemBody", "RecordedShown", "Timeline", "AlertPage"} <= referred
    bodies = [
        operation
        for path in described.json()["paths"].values()
        for name, operation in path.items()
        if name == "post" and "requestBody" not in operation
    ]
    assert bodies == []


def test_the_words_of_an_article_are_shown_when_the_text_is_the_one_that_the_rules_were_read_from(
    tmp_path: Path,
) -> None:
    sealed = COVER.replace("articles: 4", f"articles: 4, sha256: {read_text(TEXT).sha256}")
    home = write(tmp_path / "home", cover=sealed).parents[1]
    (tmp_path / "ninghai.txt").write_text(TEXT, encoding="utf-8")
    assert RulePapers(tmp_path, home).words("ninghai")["4"] == ("区政府公文由区长签发。",)
    (tmp_path / "ninghai.txt").write_text(TEXT.replace("区长", "副区长"), encoding="utf-8")
    assert RulePapers(tmp_path, home).words("ninghai") == {}
    assert RulePapers(None, home).words("ninghai") == {}
    assert RulePapers(tmp_path / "nothing", home).words("ninghai") == {}
    assert RulePapers(tmp_path, home).words("elsewhere") == {}


def test_an_article_without_its_text_at_hand_has_no_words(shared: Api) -> None:
    client = shared.client("inspector")
    assert client.get("/v1/rulebooks/xinzhou/articles/28").json() == {
        "district": "xinzhou",
        "article": "28",
        "paragraphs": [],
    }
    assert client.get("/v1/rulebooks/xinzhou/articles/999").status_code == 404


def test_the_districts_are_set_side_by_side_on_a_subject(shared: Api) -> None:
    client = shared.client("leader")
    assert {"subject": "countersign", "zh": "会签与征求意见", "en": "countersigning and opinions"} in client.get(
        "/v1/comparisons"
    ).json()["subjects"]
    told = client.get("/v1/comparisons/countersign").json()
    (deadlines,) = [one for one in told["rows"] if one["kind"] == "deadline"]
    assert told["districts"] == ["huancui", "qianjiang", "xinqiu", "xinzhou", "yuanzhou"]
    assert "xinzhou/28.2-reply" in {one["rule"] for one in deadlines["districts"]["xinzhou"]}
    assert client.get("/v1/comparisons/nothing").status_code == 404
