"""taizhang relay: publish the facts of the ledger to Kafka, or stand by until another relay is gone."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import structlog

from events.ledger.errors import LedgerError
from events.postgres.faults import NO_LEDGER
from events.sqlite.faults import MISSING
from services.commands.clock import now
from services.commands.serve import stop_signals
from services.exit_codes import FINE, of_fault
from services.http.hosting import ListenError, hosted
from services.logs.logging import set_up_logging
from services.messages.connection import client_options
from services.processes.at_start import at_start
from services.relay.figures import relay_probes
from services.relay.opening import open_relay
from services.relay.relaying import relayed
from services.settings.service import SettingError, Settings, current_settings

if TYPE_CHECKING:
    import argparse

    from services.processes.at_start import AtStart
    from services.relay.opening import OpenedRelay


def add(_parser: argparse.ArgumentParser) -> None:
    """Declare the options: there is none, the settings say all."""


def run(_args: argparse.Namespace) -> int:
    """Relay until asked to stop."""
    try:
        settings = current_settings()
        set_up_logging(sys.stderr, settings.log_level, settings.log_format)
        client_options(settings)
        relay(settings, stop_signals())
    except (LedgerError, ListenError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    return FINE


def relay(settings: Settings, stopping: Event) -> None:
    """Open the relay and run it until asked to stop; raise LedgerError, ListenError or SettingError."""
    with ExitStack() as at_work:
        with at_start(settings, stopping) as starting:
            opened = _opened_at_start(settings, stopping, starting, at_work)
        if opened is None:
            return
        probes = relay_probes(opened.figures, lambda: opened.relay.standing, opened.lags)
        with hosted(probes, settings.host, settings.port) as address, relayed(opened.relay, Event()):
            structlog.get_logger().info("relay.ready", address=address, topic=settings.kafka_topic)
            stopping.wait()
            structlog.get_logger().info("relay.stopping")


def _opened_at_start(settings: Settings, stopping: Event, starting: AtStart, within: ExitStack) -> OpenedRelay | None:
    """Open the relay once database and ledger are there; None when asked to stop meanwhile."""
    while starting.has_database():
        try:
            return starting.opened(partial(open_relay, settings, now, stopping), within)
        except LedgerError as error:
            # It is begun by whoever records first.
            if error.code not in {MISSING, NO_LEDGER}:
                raise
            structlog.get_logger().info("relay.no_ledger", code=error.code)
        if not starting.goes_on():
            break
    return None
