"""A service that records, with the process that judges and lets time pass for it; the crash test kills either.

Usage: python -m tests.services.watching.watching_process DATA SEED BEGAN

Its clock runs twenty days a second from 2026-01-05 on, counted from BEGAN (seconds since 1970), so that it goes on
where the last process was killed. Each line it writes is an acknowledged fact: sequence and id.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import time
from collections.abc import Callable

from events.fact import AnyFact
from events.moment import TIME_ZONE
from services.logs.logging import set_up_logging
from services.recording.embedded import local_principal
from services.recording.request import Request
from services.serving import Service, open_service
from services.settings.service import settings_from
from tests.rulebooks.kinds.histories import fact

START = dt.datetime(2026, 1, 5, tzinfo=TIME_ZONE)
DAYS_A_SECOND = 20
UNITS = ("u-land", "u-finance", "u-justice")


def fast_clock(began: float) -> Callable[[], dt.datetime]:
    """Return the clock of all these processes."""
    return lambda: START + dt.timedelta(days=(time.time() - began) * DAYS_A_SECOND)


def requested(case: str, at: str) -> AnyFact:
    given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
    return fact("countersign.requested", case, at, departments=list(UNITS), **given)


def replied(case: str, at: str, unit: str) -> AnyFact:
    return fact("countersign.replied", case, at, {"unit": unit}, department=unit, stance="agree")


def record_without_end(service: Service, clock: Callable[[], dt.datetime], run: str) -> None:
    """Ask for opinions, and answer some of them: at once, late, or never."""
    choice = random.Random(run)
    principal = local_principal(frozenset({"xinzhou"}))
    waiting: list[tuple[str, str]] = []
    number = 0
    while True:
        at = clock().isoformat()
        if waiting and choice.random() < 0.6:
            case, unit = waiting.pop(choice.randrange(len(waiting)))
            facts = [replied(case, at, unit)]
        else:
            number += 1
            case = f"countersign/{run}-{number}"
            waiting += [(case, unit) for unit in UNITS if choice.random() < 0.7]
            facts = [requested(case, at)]
        answer = service.recorder.record(Request(facts=tuple(facts), principal=principal))
        assert answer.is_in_the_ledger, answer.problems
        lines = "".join(f"{receipt.sequence} {receipt.fact_id}\n" for receipt in answer.receipts)
        os.write(sys.stdout.fileno(), lines.encode())
        time.sleep(choice.choice([0, 0.001, 0.02]))


def main(data: str, run: str, began: float) -> None:
    """Serve and record until killed."""
    clock = fast_clock(began)
    set_up_logging(sys.stderr, "error")
    with open_service(settings_from({"TAIZHANG_DATA": data}), clock) as service, service.answering():
        os.write(sys.stdout.fileno(), b"open\n")
        record_without_end(service, clock, run)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
