"""What a request says beside its body is taken at its word: parameters, the method HEAD, the type of the body."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.http.api import Api

WHOLE = "/v1/districts/{district}"
FORMS: list[dict[str, object]] = [{}, {"meeting": 5}, {"people": []}]


def problem(answer: Any) -> tuple[int, str, str | None]:  # noqa: ANN401  an answer of the client
    said = answer.json()
    return answer.status_code, said["code"], said.get("field")


@pytest.mark.parametrize(
    ("address", "unknown"),
    [
        ("/cases/countersign/cs-1/replay?known-at=2026-09-28", "known-at"),
        ("/cases/countersign/cs-1?knownat=2026-09-28", "knownat"),
        ("/alerts?standng=raised", "standng"),
        ("/alerts?limit=5&页=2", "页"),
        ("/recomputation?until=2026-09-28", "until"),
        ("/views?mine=true", "mine"),
    ],
)
def test_a_parameter_that_the_route_does_not_take_is_refused_instead_of_answered_as_if_it_were_not_there(
    shared: Api, address: str, unknown: str
) -> None:
    answer = shared.client("inspector").get(WHOLE.format(district="xinzhou") + address)
    assert problem(answer) == (422, "http.unknown_parameter", unknown)


def test_the_refusal_names_the_parameters_that_there_are(shared: Api) -> None:
    said = shared.client("inspector").get("/v1/districts/xinzhou/cases/countersign/cs-1/replay?known-at=x").json()
    assert said["detail"] == "此地址没有参数 known-at，未予办理；可用：compare、known_at、next_finding、true_at。"
    assert said["detail_en"] == (
        "This address takes no parameter known-at, so nothing was done; it takes: compare, known_at, next_finding, "
        "true_at."
    )


def test_filters_of_a_view_are_looked_at_by_the_view_and_described_for_its_replay_too(shared: Api) -> None:
    shared.judge()
    shared.service.feeding.catch_up()
    client = shared.client("inspector")
    for address in ("/views/desk?holde=x", "/views/desk/replay?holde=x"):
        answer = client.get(WHOLE.format(district="xinzhou") + address)
        assert problem(answer) == (422, "view.filter_unknown", "holde"), answer.text
    described = client.get("/v1/openapi.json").json()["paths"]
    for path in ("/v1/districts/{district}/views/{view}", "/v1/districts/{district}/views/{view}/replay"):
        assert "filters" in {one["name"] for one in described[path]["get"]["parameters"]}


@pytest.mark.parametrize("address", ["/v1/health", "/v1/districts/xinzhou/views"])
def test_head_is_answered_as_get_without_its_body(shared: Api, address: str) -> None:
    client = shared.client("clerk")
    got, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


def test_head_does_not_get_where_get_does_not(shared: Api) -> None:
    assert shared.client("clerk").head("/v1/districts/xinzhou/facts").status_code == 405
    assert shared.client().head("/v1/districts/xinzhou/views").status_code == 401


@pytest.mark.parametrize(
    "given", ['application/json;charset="utf-8"', "application/json ; charset=UTF-8", "Application/JSON"]
)
def test_json_in_utf_8_is_read_however_its_type_is_written(shared: Api, district: str, given: str) -> None:
    client = shared.client("clerk", district)
    answer = client.post(f"/v1/districts/{district}/previews", content=b"{}", headers={"content-type": given})
    assert problem(answer) == (422, "missing_field", "type")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"content-type": "application/json; charset=gbk"}, "http.wrong_media_type"),
        ({"content-type": "application/json", "content-encoding": "gzip"}, "http.wrong_media_type"),
    ],
)
def test_a_body_that_is_not_plain_json_is_told_what_is_wrong_with_it(
    shared: Api, district: str, headers: dict[str, str], code: str
) -> None:
    client = shared.client("clerk", district)
    answer = client.post(f"/v1/districts/{district}/facts", content=b"{}", headers=headers)
    assert problem(answer) == (415, code, None)


def test_one_of_several_values_that_cannot_be_used_is_told_by_the_name_of_its_parameter(shared: Api) -> None:
    said = shared.client("clerk").get("/v1/districts/xinzhou/alerts?severity=grave").json()
    assert (said["field"], said["detail"]) == ("severity", "参数 severity 只能是 'breach'、'deviation'、'notice'")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "不是有效的 JSON（第 1 列）：内容为空。"),
        (b'{"a":1,}', "不是有效的 JSON（第 7 列）：末项之后多了逗号。"),
        (b"\xef\xbb\xbf{}", "不是有效的 JSON（第 1 列）：开头有字节顺序标记（BOM），请去掉。"),
        (b"{'a':1}", "不是有效的 JSON（第 2 列）：此处应为双引号括起的字段名。"),
        (b"{}", "缺少必填字段“事实类型”；请补上。"),
    ],
)
def test_what_is_wrong_with_a_body_is_chinese_in_the_chinese(
    shared: Api, district: str, body: bytes, detail: str
) -> None:
    client = shared.client("clerk", district)
    answer = client.post(f"/v1/districts/{district}/facts", content=body, headers={"content-type": "application/json"})
    assert answer.json()["detail"] == detail


def test_a_form_that_cannot_be_read_is_told_in_chinese_too(shared: Api, district: str) -> None:
    client = shared.client("clerk", district)
    details = [client.post(f"/v1/districts/{district}/forms/attendance", json=form).json()["detail"] for form in FORMS]
    assert details == [
        "表单填写有误（缺少必填字段 `form`）；请按接口说明填写。",
        "表单填写有误（应为 `str`，不是 `int`，位于 `$.meeting`）；请按接口说明填写。",
        "表单填写有误（没有字段 `people`）；请按接口说明填写。",
    ]
