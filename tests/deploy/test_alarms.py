"""The alarms for Prometheus name figures that processes tell, and each has its heading in the operator's guide."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import promql_parser as promql
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from services.http.hosting import hosted
from services.relay.figures import Figures, RelayLag, relay_probes
from services.relay.relaying import Standing
from services.stores.views_places import FolderPlace
from services.streams.probes import probes
from tests.services.http.api import asked, serving
from tests.services.streams.owning import Office, worker_without_kafka
from tests.services.streams.system import wait_until
from tests.services.watching.scene import asked as asked_fact

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
GUIDE: Final = (DEPLOY / "operating.md").read_text(encoding="utf-8")
OF_PROMETHEUS: Final = {"up": frozenset({"job", "instance"})}
"""What Prometheus adds by itself."""
EVERYWHERE: Final = frozenset({"job", "instance"})
"""Labels that Prometheus gives to all that it scrapes."""

Rule = dict[str, Any]
Told = dict[str, frozenset[str]]


def rules() -> dict[str, Rule]:
    """Return every alarm by its name."""
    read = yaml.safe_load((DEPLOY / "prometheus" / "rules.yaml").read_text(encoding="utf-8"))
    found: list[Rule] = [rule for group in read["groups"] for rule in group["rules"]]
    assert len({one["alert"] for one in found}) == len(found)
    return {one["alert"]: one for one in found}


def figures_of(text: str) -> Told:
    """Return the names of figures and their labels, as Prometheus reads them."""
    labels: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    return {name: frozenset(found) for name, found in labels.items()}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return what an API, a relay and a worker tell over HTTP, once each has done something."""
    texts = (*_of_api(tmp_path_factory.mktemp("api")), *_of_relay(), *_of_worker(tmp_path_factory.mktemp("worker")))
    return {name: labels for text in texts for name, labels in figures_of(text).items()}


def _of_api(folder: Path) -> Iterator[str]:
    with serving(folder) as api:
        api.client("clerk").post("/v1/districts/xinzhou/facts", json=asked()).raise_for_status()
        api.client().get("/v1/vocabulary")
        api.judge()
        api.service.feeding.catch_up()
        yield api.client("operator", "xinzhou").get("/v1/metrics").raise_for_status().text


def _of_relay() -> Iterator[str]:
    figures = Figures()
    figures.arrived("xinzhou", 1)
    app = relay_probes(figures, lambda: Standing(publishes=True), lambda: [RelayLag("xinzhou", 0, 0.0)])
    with hosted(app, "127.0.0.1", 0) as address:
        yield httpx.get(f"{address}/v1/metrics").raise_for_status().text


def _of_worker(folder: Path) -> Iterator[str]:
    place = FolderPlace(folder)
    office = Office(place)
    office.record(asked_fact("countersign/a", "2026-09-28"))
    with (
        worker_without_kafka(office, place) as worker,
        hosted(probes(worker), "127.0.0.1", 0) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        asyncio.run(worker.steering.assigned({0}))
        wait_until(lambda: "taizhang_view_lag_seconds{" in client.get("/v1/metrics").text, "the views are made")
        yield client.get("/v1/metrics").raise_for_status().text


def named_in(expression: str) -> tuple[Told, frozenset[str]]:
    """Return the figures of an expression with the labels they are chosen by, and those it groups and matches by."""
    chosen: dict[str, set[str]] = {}
    grouped: set[str] = set()

    def visit(node: promql.Expr) -> bool:
        if isinstance(node, promql.VectorSelector):
            chosen.setdefault(str(node.name), set()).update(one.name for one in node.matchers.matchers)
        if isinstance(node, promql.AggregateExpr) and node.modifier is not None:
            grouped.update(node.modifier.labels)
        return True

    promql.walk(promql.parse(expression), visit)
    return {name: frozenset(labels) for name, labels in chosen.items()}, frozenset(grouped)


def anchor_of(heading: str) -> str:
    """Return where a link to a heading leads, as the pages that show Markdown make it."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def sections() -> dict[str, tuple[str, str]]:
    """Return the alarms of the guide by their names: the whole heading, and the text below it."""
    found = re.findall(r"^### ((Taizhang\w+) · .+)\n\n((?:.+\n)+)", GUIDE, re.MULTILINE)
    return {name: (heading, text) for heading, name, text in found}


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_figure_and_label_of_an_alarm_is_told_by_a_process(name: str, told: Told) -> None:
    known = told | OF_PROMETHEUS
    chosen, grouped = named_in(rules()[name]["expr"])
    assert chosen.keys() <= known.keys()
    assert {figure: labels - known[figure] - EVERYWHERE for figure, labels in chosen.items()} == dict.fromkeys(
        chosen, frozenset()
    )
    shown = re.findall(r"\$labels\.(\w+)", "".join(rules()[name]["annotations"].values()))
    carried = frozenset[str]().union(*(known[figure] for figure in chosen)) | EVERYWHERE
    assert grouped | set(shown) <= carried


def test_every_alarm_of_the_guide_has_its_rule_and_every_rule_its_heading_as_weighty_and_as_patient() -> None:
    assert sections().keys() == rules().keys()
    for name, rule in rules().items():
        heading, text = sections()[name]
        assert rule["annotations"]["guide"] == f"deploy/operating.md#{anchor_of(heading)}", name
        assert text.startswith(f"`{rule['labels']['severity']}`，`{rule['for']}`。"), name


def test_every_alarm_says_what_happened_in_chinese_and_in_english() -> None:
    for name, rule in rules().items():
        said = rule["annotations"]
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}, name
        assert (set(said), set(rule["labels"])) == ({"summary", "summary_en", "guide"}, {"severity"}), name
        assert rule["labels"]["severity"] in {"warning", "critical"}, name
        assert re.search(r"[\u4e00-\u9fff]", said["summary"]), name
        assert not re.search(r"[\u4e00-\u9fff]", said["summary_en"]), name


def test_every_link_of_the_guide_within_itself_leads_to_a_heading() -> None:
    headings = {anchor_of(one) for one in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)}
    links = set(re.findall(r"\]\(#([^)]+)\)", GUIDE))
    assert len(links) >= len(rules())
    assert links - headings == set()


def test_every_alarm_has_cases_that_are_played_by_hand() -> None:
    cases = yaml.safe_load((DEPLOY / "prometheus" / "cases.yaml").read_text(encoding="utf-8"))
    played = [one for case in cases["tests"] for one in case["alert_rule_test"]]
    assert {one["alertname"] for one in played if "exp_alerts" in one} == rules().keys()
    raised = [(one["alertname"], alert["exp_labels"]) for one in played for alert in one.get("exp_alerts", ())]
    weights = {(name, labels["severity"]) for name, labels in raised}
    assert weights == {(name, rule["labels"]["severity"]) for name, rule in rules().items()}


def test_the_example_of_scraping_asks_every_port_of_the_local_system_where_its_figures_are() -> None:
    example = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text(encoding="utf-8"))
    jobs = {one["job_name"]: one for one in example["scrape_configs"]}
    assert example["rule_files"] == ["rules.yaml"]
    assert all(name.startswith("taizhang") and one["metrics_path"] == "/v1/metrics" for name, one in jobs.items())
    assert {name for name, one in jobs.items() if "authorization" in one} == {"taizhang-api"}
    targets = [target for one in jobs.values() for place in one["static_configs"] for target in place["targets"]]
    assert targets == [f"127.0.0.1:{port}" for port in range(8420, 8426)]
