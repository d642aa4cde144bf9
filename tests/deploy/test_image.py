"""The program as the image holds it: installed, without its checkout, by a user who can write to three folders only."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.deploy.image import MOUNTED, PROJECT, Image, built
from tests.local_broker import LocalBroker
from tests.postgres_server import PostgresServer
from tests.services.streams.system import LONGEST_END, wait_until

PACKAGES = ("events", "rulebooks", "projections", "services")
DISTRICT = "xinzhou"
ASKED = "services/sample/one-fact/asked.jsonl"


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    with tempfile.TemporaryDirectory(prefix="taizhang-image-") as folder, built(Path(folder)) as made:
        yield made


class Started:
    """A process of the image and what it says."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    def wait_for(self, event: str) -> dict[str, str]:
        """Wait until it has written a line of an event, and return that line."""
        found: list[str] = []

        def is_there() -> bool:
            ended = self.process.poll() is not None
            found[:] = [line for line in self._log.read_text(encoding="utf-8").splitlines() if f'"{event}"' in line]
            assert found or not ended, self._log.read_text(encoding="utf-8")
            return bool(found)

        wait_until(is_there, f"{event} in {self._log.name}")
        told: dict[str, str] = json.loads(found[0])
        return told


@contextmanager
def started(image: Image, folder: Path, command: str, **settings: str) -> Iterator[Started]:
    """Run a command while the block runs; it then stops when it is asked to, and has written to no other place."""
    log = folder / f"{command}.log"
    process = image.start(log, command, **settings)
    try:
        yield Started(process, log)
        assert image.held_open_elsewhere(process.pid) == set()
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST_END) == 0, log.read_text(encoding="utf-8")
    finally:
        process.kill()
        process.wait()


def token(image: Image, **settings: str) -> str:
    issued = image.run(
        "taizhang", "token", "--role", "clerk", "--district", DISTRICT, "--person", "p-clerk", **settings
    )
    assert issued.returncode == 0, issued.stderr
    return str(re.findall(r"[\w-]+\.[\w-]+\.[\w-]+", issued.stdout)[-1])


def raised(address: str, bearer: str) -> list[tuple[str, str]]:
    """Wait until there is an alert at an address, and return the rules and parties of all."""
    found: list[tuple[str, str]] = []

    def is_there() -> bool:
        answer = httpx.get(
            f"{address}/v1/districts/{DISTRICT}/alerts", headers={"Authorization": f"Bearer {bearer}"}, timeout=60
        )
        found[:] = [(one["rule"], one["party"]) for one in answer.raise_for_status().json()["alerts"]]
        return bool(found)

    wait_until(is_there, "an alert", nap=0.2)
    return found


def recorded_over_http(address: str, bearer: str) -> None:
    lines = (PROJECT / ASKED).read_text(encoding="utf-8").splitlines()[1:]
    form = {"facts": [json.loads(line) for line in lines]}
    answer = httpx.post(
        f"{address}/v1/districts/{DISTRICT}/facts",
        json=form,
        headers={"Authorization": f"Bearer {bearer}"},
        timeout=60,
    )
    assert answer.status_code == httpx.codes.CREATED, answer.text


def test_the_wheel_holds_every_file_that_the_program_reads(image: Image) -> None:
    def files(root: Path) -> set[str]:
        paths = (path for name in PACKAGES for path in (root / name).rglob("*") if path.is_file())
        return {str(one.relative_to(root)) for one in paths if one.suffix not in {".pyc", ".md"}}

    assert files(PROJECT) - files(image.packages) == set()


def test_nothing_of_the_image_can_be_written_by_those_who_run_it(image: Image) -> None:
    tried = "import os, sys; print([os.access(one, os.W_OK) for one in sys.argv[1:]])"
    places = [image.root, image.installed, image.packages, *(image.root / one[1:] for one in MOUNTED)]
    told = image.run("python", "-c", tried, *map(str, places))
    assert told.stdout == f"{[False] * 3 + [True] * 3}\n"


def test_the_embedded_service_records_judges_and_shows_from_the_image(image: Image, tmp_path: Path) -> None:
    with started(image, tmp_path, "serve") as serve:
        address = serve.wait_for("serve.ready")["address"]
        bearer = token(image)
        recorded_over_http(address, bearer)
        assert raised(address, bearer) == [("xinzhou/28.2-reply", "u-land")]
        pages = httpx.get(f"{address}/pages", follow_redirects=True, timeout=60)
        assert (pages.status_code, "text/html" in pages.headers["content-type"]) == (200, True)


def test_every_part_of_the_distributed_system_runs_from_the_image(
    image: Image, tmp_path: Path, postgres_server: PostgresServer, kafka: LocalBroker
) -> None:
    database = postgres_server.new_database()
    data = Path(image.environment["TAIZHANG_DATA"])
    settings = {
        "TAIZHANG_DATABASE": database,
        "TAIZHANG_KAFKA": kafka.address,
        "TAIZHANG_KAFKA_TOPIC": f"facts-{uuid4().hex[:12]}",
        "TAIZHANG_KAFKA_PARTITIONS": "1",
        "TAIZHANG_DATA": str(data / "province"),
    }
    for command in ("migrate", "topics"):
        done = image.run("taizhang", command, **settings)
        assert done.returncode == 0, done.stderr
    with ExitStack() as parts:
        serve, relay, worker = (
            parts.enter_context(started(image, tmp_path, one, **settings)) for one in ("serve", "relay", "worker")
        )
        address = serve.wait_for("serve.ready")["address"]
        relay.wait_for("relay.began")
        worker.wait_for("worker.assigned")
        bearer = token(image, **settings)
        recorded_over_http(address, bearer)
        assert raised(address, bearer) == [("xinzhou/28.2-reply", "u-land")]
    postgres_server.drop_database(database)
