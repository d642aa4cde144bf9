"""taizhang receipt: prove a recorded fact against a later checkpoint, or check such a proof without the ledger."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from events.ledger.errors import LedgerError
from events.tree.inclusion_file import InclusionFile, read_inclusion
from events.tree.signed_note import NoteError, read_note
from services.arguments import Arguments, district_code, whole_number
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.file_faults import NOT_USED, file_fault
from services.proving.checkpointing import make_checkpoint, verifier_key
from services.proving.receipts import check_receipt, proof_of_receipt
from services.proving.since import held_checkpoint, read_checkpoint_file, read_key
from services.settings.service import SettingError, current_settings
from services.stores.ledgers import open_ledger_reader
from services.written_whole import written_whole

if TYPE_CHECKING:
    from events.tree.signed_note import VerifierKey
    from services.settings.service import Settings


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument(
        "--sequence", required=True, type=whole_number(1), metavar="N", help="回执的序号 / sequence of the receipt"
    )
    parser.add_argument("--leaf", type=_leaf, metavar="HEX", help="回执的叶 / leaf of the receipt")
    parser.add_argument(
        "--district",
        type=district_code,
        metavar="D",
        help="从账册取证明的区县 / prove it from the ledger of this district",
    )
    parser.add_argument("--checkpoint", metavar="FILE", help="对照此检查点 / against this checkpoint")
    parser.add_argument("--proof", metavar="FILE", help="核对此证明，不用账册 / check this proof, without the ledger")
    parser.add_argument("--key", action="append", metavar="KEY", help="须有此公钥的签名 / this key must have signed")
    parser.add_argument("--to", metavar="FILE.tlog-proof", help="写出证明文件 / write the proof to a file")
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    parser.goes_without("--proof", "--district", "--checkpoint")
    parser.goes_with("--checkpoint", "--district")


def run(args: argparse.Namespace) -> int:
    """Prove or check."""
    try:
        keys = [read_key(one) for one in args.key or ()]
        if args.proof is not None:
            proof = read_inclusion(read_checkpoint_file(Path(args.proof)))
        elif args.district is not None:
            proof, own = _from_ledger(args, current_settings())
            keys = keys or own
        else:
            raise _unclear()
        if not keys or (args.proof is not None and args.leaf is None):
            raise _unclear()
        held_checkpoint(proof.note.to_bytes(), keys)
        if args.leaf is not None:
            check_receipt(proof, args.sequence, args.leaf)
        if args.to is not None:
            with written_whole(Path(args.to), replace=True) as file:
                file.write(proof.to_bytes())
    except (LedgerError, NoteError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_USED)}\n")
        return NOT_DONE
    _show(proof, as_json=args.json)
    return FINE


def _from_ledger(args: argparse.Namespace, settings: Settings) -> tuple[InclusionFile, list[VerifierKey]]:
    with open_ledger_reader(settings) as ledger:
        own = verifier_key(settings.data, settings.installation, ledger.head(args.district))
        if args.checkpoint is None:
            note = make_checkpoint(ledger, args.district, settings.data, settings.installation)
        else:
            note = read_note(read_checkpoint_file(Path(args.checkpoint)))
        return proof_of_receipt(ledger, args.district, args.sequence, note), [own]


def _show(proof: InclusionFile, *, as_json: bool) -> None:
    checkpoint = proof.checkpoint()
    if as_json:
        shown = {
            "ok": True,
            "sequence": proof.sequence,
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "proof": [one.hex() for one in proof.proof],
        }
        sys.stdout.write(orjson.dumps(shown).decode() + "\n")
        return
    sys.stdout.write(
        f"第 {proof.sequence} 号事实在 {checkpoint.origin} 前 {checkpoint.size} 号事实的树中，签名相符 / "
        f"fact {proof.sequence} is in the tree of the first {checkpoint.size} facts of {checkpoint.origin}, as signed\n"
    )


def _leaf(given: str) -> bytes:
    try:
        return bytes.fromhex(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given} 不是十六进制 / {given} is not hexadecimal") from None


def _unclear() -> NoteError:
    return NoteError(
        "receipt.unclear",
        "请给出 --district（从账册证明），或 --proof、--leaf 和 --key（不用账册，核对所存的证明）。",
        "Give --district (to prove it from the ledger), or --proof, --leaf and --key (to check a kept proof without "
        "it).",
    )
