"""Checkpoints and proofs, in the forms of c2sp.org: what a witness, an inspector or a holder of a receipt asks for.

They show hashes and sizes, nothing of what the facts say.
"""

import re
from base64 import b64encode
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from events.ledger.proofs import consistency_proof, leaves_of
from events.tree.signed_note import NoteError, SignedNote
from services.http import problems
from services.http.answers import answer
from services.http.describing import Described, answers, schema_of
from services.http.documents import CheckpointsShown
from services.http.guard import Guard
from services.http.parts import Parts
from services.http.problems import ProblemError
from services.identity.caller import Caller
from services.proving.receipts import proof_of_receipt

TILE: Final = 256
"""Leaves of a whole tile (c2sp.org/tlog-tiles)."""
_LARGEST: Final = 2**62
_place_of = re.compile(r"((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?").fullmatch
_LONGEST_PLACE: Final = 40

Size = Annotated[int | None, Query(ge=1, le=_LARGEST, description="树的大小，默认最新 size of the tree; the latest")]
Sequence = Annotated[int, Query(ge=1, le=_LARGEST, description="事实的序号 sequence of the fact")]
Older = Annotated[int, Query(ge=0, le=_LARGEST, description="较早的树的大小 size of the older tree")]
Newer = Annotated[int, Query(ge=0, le=_LARGEST, description="较新的树的大小 size of the newer tree")]


def _described(media_type: str, form: str | None = None) -> Described:
    schema = {"type": "string"} if form is None else {"type": "string", "format": form}
    return {
        **answers({}, 404),
        200: {"description": "好 OK", "content": {media_type: {"schema": schema}}},
    }


_TEXT: Final = _described("text/plain")
_BYTES: Final = _described("application/octet-stream", "binary")


def proof_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["proofs"])
    add_checkpoints(router, parts, guard)
    add_proofs(router, parts, guard)
    return router


def add_checkpoints(router: APIRouter, parts: Parts, guard: Guard) -> None:
    """Add the routes of what was signed."""

    @router.get("/v1/districts/{district}/checkpoints", responses=answers({200: schema_of(CheckpointsShown)}))
    def checkpoints(district: str, _caller: Annotated[Caller, guard.may("proof.read")]) -> Response:
        """有哪些检查点。Of which sizes there are checkpoints."""
        return answer(CheckpointsShown(district=district, sizes=tuple(parts.checkpoints(district).sizes())))

    @router.get("/v1/districts/{district}/checkpoint", responses=_TEXT)
    def latest(district: str, _caller: Annotated[Caller, guard.may("proof.read")]) -> Response:
        """最新的检查点，签名原文。The latest checkpoint, as it was signed."""
        return _text(_kept(parts, district, None).to_bytes())

    @router.get("/v1/districts/{district}/checkpoints/{size}", responses=_TEXT)
    def checkpoint(district: str, size: str, _caller: Annotated[Caller, guard.may("proof.read")]) -> Response:
        """某一大小的检查点，签名原文。The checkpoint of a size, as it was signed."""
        if not (size.isascii() and size.isdigit() and 0 < int(size[:20]) <= _LARGEST):
            raise problems.not_found()
        return _text(_kept(parts, district, int(size)).to_bytes())


def add_proofs(router: APIRouter, parts: Parts, guard: Guard) -> None:
    """Add the routes of proofs and leaves."""

    @router.get("/v1/districts/{district}/proofs/inclusion", responses=_TEXT)
    def inclusion(
        district: str, _caller: Annotated[Caller, guard.may("proof.read")], sequence: Sequence, size: Size = None
    ) -> Response:
        """一个事实在检查点的树中（tlog-proof）。That a fact is in the tree of a checkpoint (tlog-proof)."""
        note = _kept(parts, district, size)
        try:
            return _text(proof_of_receipt(parts.ledger, district, sequence, note).to_bytes())
        except NoteError as error:
            raise ProblemError(422, error.code, error.zh, error.en, field="sequence") from None

    @router.get("/v1/districts/{district}/proofs/consistency", responses=_TEXT)
    def consistency(
        district: str, _caller: Annotated[Caller, guard.may("proof.read")], old: Older, new: Newer
    ) -> Response:
        """较新的树以较早的树开头，每行一个哈希。That a tree begins with an older one: a hash in base64 a line."""
        if not old <= new <= parts.ledger.head(district).sequence:
            raise ProblemError(
                422,
                "proof.out_of_range",
                "没有这样的两棵树（old 不大于 new，new 不大于已入账的事实数），无从证明；请核对大小。",
                "There are no such trees (`old` is at most `new`, and that at most the facts recorded), so nothing can "
                "be proved; check the sizes.",
                field="new",
            )
        proof = consistency_proof(parts.ledger, district, old, new)
        return _text("".join(f"{b64encode(one).decode()}\n" for one in proof).encode())

    @router.get("/v1/districts/{district}/tile/0/{place:path}", responses=_BYTES)
    def tile(district: str, place: str, _caller: Annotated[Caller, guard.may("proof.read")]) -> Response:
        """叶的哈希，每片至多 256 个（tlog-tiles）。Leaf hashes, at most 256 a tile (tlog-tiles)."""
        start, width = _tile(place)
        leaves = list(leaves_of(parts.ledger, district)(start, start + width))
        if len(leaves) != width:
            raise problems.not_found()
        return Response(b"".join(leaves), media_type="application/octet-stream")


def _kept(parts: Parts, district: str, size: int | None) -> SignedNote:
    folder = parts.checkpoints(district)
    note = folder.latest() if size is None else folder.find(size)
    if note is None:
        raise problems.not_found()
    return note


def _tile(place: str) -> tuple[int, int]:
    """Return the first leaf and the width of a tile as tlog-tiles writes its number; raise ProblemError."""
    found = None if len(place) > _LONGEST_PLACE else _place_of(place)
    if found is None:
        raise problems.not_found()
    higher, last, partial = found.groups()
    number = int(higher.replace("x", "").replace("/", "") + last)
    width = TILE if partial is None else int(partial)
    if width > TILE or number * TILE > _LARGEST:
        raise problems.not_found()
    return number * TILE, width


def _text(content: bytes) -> Response:
    return Response(content, media_type="text/plain; charset=utf-8")
