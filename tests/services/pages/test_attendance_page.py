"""A whole attendance list on one page, as a browser without script sends it."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.services.http.api import Api
from tests.services.http.test_forms_over_http import MEETING
from tests.services.pages.test_pages import DISTRICT, signed_in, text_of

LIST = f"{DISTRICT}/attendance"
ROWS: tuple[dict[str, str], ...] = (
    {"person": "p-zhou", "present": "true", "capacity": "member"},
    {},
    {"person": "p-luo", "present": "false", "capacity": "member"},
    {"person": "p-he", "present": "true", "capacity": "substitute", "instead_of": "p-luo", "items": "1，3"},
)


def filled(client: httpx.Client, *rows: dict[str, str], **changes: str) -> dict[str, str]:
    """Return a form as it was drawn, with lines filled in; what a page leaves out a browser sends as it stands."""
    blank = client.get(LIST, params={"meeting": "zw-1"}).text
    fields = dict(re.findall(r'<input (?:type="hidden" |id="\w+" )?name="([\w-]+)" value="([^"]*)"', blank))
    fields |= {f"capacity-{number}": "member" for number in range(1, 21)}
    for number, row in enumerate(rows, 1):
        fields |= {f"{name}-{number}": value for name, value in row.items()}
    return {**fields, "occurred_at": "2026-09-28T09:00:00+08:00", **changes}


def planned(api: Api) -> httpx.Client:
    assert api.client("clerk").post("/v1/districts/xinzhou/facts", json=MEETING).status_code == 201
    return signed_in(api)


def test_a_list_is_recorded_once_line_by_line(api: Api) -> None:
    client = planned(api)
    form = filled(client, *ROWS)
    for _ in range(2):
        assert "已入账 3 人，序号 2 至 4" in text_of(client.post(LIST, data=form))
    stored = api.parts.ledger.read("xinzhou")[1:]
    told = [(one.data.person, one.data.present, one.data.capacity) for one in stored]  # type: ignore[attr-defined]  # of the type that was asked for
    assert told == [("p-zhou", True, "member"), ("p-luo", False, "member"), ("p-he", True, "substitute")]
    assert (stored[2].data.instead_of, stored[2].data.items) == ("p-luo", (1, 3))  # type: ignore[attr-defined]  # of the type that was asked for
    assert {one.actor.unit for one in stored} == {"u-office"}


def test_a_list_is_previewed_whole_and_nothing_is_recorded(api: Api) -> None:
    client = planned(api)
    shown = client.post(f"{LIST}/previews", data=filled(client, *ROWS))
    assert (shown.status_code, "截至序号 1，尚未入账。" in shown.text) == (200, True)
    assert 'name="person-3" value="p-luo"' in shown.text
    assert api.parts.ledger.head("xinzhou").sequence == 1


@pytest.mark.parametrize(
    ("rows", "changes", "said", "line"),
    [
        (({}, {"person": "p-zhou"}), {}, "第2行 line 2 present", 2),
        ((*ROWS, {"person": "p-zhou", "present": "true"}), {}, "第5行 line 5 person", 5),
        (({"present": "true"},), {}, "第1行 line 1 person", 1),
        (({"person": "p-zhou", "present": "true", "items": "first"},), {}, "第1行 line 1 items", 1),
        ((), {}, "表中没有任何一行", None),
        (ROWS, {"occurred_at": "yesterday"}, "occurred_at", None),
        (ROWS, {"form": "one"}, "表单编号有误", None),
        (ROWS, {"meeting": "zw-9"}, "没有案卷 meeting/zw-9", None),
    ],
)
@pytest.mark.parametrize("way", ["", "/previews"])
def test_what_is_wrong_is_told_by_its_line_and_what_was_typed_stays(
    api: Api, way: str, rows: tuple[dict[str, str], ...], changes: dict[str, str], said: str, line: int | None
) -> None:
    client = planned(api)
    answer = client.post(f"{LIST}{way}", data=filled(client, *rows, **changes))
    assert said in text_of(answer)
    marked = re.findall(r'name="person-(\d+)"[^>]*aria-invalid', answer.text)
    assert marked == ([] if line is None or answer.status_code == 200 else [str(line)])
    for number, row in enumerate(rows, 1):
        assert f'name="person-{number}" value="{row.get("person", "")}"' in answer.text
    assert api.parts.ledger.head("xinzhou").sequence == 1


def test_more_lines_keep_what_was_typed_and_which_list_it_is(api: Api) -> None:
    client = planned(api)
    form = filled(client, *ROWS)
    more = client.post(f"{LIST}/rows", data=form).text
    assert (more.count('name="person-'), 'value="p-luo"' in more, form["form"] in more) == (30, True, True)
    for rows, drawn in (("100000", 20), ("9999", 200), ("many", 20)):
        assert client.post(f"{LIST}/previews", data={**form, "rows": rows}).text.count('name="person-') == drawn


def test_the_page_of_a_meeting_leads_to_its_list(api: Api) -> None:
    client = planned(api)
    api.judge()
    api.service.feeding.catch_up()
    assert f"{LIST}?meeting=zw-1" in client.get(f"{DISTRICT}/cases/meeting/zw-1").text
    assert 'name="meeting" value="zw-1"' in client.get(LIST, params={"meeting": "zw-1"}).text
