"""The report of a package: one page to print, Chinese first, of what it holds and why it proves what it says."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from services.recording.authorisation import ROLES
from services.templates import templates_of
from services.written import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.evidence.surroundings import Surroundings
    from services.evidence.telling import Telling
    from services.evidence.wanted import Vouching, Wanted


def report(
    wanted: Wanted,
    proofs: Mapping[str, Any],
    telling: Telling,
    names: Mapping[str, str],
    around: Surroundings,
    vouching: Vouching,
) -> bytes:
    """Return the report; `names` are those of units and posts by id. Nothing in it depends on when it was made."""
    page = _templates().get_template("report.html")
    return page.render(
        wanted=wanted,
        role=ROLES[wanted.role],
        proofs=proofs,
        telling=telling,
        rows=telling.with_erasures(),
        names=names,
        rulebooks=around.rulebooks,
        keys=vouching.keys,
        signers=[_signers(note) for _, note in vouching.checkpoints],
    ).encode()


def _signers(note: bytes) -> list[str]:
    """Return who signed a checkpoint, by name, so far as the note says; `verify.py` checks the signatures."""
    lines = note.decode("utf-8", "replace").splitlines()
    return [line.split(" ")[1] for line in lines if line.startswith("\N{EM DASH} ")]


@cache
def _templates() -> Environment:
    found = templates_of("services.evidence")
    found.globals.update(moment=moment)
    return found
