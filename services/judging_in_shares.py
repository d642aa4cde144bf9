"""A long history judged by several processes at once: each takes every fact and a share of the rules.

No rule asks what another has found, and what is found in the end does not depend on when the hour moved in between, so
that the shares together come to what one process finds.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from projections.findings import Finding, Open
from rulebooks.rule import Rule

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What rules find in a history, in the order of the rules; how many facts were taken, and until when."""

    findings: tuple[Finding, ...]
    open: tuple[Open, ...]
    facts: int
    until: str


Find = Callable[[Sequence[Rule]], Found]


def found_in_shares(find: Find, rules: Sequence[Rule], processes: int) -> Found:
    """Return what all rules find, each process asking `find` for its share of them.

    A share that no answer comes for is found by this process, where what is wrong with it is raised. One process does
    it all where processes cannot be forked.
    """
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():  # noqa: PLR2004  one is no share
        return find(rules)
    own, *others = [rules[place::processes] for place in range(processes)]
    begun = [_begun(find, share) for share in others]
    parts = [find(own)]
    parts += [_received(find, share, *one) for share, one in zip(others, begun, strict=True)]
    place_of = {rule.header.id: place for place, rule in enumerate(rules)}
    return Found(
        findings=tuple(sorted((one for part in parts for one in part.findings), key=lambda one: place_of[one.rule])),
        open=tuple(sorted((one for part in parts for one in part.open), key=lambda one: place_of[one.rule])),
        facts=parts[0].facts,
        until=parts[0].until,
    )


def _begun(find: Find, share: Sequence[Rule]) -> tuple[ForkProcess, Connection]:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_find, args=(there, find, share), daemon=True)
    process.start()
    there.close()
    return process, here


def _find(answer: Connection, find: Find, share: Sequence[Rule]) -> None:
    with suppress(Exception):  # the share is found again by who asked, who then says what is wrong
        answer.send_bytes(msgspec.msgpack.encode(find(share)))
    answer.close()


def _received(find: Find, share: Sequence[Rule], process: ForkProcess, answer: Connection) -> Found:
    try:
        with answer:
            found = msgspec.msgpack.decode(answer.recv_bytes(), type=Found)
    except EOFError:
        found = find(share)
    process.join()
    return found
