"""taizhang checkpoint: sign how a district's tree stands, list what was signed, take the witness's cosignature."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from events.ledger.errors import LedgerError
from events.ledger.proofs import consistency_proof, leaves_of
from events.tree.checkpoint import believed_checkpoint, checkpoint_of
from events.tree.signed_note import NoteError, read_note, signed_at
from events.tree.witness_request import WitnessRequest
from services.arguments import district_code, whole_number
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.file_faults import NOT_USED, file_fault
from services.proving.checkpoint_folder import CheckpointFolder
from services.proving.checkpointing import make_checkpoint, verifier_key
from services.proving.since import read_checkpoint_file, read_key
from services.settings.service import SettingError, Settings, current_settings
from services.stores.ledgers import open_ledger_reader
from services.stores.reading import no_such_district
from services.written_whole import written_whole

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from events.ledger.port import LedgerReader
    from events.tree.proofs import Proof
    from events.tree.signed_note import SignedNote, VerifierKey
    from services.arguments import Arguments


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument(
        "--district", type=district_code, required=True, metavar="D", help="区县 / district, such as xinzhou"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="列出已签署的 / list what was signed")
    what.add_argument("--public-key", action="store_true", help="只给出公钥 / print the public key alone")
    what.add_argument(
        "--cosigned", metavar="FILE", help="收下见证人加签的检查点 / take a checkpoint that the witness cosigned"
    )
    what.add_argument(
        "--request",
        metavar="FILE",
        help="写出给见证人的请求，含一致性证明 / write a request to the witness, with the consistency proof",
    )
    parser.add_argument(
        "--since",
        type=whole_number(0),
        default=0,
        metavar="SIZE",
        help="见证人上次所见的大小，与 --request 同用 / what it saw last",
    )
    parser.add_argument(
        "--leaves", metavar="FILE", help="另写出全部叶，供见证人留存 / write all leaves for the witness"
    )
    parser.add_argument("--witness", metavar="KEY", help="见证人的公钥，与 --cosigned 同用 / the witness's public key")
    parser.add_argument("--to", metavar="FILE", help="另写一份，供外部保存 / write a copy, to be kept outside")
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    parser.goes_with("--since", "--request")
    parser.goes_with("--witness", "--cosigned")
    parser.goes_with("--cosigned", "--witness")
    parser.goes_without("--list", "--leaves", "--to", "--json")
    parser.goes_without("--public-key", "--leaves", "--to", "--json")


def run(args: argparse.Namespace) -> int:
    """Sign a checkpoint, or do what the options say."""
    try:
        settings = current_settings()
        with open_ledger_reader(settings) as ledger:
            return _run(args, settings, ledger)
    except (LedgerError, NoteError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_USED)}\n")
        return NOT_DONE


def _run(args: argparse.Namespace, settings: Settings, ledger: LedgerReader) -> int:
    folder = CheckpointFolder(settings.data, args.district)
    if args.list:
        if not ledger.head(args.district).sequence:
            raise no_such_district(args.district, ledger.districts())
        for size in folder.sizes():
            sys.stdout.write(f"{size}\t{folder.file_of(size)}\n")
        return FINE
    key = verifier_key(settings.data, settings.installation, ledger.head(args.district))
    if args.public_key:
        sys.stdout.write(f"{key.to_text()}\n")
        return FINE
    if args.cosigned is not None:
        note = _taken(Path(args.cosigned), args.witness, key, folder)
    else:
        note = make_checkpoint(ledger, args.district, settings.data, settings.installation)
    size = checkpoint_of(note).size
    if args.request is not None:
        request = WitnessRequest(args.since, _grown(ledger, args.district, args.since, size), note)
        _write(args.request, [request.to_bytes()])
    if args.leaves is not None:
        _write(args.leaves, leaves_of(ledger, args.district)(0, size))
    if args.to is not None:
        _write(args.to, [note.to_bytes()])
    _show(note, key, folder, as_json=args.json)
    return FINE


def _grown(ledger: LedgerReader, district: str, old: int, size: int) -> Proof:
    try:
        return consistency_proof(ledger, district, old, size)
    except ValueError:
        raise NoteError(
            "checkpoint.not_so_many",
            f"检查点有 {size} 号事实，不能证明从 {old} 起的增长；请核对见证人上次所见的大小，或账册是否恢复自旧备份。",
            f"The checkpoint has {size} facts, so no growth from {old} can be proved; check what the witness saw last, "
            "and whether the ledger is an old copy.",
        ) from None


def _write(name: str, content: Iterable[bytes]) -> None:
    with written_whole(Path(name), replace=True) as file:
        file.writelines(content)


def _taken(path: Path, witness: str | None, key: VerifierKey, folder: CheckpointFolder) -> SignedNote:
    """Add the witness's signature to the checkpoint that is kept; raise NoteError when it is not the witness's."""
    _, note = believed_checkpoint(read_checkpoint_file(path), key)
    if witness is None or signed_at(note, read_key(witness)) is None:
        raise NoteError(
            "checkpoint.not_cosigned",
            f"{path} 没有所给见证人公钥（--witness）的签名，没有收下；请核对公钥与文件。",
            f"{path} is not signed by the witness's key (--witness), so it was not taken; check key and file.",
        )
    return folder.keep(read_note(note.to_bytes()))


def _show(note: SignedNote, key: VerifierKey, folder: CheckpointFolder, *, as_json: bool) -> None:
    checkpoint, _ = believed_checkpoint(note.to_bytes(), key)
    if not as_json:
        sys.stdout.write(note.to_bytes().decode())
        return
    shown = {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "key": key.to_text(),
        "signatures": [{"name": one.name, "key_id": one.key_id.hex()} for one in note.signatures],
        "file": str(folder.file_of(checkpoint.size)),
        "checkpoint": note.to_bytes().decode(),
    }
    sys.stdout.write(orjson.dumps(shown).decode() + "\n")
