"""The ledger's house and the witness outside it, as the drills play them."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path

from events.ledger.proofs import consistency_proof, leaves_of
from events.tree.checkpoint import checkpoint_of
from events.tree.signed_note import SignedNote
from events.tree.witness_request import WitnessRequest
from services.proving.checkpoint_folder import CHECKPOINTS
from services.proving.checkpointing import make_checkpoint, verifier_key
from services.proving.since import Held, held_checkpoint
from services.proving.verifying import DistrictVerified, own_checkpoints, verify_ledger
from services.witness.cosigning import RefusedError, cosign, last_seen
from services.witness.folder import WitnessFolder
from tests.audit.stores import Store
from tests.events.ledger.examples import NINE, XINZHOU, alone, withdrawn

INSTALLATION = "office.example"


def record(store: Store, first: int, last: int) -> None:
    """Record the facts numbered from first to last."""
    with store.writing() as ledger:
        ledger.record(alone(*(withdrawn(n, matter=f"m-{n % 3}") for n in range(first, last + 1))), NINE)


def sign(store: Store) -> SignedNote:
    """Let the house sign how its ledger stands, with the key of its data folder."""
    with store.reading() as ledger:
        return make_checkpoint(ledger, XINZHOU, store.data, INSTALLATION)


def forget_checkpoints(store: Store) -> None:
    """Remove what the house signed, as somebody would who rewrites the ledger and holds its key."""
    shutil.rmtree(store.data / CHECKPOINTS)


def verified(store: Store, *outside: SignedNote, alone_: bool = False) -> DistrictVerified:
    """Verify: every seal, the checkpoints of the house unless `alone_`, and those kept outside."""
    with store.reading() as ledger:
        own = {} if alone_ else own_checkpoints(ledger, store.data, INSTALLATION)
        key = verifier_key(store.data, INSTALLATION, ledger.head(XINZHOU))
        held: list[Held] = [held_checkpoint(one.to_bytes(), [key]) for one in outside]
        return verify_ledger(ledger, held, own)[XINZHOU]


class Outside:
    """A witness that the house asks; it copies the leaves."""

    def __init__(self, store: Store, path: Path) -> None:
        self.folder = WitnessFolder(path)
        self.folder.begin("inspectorate.example")
        self._store = store
        with store.reading() as ledger:
            self.folder.trust(verifier_key(store.data, INSTALLATION, ledger.head(XINZHOU)))

    def asked(self) -> str | tuple[str, int | None]:
        """Ask for a cosignature of how the ledger stands; give "signed", or why not and the first bad fact."""
        note = sign(self._store)
        size = checkpoint_of(note).size
        last = last_seen(self.folder, checkpoint_of(note).origin)
        old = 0 if last is None else last.size
        with self._store.reading() as ledger:
            proof = consistency_proof(ledger, XINZHOU, old, size) if old <= size else ()
            leaves = leaves_of(ledger, XINZHOU)
            request = WitnessRequest(old, proof, note)
            try:
                cosign(self.folder, request, lambda: 1_790_000_000, lambda start, end: islice(leaves(start, end), end))
            except RefusedError as refused:
                return refused.code, refused.first_bad
        return "signed"
