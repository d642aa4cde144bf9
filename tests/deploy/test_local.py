"""deploy/local runs the whole distributed system on one machine, and says whether all of it is healthy."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

LOCAL = Path(__file__).parents[2] / "deploy" / "local"
PARTS = ("postgres", "kafka", "api-1", "api-2", "relay-1", "relay-2", "worker-1", "worker-2")


def local(folder: Path, action: str, first_port: int = 0) -> subprocess.CompletedProcess[str]:
    settings = {
        "TAIZHANG_LOCAL": str(folder),
        "TAIZHANG_LOCAL_PORT": str(first_port),
        "TAIZHANG_LOCAL_SECONDS": "300",
    }
    return subprocess.run(
        [LOCAL, action],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **settings},
    )


def told(status: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """Return the mark of each part."""
    lines = [line.split() for line in status.stdout.splitlines()]
    return {line[1]: line[0] for line in lines if len(line) > 1 and line[1] in PARTS}


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="taizhang-local-", ignore_cleanup_errors=True) as parent:
        Path(parent).chmod(0o711)
        yield Path(parent) / "local"
        local(Path(parent) / "local", "clean")


def is_at_work(pid: int) -> bool:
    """Tell whether a process runs; one that ended, and that nobody looked at yet, has no command any more."""
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and command.read_bytes() != b""


def test_a_part_that_ended_and_that_nobody_looked_at_yet_is_said_not_to_run(folder: Path) -> None:
    folder.mkdir()
    with subprocess.Popen(["true"]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        (folder / "worker-1.pid").write_text(f"{ended.pid}\n", encoding="ascii")
        status = local(folder, "status")
    said = next(line for line in status.stdout.splitlines() if "worker-1" in line)
    assert said.split() == ["✗", "worker-1", "未运行", "not", "running"]


def test_another_program_that_has_the_number_of_a_part_that_ended_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    with subprocess.Popen(["sleep", "600"]) as stranger:
        (folder / "worker-1.pid").write_text(f"{stranger.pid}\n", encoding="ascii")
        assert (local(folder, "down").returncode, stranger.poll()) == (0, None)
        stranger.kill()


def test_up_ends_with_the_reason_as_soon_as_a_part_ends_and_keeps_the_log_of_the_run_before(folder: Path) -> None:
    folder.mkdir()
    (folder / "api-1.log").write_text("the run before\n", encoding="ascii")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        up = local(folder, "up", first_port=taken.getsockname()[1])
    assert (up.returncode, "[http.cannot_listen]" in up.stderr) == (1, True), up.stderr
    assert f"api-1 已结束，日志末尾如下 ended; the end of its log ({folder}/api-1.log):" in up.stderr
    assert (folder / "api-1.log.before").read_text(encoding="ascii") == "the run before\n"


def test_every_part_comes_up_a_dead_one_is_named_and_all_of_it_ends(folder: Path) -> None:
    up = local(folder, "up")
    assert (up.returncode, told(up)) == (0, dict.fromkeys(PARTS, "✓")), up.stderr
    os.kill(int((folder / "worker-1.pid").read_text(encoding="ascii")), signal.SIGKILL)
    broken = local(folder, "status")
    assert (broken.returncode, told(broken)) == (1, {**dict.fromkeys(PARTS, "✓"), "worker-1": "✗"})
    again = local(folder, "up")
    assert (again.returncode, told(again)) == (0, dict.fromkeys(PARTS, "✓")), again.stderr
    pids = [int(path.read_text(encoding="ascii")) for path in folder.glob("*.pid")]
    assert local(folder, "down").returncode == 0
    assert (local(folder, "status").returncode, list(folder.glob("*.pid"))) == (1, [])
    assert [pid for pid in pids if is_at_work(pid)] == []
    assert local(folder, "clean").returncode == 0
    assert not folder.exists()
