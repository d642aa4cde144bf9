"""A real browser on the pages: a countersign from its request to its end, by mouse, by keyboard, and checked by axe."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.recording.authorisation import Role
from tests.services.http.api import ASKED, Api
from tests.services.pages.test_pages import fed

CASE = "countersign/cs-1"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="zh-CN", java_script_enabled=False)
    yield opened
    opened.close()


def sign_in(page: Page, api: Api, role: Role, **who: str) -> None:
    page.goto(f"{api.address}/pages")
    page.get_by_label("令牌").fill(api.token(role, "xinzhou", **who))
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="xinzhou").click()
    expect(page).to_have_title("待办 My desk · 台账 taizhang")


def fill_in(page: Page, type_: str, unit: str, occurred_at: str, data: object) -> None:
    page.get_by_role("link", name="记录与预演").click()
    page.get_by_label("事实", exact=False).first.select_option(type_)
    page.get_by_label("案卷").fill(CASE)
    page.get_by_label("发生时间").fill(occurred_at)
    page.get_by_label("行为单位").fill(unit)
    page.get_by_label("内容").fill(json.dumps(data, ensure_ascii=False))


def test_a_countersign_is_previewed_recorded_overdue_acknowledged_answered_late_and_resolved(
    api: Api, context: BrowserContext
) -> None:
    api.clock.now = dt.datetime(2026, 9, 28, 9, tzinfo=api.clock.now.tzinfo)
    page = context.new_page()
    fed(api)
    sign_in(page, api, "clerk")
    fill_in(page, "countersign.requested.v1", "u-housing", "2026-09-28", ASKED["data"])
    page.get_by_role("button", name="预演").click()
    expect(page.get_by_text("截至序号 0，尚未入账。")).to_be_visible()
    expect(page.get_by_text("到期 due 2026-10-10")).to_be_visible()
    page.get_by_role("button", name="入账").click()
    expect(page.get_by_role("status")).to_contain_text("已入账，序号 1")
    fed(api)
    page.get_by_role("link", name="待办").click()
    page.get_by_label("谁的待办").fill("u-land")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("2026-10-10")
    expect(page.get_by_role("row").nth(1)).to_contain_text("还有 5 个工作日")
    api.clock.now = dt.datetime(2026, 10, 12, 9, tzinfo=api.clock.now.tzinfo)
    fed(api)
    page.get_by_role("link", name="预警").click()
    page.get_by_role("link", name="第28条第2款").click()
    expect(page.get_by_text("待处理")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="序号 sequence 1")).to_be_visible()
    page.get_by_label("承诺处理至").fill("2026-10-13")
    page.get_by_role("button", name="知悉").click()
    fed(api)
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="2026-10-13")).to_be_visible()
    replied = {"department": "u-land", "stance": "agree", "signed_by": "p-luo"}
    fill_in(page, "countersign.replied.v1", "u-land", "2026-10-12", replied)
    page.get_by_role("button", name="入账").click()
    expect(page.get_by_role("status")).to_contain_text("已入账")
    fed(api)
    page.get_by_role("link", name=CASE).click()
    expect(page.get_by_text("已补办 resolved")).to_be_visible()


def test_every_page_passes_an_accessibility_checker(api: Api, browser: Browser) -> None:
    clerk = api.client("clerk")
    assert clerk.post("/v1/districts/xinzhou/facts", json=dict(ASKED)).status_code == 201
    fed(api)
    page = browser.new_page(locale="zh-CN")
    found: dict[str, list[str]] = {}
    page.goto(f"{api.address}/pages")
    found["sign in"] = wrong_with(page)
    sign_in(page, api, "leader")
    page.goto(f"{api.address}/pages/xinzhou/desk?holder=u-land")
    found["desk"] = wrong_with(page)
    page.get_by_role("link", name="预警").first.click()
    found["alerts"] = wrong_with(page)
    page.get_by_role("link", name="第28条第2款").click()
    found["alert"] = wrong_with(page)
    page.get_by_role("link", name=CASE).first.click()
    found["case"] = wrong_with(page)
    page.get_by_label("当时所知").fill("2026-10-11T12:00:00+08:00")
    page.get_by_label("当时实情").fill("2026-10-09")
    page.get_by_role("button", name="重放").click()
    expect(page.get_by_role("heading", name="差异")).to_be_visible()
    found["case replayed"] = wrong_with(page)
    page.get_by_role("link", name="回到现在的案卷").click()
    page.get_by_role("link", name="在此案卷记录或预演").click()
    found["record"] = wrong_with(page)
    page.get_by_role("link", name="一次录入整张签到表").click()
    found["attendance"] = wrong_with(page)
    page.get_by_role("link", name="内部设置").click()
    found["policy"] = wrong_with(page)
    page.get_by_role("link", name="规则 Rules").click()
    found["rules"] = wrong_with(page)
    page.get_by_role("link", name="xinzhou/28.2-reply").click()
    found["rule"] = wrong_with(page)
    page.goto(f"{api.address}/pages/xinzhou/comparisons/countersign")
    found["comparison"] = wrong_with(page)
    page.goto(f"{api.address}/pages/xinzhou/cases/countersign/none")
    found["problem"] = wrong_with(page)
    page.close()
    assert found == {name: [] for name in found}


def wrong_with(page: Page) -> list[str]:
    violations = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in violations for node in one["nodes"]]


def test_the_keyboard_alone_signs_in_and_the_first_stop_leads_to_the_content(api: Api, context: BrowserContext) -> None:
    fed(api)
    page = context.new_page()
    page.goto(f"{api.address}/pages")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("令牌")).to_be_focused()
    page.keyboard.insert_text(api.token("leader"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="选择区县")).to_be_visible()


@pytest.mark.parametrize("width", [375, 1_024])
def test_no_page_is_wider_than_its_window(api: Api, context: BrowserContext, width: int) -> None:
    assert api.client("clerk").post("/v1/districts/xinzhou/facts", json=dict(ASKED)).status_code == 201
    fed(api)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, api, "leader")
    widths = {}
    for name in ("desk?holder=u-land", "alerts", f"cases/{CASE}", f"cases/{CASE}?known_at=2026-10-11", "record",
                 "attendance", "rules", "rules/28.2-reply", "comparisons/countersign", "policy"):  # fmt: skip
        page.goto(f"{api.address}/pages/xinzhou/{name}")
        widths[name] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(widths, width)


def test_a_printed_page_leaves_out_navigation_and_forms(api: Api, context: BrowserContext) -> None:
    fed(api)
    page = context.new_page()
    sign_in(page, api, "clerk")
    expect(page.get_by_role("navigation")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("button", name="查看")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
