"""taizhang worker: host the watch and the views of a share of the districts, beside other workers."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import structlog

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from services.commands.clock import now
from services.commands.serve import stop_signals
from services.exit_codes import FINE, of_fault
from services.http.hosting import ListenError, hosted
from services.logs.logging import set_up_logging
from services.messages.connection import BrokerError
from services.processes.at_start import at_start
from services.processes.collecting import collect_seldom
from services.processes.event_loop import run_and_leave
from services.settings.service import SettingError, Settings, current_settings
from services.streams.opening import Worker, worker_at_start
from services.streams.probes import probes
from services.streams.working import work

if TYPE_CHECKING:
    import argparse
    from threading import Event

LONGEST_LEAVING: Final = 1.0
"""Seconds for what is left of Faust once it was asked to end."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the one option; settings say the rest."""
    parser.add_argument(
        "--prepare",
        action="store_true",
        help="升级前：在运行中的版本之旁判定、更新视图，不入账 / before an upgrade: judge and feed beside the version "
        "that runs, recording nothing",
    )


def run(args: argparse.Namespace) -> int:
    """Work until asked to stop."""
    try:
        settings = current_settings()
        set_up_logging(sys.stderr, settings.log_level, settings.log_format)
        collect_seldom()
        return serve_as_worker(settings, now, prepares=args.prepare)
    except (BrokerError, LedgerError, ListenError, SettingError, ViewsError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)


def serve_as_worker(settings: Settings, clock: Callable[[], dt.datetime], *, prepares: bool = False) -> int:
    """Open the worker once database and Kafka are there, and run it; raise what that raises, or ListenError."""
    name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    stopping = stop_signals()
    with ExitStack() as at_work:
        with at_start(settings, stopping) as starting:
            worker = worker_at_start(settings, clock, name, starting, at_work, prepares=prepares)
        if worker is not None:
            address = at_work.enter_context(hosted(probes(worker), settings.host, settings.port))
            structlog.get_logger().info("worker.ready", name=name, address=address, prepares=prepares)
            run_and_leave(_work(worker, stopping), LONGEST_LEAVING)
    return FINE


async def _work(worker: Worker, stopped: Event) -> None:
    stopping = asyncio.Event()

    def stop() -> None:
        structlog.get_logger().info("worker.stopping")
        stopping.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop)
    if stopped.is_set():  # asked while it was being opened
        stop()
    await work(worker.bus, worker.steering, stopping, worker.spans)
