"""A real browser on the pages: a countersign from its request to its end, by mouse, by keyboard, and checked by axe."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from services.recording.authorisation import Role
from tests.services.http.api import ASKED, Api
from tests.services.pages.test_pages import fed

CASE = "countersign/cs-1"
PAGES = (
    "desk?holder=u-land", "alerts", f"cases/{CASE}", f"cases/{CASE}?known_at=2026-10-11", "record", "attendance",
    "rules?article=28", "rules/28.2-reply", "comparisons/countersign", "policy",
)  # fmt: skip
A4_WIDTH = 718
"""Points of the style sheet between the margins of a sheet, 190 mm."""
MOST_STOPS = 400
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea"
STOPPED_AT = """focusable => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
        && box.width > 0 && box.height > 0 && box.right > 0;
    return [[...document.querySelectorAll(focusable)].indexOf(at), seen];
}"""
BROKEN = """[...document.querySelectorAll(".id:not(.long), time")].flatMap(one => [...one.childNodes]).filter(part => {
    const range = document.createRange();
    range.selectNodeContents(part);
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
}).map(part => part.textContent)"""
"""The parts of short ids, and the moments, that stand on more than one line."""
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


def test_every_stop_of_the_keyboard_can_be_seen_and_comes_in_the_order_of_the_page(
    api: Api, context: BrowserContext
) -> None:
    assert api.client("clerk").post("/v1/districts/xinzhou/facts", json=dict(ASKED)).status_code == 201
    fed(api)
    page = context.new_page()
    sign_in(page, api, "leader")
    alert = page.goto(f"{api.address}/pages/xinzhou/alerts") and page.locator("td a").first.get_attribute("href")
    found, wanted = {}, {}
    for path in ("", *(f"/xinzhou/{one}" for one in PAGES), str(alert).removeprefix("/pages")):
        page.goto(f"{api.address}/pages{path}")
        found[path] = stops(page)
        wanted[path] = [(number, True) for number in range(page.locator(FOCUSABLE).count())]
    assert {path: one for path, one in found.items() if one != wanted[path]} == {}


def test_the_keyboard_alone_goes_from_signing_in_to_the_house_settings(api: Api, context: BrowserContext) -> None:
    assert api.client("clerk").post("/v1/districts/xinzhou/facts", json=dict(ASKED)).status_code == 201
    fed(api)
    page = context.new_page()
    page.goto(f"{api.address}/pages")
    go_to(page, page.get_by_label("令牌"))
    page.keyboard.insert_text(api.token("leader", "xinzhou"))
    page.keyboard.press("Enter")
    go_to(page, page.get_by_role("link", name="xinzhou"), "Enter")
    go_to(page, page.get_by_label("谁的待办"))
    page.keyboard.insert_text("u-land")
    page.keyboard.press("Enter")
    go_to(page, page.get_by_role("row").get_by_role("link", name="第28条第2款"), "Enter")
    go_to(page, page.get_by_role("link", name=CASE).first, "Enter")
    go_to(page, page.get_by_label("当时所知"))
    page.keyboard.insert_text("2026-10-11")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="发现")).to_be_visible()
    go_to(page, page.get_by_role("link", name="记录与预演"), "Enter")
    kind = page.get_by_label("事实", exact=False).first
    go_to(page, kind)
    while kind.input_value() != "countersign.replied.v1":
        page.keyboard.press("ArrowDown")
    replied = json.dumps({"department": "u-land", "stance": "agree", "signed_by": "p-luo"})
    for label, typed in (("案卷", CASE), ("发生时间", "2026-10-09"), ("行为单位", "u-land"), ("内容", replied)):
        go_to(page, page.get_by_label(label))
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(typed)
    go_to(page, page.get_by_role("button", name="预演"), "Enter")
    expect(page.get_by_role("heading", name="预演结果")).to_be_visible()
    go_to(page, page.get_by_role("link", name="内部设置"), "Enter")
    expect(page.get_by_role("heading", level=1, name="内部设置")).to_be_visible()


def test_after_the_skip_link_the_next_stop_lies_in_the_content(api: Api, context: BrowserContext) -> None:
    fed(api)
    page = context.new_page()
    sign_in(page, api, "clerk")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("谁的待办")).to_be_focused()


def stops(page: Page) -> list[tuple[int, bool]]:
    """Tab through a page to its end: which of its elements is stopped at, and whether the outline shows it."""
    found: list[tuple[int, bool]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        number, seen = page.evaluate(STOPPED_AT, FOCUSABLE)
        if number < (found[-1][0] if found else 0):  # it left the page, or began again
            return found
        if (number, seen) not in found[-1:]:  # a date has a stop for each of its parts
            found.append((number, seen))
    pytest.fail("制表键走不出页面 / the keyboard is trapped in the page")


def go_to(page: Page, wanted: Locator, then: str | None = None) -> None:
    """Tab from where the keyboard is until something is focused, once around at most, and press a key there."""
    for _ in range(MOST_STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            if then is not None:
                page.keyboard.press(then)
                page.wait_for_load_state()
            return
        page.keyboard.press("Tab")
    pytest.fail(f"制表键到不了 / the keyboard does not come to {wanted}")


@pytest.mark.parametrize("width", [375, 1_024])
def test_no_page_is_wider_than_its_window_and_ids_and_moments_stay_whole(
    api: Api, context: BrowserContext, width: int
) -> None:
    assert api.client("clerk").post("/v1/districts/xinzhou/facts", json=dict(ASKED)).status_code == 201
    fed(api)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, api, "leader")
    widths = {}
    broken = {}
    for name in PAGES:
        page.goto(f"{api.address}/pages/xinzhou/{name}")
        widths[name] = page.evaluate("document.documentElement.scrollWidth")
        broken[name] = page.evaluate(BROKEN)
    assert widths == dict.fromkeys(PAGES, width)
    assert broken == {name: [] for name in PAGES}


def test_a_printed_page_leaves_out_navigation_and_forms_and_shows_whole_tables(
    api: Api, context: BrowserContext
) -> None:
    assert api.client("clerk").post("/v1/districts/xinzhou/facts", json=dict(ASKED)).status_code == 201
    fed(api)
    page = context.new_page()
    page.set_viewport_size({"width": A4_WIDTH, "height": 1_000})
    sign_in(page, api, "clerk")
    found = {}
    for name in PAGES:
        page.goto(f"{api.address}/pages/xinzhou/{name}")
        page.emulate_media(media="screen")
        rows = page.locator("tr:visible").count() - page.locator("form tr:visible").count()
        page.emulate_media(media="print")
        left = page.locator("nav:visible, form:visible, .skip:visible, .more:visible").count()
        heading = page.get_by_role("heading", level=1).is_visible()
        width = page.evaluate("Math.max(...[...document.querySelectorAll('html, main')].map(one => one.scrollWidth))")
        found[name] = (left, heading, page.locator("tr:visible").count() == rows, width <= A4_WIDTH)
    whole = (0, True, True, True)
    assert found == dict.fromkeys(PAGES, whole)
