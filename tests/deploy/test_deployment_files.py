"""The files for containers and Kubernetes fit each other and the program, as far as can be told without an engine."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from starlette.routing import Route

from services.cli import COMMANDS
from services.http.hosting import LONGEST_FAREWELL as HTTP_FAREWELL
from services.processes.at_start import probes_at_start
from services.relay.figures import Figures, relay_probes
from services.relay.relaying import Standing
from services.settings.service import SETTINGS, settings_from
from services.settings.sources import read_settings_file
from services.streams.working import LONGEST_FAREWELL as KAFKA_FAREWELL
from services.tracing.sending import SECONDS as SECONDS_TO_SEND
from tests.bench.capacity.plan import Setup

DEPLOY = Path(__file__).parents[2] / "deploy"
KUBERNETES = "1.31"
PROBED = {"/v1/health", "/v1/ready"}
WORKER = "taizhang-worker"
VARIABLES = {one.variable for one in SETTINGS.values()} | {"TAIZHANG_SETTINGS"}


def manifests() -> Iterator[dict[str, Any]]:
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


def named(kind: str) -> list[dict[str, Any]]:
    return [one for one in manifests() if one["kind"] == kind]


def pods() -> dict[str, dict[str, Any]]:
    """Return the pod of every workload by its name."""
    kinds = ("StatefulSet", "Deployment", "Job")
    return {one["metadata"]["name"]: one["spec"]["template"]["spec"] for kind in kinds for one in named(kind)}


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return read


def ours() -> dict[str, dict[str, Any]]:
    """Return those services of the composition that run this program."""
    return {name: one for name, one in compose()["services"].items() if one["image"].startswith("taizhang:")}


def dockerfile() -> str:
    return (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("manifest", list(manifests()), ids=lambda one: f"{one['kind']} {one['metadata']['name']}")
def test_each_manifest_is_what_kubernetes_takes(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_no_process_runs_as_root_or_writes_to_its_image() -> None:
    for name, pod in pods().items():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
    for name, one in ours().items():
        assert (one["user"], one["read_only"], one["cap_drop"], one["tmpfs"]) == (
            "10001:10001",
            True,
            ["ALL"],
            ["/tmp"],  # noqa: S108  a folder in memory of the container
        ), name
    assert "USER 10001:10001" in dockerfile()


def test_every_process_is_probed_where_it_answers_and_keeps_to_its_resources() -> None:
    serving = {name: pod for name, pod in pods().items() if name.split("-")[1] in {"api", "relay", "worker"}}
    assert len(serving) == 3
    for name, pod in serving.items():
        (container,) = pod["containers"]
        probes = {container[f"{one}Probe"]["httpGet"]["path"] for one in ("startup", "liveness", "readiness")}
        taken_out = "/v1/serving" if name == "taizhang-api" else "/v1/ready"
        assert probes == {"/v1/health", taken_out}, name
        assert container["livenessProbe"]["httpGet"]["path"] == "/v1/health", name
        assert {"requests", "limits"} <= set(container["resources"]), name


def test_probes_are_routes_of_each_part_also_while_it_waits_at_start() -> None:
    probes_of_relay = relay_probes(Figures(), lambda: Standing(publishes=False), list)
    relay = {route.path for route in probes_of_relay.routes if isinstance(route, Route)}
    waiting = {route.path for route in probes_at_start().routes if isinstance(route, Route)}
    described = (DEPLOY.parent / "services" / "http" / "routes" / "service.py").read_text(encoding="utf-8")
    working = (DEPLOY.parent / "services" / "streams" / "probes.py").read_text(encoding="utf-8")
    assert relay >= PROBED
    assert waiting >= PROBED
    assert all(f'"{path}"' in text for path in PROBED for text in (described, working))
    assert '"/v1/serving"' in described
    assert "http://127.0.0.1:8420/v1/health" in dockerfile()


def test_what_scrapes_without_a_token_is_sent_only_where_none_is_asked_for() -> None:
    annotated = {
        one["metadata"]["labels"]["part"]: one["spec"]["template"]["metadata"]["annotations"]
        for kind in ("StatefulSet", "Deployment")
        for one in named(kind)
        if "annotations" in one["spec"]["template"]["metadata"]
    }
    place = {"prometheus.io/scrape": "true", "prometheus.io/port": "8420", "prometheus.io/path": "/v1/metrics"}
    assert annotated == {"relay": place, "worker": place}
    (let_in,) = [one for one in named("NetworkPolicy") if one["metadata"]["name"] == "taizhang-figures-in"]
    (parts,) = let_in["spec"]["podSelector"]["matchExpressions"]
    assert set(parts["values"]) == set(annotated)


def test_every_process_has_time_to_end_before_it_is_killed() -> None:
    longest = HTTP_FAREWELL + KAFKA_FAREWELL + SECONDS_TO_SEND
    serving = [pod for name, pod in pods().items() if name.split("-")[1] in {"api", "relay", "worker"}]
    assert [pod["terminationGracePeriodSeconds"] > longest for pod in serving] == [True] * 3
    assert all(int(one["stop_grace_period"].removesuffix("s")) > longest for one in ours().values())


def test_the_image_listens_and_keeps_its_folders_where_the_manifests_expect_them() -> None:
    environment = dict(re.findall(r"\b(TAIZHANG_[A-Z_]+)=(\S+)", dockerfile()))
    assert environment == {
        "TAIZHANG_DATA": "/data",
        "TAIZHANG_ACCESS": "/access",
        "TAIZHANG_HOST": "0.0.0.0",  # noqa: S104  of a container, which publishes what it wants
        "TAIZHANG_PORT": "8420",
        "TAIZHANG_LOG_FORMAT": "json",
    }
    kept = {environment["TAIZHANG_DATA"], environment["TAIZHANG_ACCESS"], "/tmp"}  # noqa: S108  of the container
    for name, pod in pods().items():
        (container,) = pod["containers"]
        assert {one["mountPath"] for one in container["volumeMounts"] if not one.get("readOnly")} == kept, name
        assert [one["containerPort"] for one in container.get("ports", [{"containerPort": 8420}])] == [8420], name
    for name, one in ours().items():
        assert {volume.split(":")[1] for volume in one["volumes"]} | set(one["tmpfs"]) == kept, name


def test_a_budget_keeps_one_of_each_part_running() -> None:
    selectors = {one["metadata"]["name"]: one["spec"]["selector"] for one in named("PodDisruptionBudget")}
    workloads = {one["metadata"]["name"]: one["spec"] for kind in ("StatefulSet", "Deployment") for one in named(kind)}
    del workloads["taizhang-beside"]  # it records nothing, and goes on where it was
    assert set(selectors) == set(workloads)
    for name, spec in workloads.items():
        assert spec["selector"] == selectors[name], name
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items(), name
        assert spec["replicas"] >= 2, name


def test_what_is_mounted_is_there() -> None:
    claims = {one["metadata"]["name"] for one in named("PersistentVolumeClaim")}
    secrets = {one["metadata"]["name"] for one in named("Secret")}
    (settings,) = named("ConfigMap")
    claimed = {
        f"{one['metadata']['name']}": {
            claim["metadata"]["name"] for claim in one["spec"].get("volumeClaimTemplates", ())
        }
        for kind in ("StatefulSet", "Deployment", "Job")
        for one in named(kind)
    }
    for name, pod in pods().items():
        (container,) = pod["containers"]
        volumes = {one["name"]: one for one in pod["volumes"]}
        assert {one["name"] for one in container["volumeMounts"]} == set(volumes) | claimed[name], name
        assert {
            one["persistentVolumeClaim"]["claimName"] for one in volumes.values() if "persistentVolumeClaim" in one
        } <= claims
        assert {one["secret"]["secretName"] for one in volumes.values() if "secret" in one} <= secrets
        assert container["envFrom"] == [{"configMapRef": {"name": settings["metadata"]["name"]}}], name
    used = {one.split(":")[0] for service in compose()["services"].values() for one in service.get("volumes", ())}
    assert used == set(compose()["volumes"])


def test_commands_and_settings_are_those_of_the_program(tmp_path: Path) -> None:
    commands = {pod["containers"][0]["args"][0] for pod in pods().values()} | {
        one["command"][0] for one in ours().values()
    }
    assert commands == {"serve", "relay", "worker", "migrate", "topics"}
    assert commands <= {one.name for one in COMMANDS}
    (public,) = named("ConfigMap")
    stated = {
        **public["data"],
        **{name: value for one in ours().values() for name, value in one["environment"].items()},
    }
    assert set(stated) <= VARIABLES
    assert set(re.findall(r"\b(TAIZHANG_[A-Z_]+)=", dockerfile())) <= VARIABLES
    (secret,) = named("Secret")
    file = tmp_path / "taizhang.toml"
    file.write_text(secret["stringData"]["taizhang.toml"], encoding="utf-8")
    environment = {**public["data"], "TAIZHANG_SETTINGS": str(file)}
    read = settings_from(environment, read_settings_file(environment))
    assert read.database is not None
    assert (read.kafka_user, read.kafka_security) == ("taizhang", "sasl_tls")


def test_there_are_as_many_partitions_and_processes_as_the_capacity_plan_says() -> None:
    plan = Setup()
    (public,) = named("ConfigMap")
    assert public["data"]["TAIZHANG_KAFKA_PARTITIONS"] == str(plan.partitions)
    workloads = (*named("StatefulSet"), *named("Deployment"))
    replicas = {one["metadata"]["name"]: one["spec"]["replicas"] for one in workloads}
    assert replicas == {
        "taizhang-api": 2,
        "taizhang-beside": plan.workers,
        "taizhang-relay": 2,
        "taizhang-worker": plan.workers,
    }
    (worker,) = pods()["taizhang-worker"]["containers"]
    assert worker["resources"]["requests"]["cpu"] == 1


def test_what_prepares_an_upgrade_is_a_worker_that_records_nothing_and_raises_no_alarm() -> None:
    beside, worker = (one for one in named("Deployment") if one["metadata"]["name"] in {"taizhang-beside", WORKER})
    template = worker["spec"]["template"]
    del template["metadata"]["annotations"]
    (container,) = template["spec"]["containers"]
    container["name"], container["args"] = "beside", ["worker", "--prepare"]
    (spread,) = template["spec"]["topologySpreadConstraints"]
    labelled = (worker["metadata"], worker["spec"]["selector"], template["metadata"], spread["labelSelector"])
    for place, key in zip(labelled, ("labels", "matchLabels", "labels", "matchLabels"), strict=True):
        place[key]["part"] = "beside"
    worker["metadata"]["name"] = "taizhang-beside"
    assert beside == worker


def test_files_that_settings_name_are_those_of_the_secret_where_it_is_mounted() -> None:
    (secret,), (public,) = named("Secret"), named("ConfigMap")
    stated = " ".join([*public["data"].values(), secret["stringData"]["taizhang.toml"]])
    files = set(re.findall(r"/run/settings/([\w.-]+)", stated))
    assert files == set(secret["stringData"])
    for name, pod in pods().items():
        (container,) = pod["containers"]
        mounts = {one["name"]: one for one in container["volumeMounts"]}
        (volume,) = [one for one in pod["volumes"] if "secret" in one]
        assert volume["secret"]["secretName"] == secret["metadata"]["name"], name
        mount = mounts[volume["name"]]
        assert (mount["mountPath"], mount["readOnly"]) == ("/run/settings", True), name
        assert volume["secret"]["defaultMode"] == 0o440, name
        assert pod["securityContext"]["fsGroup"] == pod["securityContext"]["runAsGroup"], name
    held = compose()["secrets"]
    for name, one in ours().items():
        assert set(one["secrets"]) <= set(held), name
        assert one["environment"]["TAIZHANG_SETTINGS"] == "/run/secrets/taizhang", name


def test_evictions_leave_enough_of_each_part() -> None:
    budgets = {one["metadata"]["name"]: one["spec"] for one in named("PodDisruptionBudget")}
    allowed = {name: {key: one[key] for key in one if key != "selector"} for name, one in budgets.items()}
    assert allowed == {
        "taizhang-api": {"minAvailable": 1},
        "taizhang-relay": {"minAvailable": 1},
        "taizhang-worker": {"maxUnavailable": 1},
    }


def test_secrets_stand_in_no_variable_and_in_no_image() -> None:
    hidden = {one.variable for one in SETTINGS.values() if one.secret}
    (public,) = named("ConfigMap")
    assert not hidden & set(public["data"])
    for name, one in ours().items():
        assert not hidden & set(one["environment"]), name
    assert not hidden & set(re.findall(r"TAIZHANG_[A-Z_]+", dockerfile()))
    assert "deploy/secrets/" in (DEPLOY.parent / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_images_are_pinned_and_of_the_version_of_the_program() -> None:
    version = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    images = {pod["containers"][0]["image"] for pod in pods().values()} | {one["image"] for one in ours().values()}
    assert images == {f"taizhang:{version}"}
    foreign = {one["image"] for name, one in compose()["services"].items() if name not in ours()}
    foreign |= set(re.findall(r"^FROM (\S+)", dockerfile(), re.MULTILINE))
    assert all(re.fullmatch(r"[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?", one) for one in foreign), foreign


def test_the_image_holds_what_the_program_is_made_of_and_nothing_else() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile(), re.MULTILINE))
    sources = {one for line in copied for one in line.split()}
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in kept if line.startswith("!")} == sources
    assert sources == {
        "pyproject.toml",
        "requirements.lock",
        "README.md",
        "events",
        "rulebooks",
        "projections",
        "services",
    }


def test_the_parts_start_after_tables_and_topic_are_made() -> None:
    waits = {name: one["depends_on"] for name, one in ours().items()}
    done = {"condition": "service_completed_successfully"}
    for name in ("api-1", "api-2", "relay-1", "relay-2", "worker-1", "worker-2"):
        assert waits[name] == {"migrate": done, "topics": done}, name
    assert waits["migrate"] == {"postgres": {"condition": "service_healthy"}}
    assert waits["topics"] == {"kafka": {"condition": "service_healthy"}}
