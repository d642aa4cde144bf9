"""The command `taizhang-witness`, for the inspectorate on a machine of its own."""

from __future__ import annotations

import argparse
import json
import sys
import time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from events.tree.checkpoint import checkpoint_of
from events.tree.signed_note import LONGEST_NOTE, NoteError, VerifierKey, signed_at
from events.tree.witness_request import read_request
from services.witness.asking import LedgerAddress, read_token
from services.witness.cosigning import RefusedError, cosign, last_seen
from services.witness.folder import WitnessFolder
from services.witness.leaf_copy import read_leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.tree.signed_note import SignedNote
    from events.tree.witness_request import WitnessRequest
    from services.witness.cosigning import Leaves

SIGNED: Final = 0
REFUSED: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130
"""The codes of every command (`services.exit_codes`, which this program does not load)."""


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    whole = argparse.ArgumentParser(
        prog="taizhang-witness",
        description="见证：只为与上次所见一致的检查点加签 / cosign only what is consistent with what was seen last",
    )
    whole.add_argument("--folder", required=True, type=Path, help="见证人自己的文件夹 / the witness's own folder")
    commands = whole.add_subparsers(dest="command", required=True, metavar="命令 COMMAND")
    new = commands.add_parser("new", help="建立见证人的密钥 / make the witness's key")
    new.add_argument("--name", required=True, help="签署时的名称 / the name to sign under")
    trust = commands.add_parser("trust", help="登记一个账册的公钥 / trust the public key of a ledger")
    trust.add_argument("key", metavar="KEY", help="taizhang checkpoint --public-key 给出的一行 / the line it prints")
    sign = commands.add_parser("sign", help="为送来的检查点加签 / cosign a checkpoint that was handed over")
    sign.add_argument(
        "request", type=Path, metavar="REQUEST", help="taizhang checkpoint --request 写出的文件 / its file"
    )
    sign.add_argument(
        "--leaves", type=Path, metavar="FILE", help="账册的叶，用以指出被改的事实 / to name a changed fact"
    )
    ask = commands.add_parser("ask", help="向账册的 HTTP 接口索取并加签 / ask the ledger over HTTP, and cosign")
    ask.add_argument("address", metavar="ADDRESS", help="如 such as https://ledger.example")
    ask.add_argument("--district", required=True, metavar="D", help="区县 / district")
    ask.add_argument("--token", required=True, type=Path, metavar="FILE", help="存有令牌的文件 / file with a token")
    ask.add_argument(
        "--leaves", action="store_true", help="留存叶，用以指出被改的事实 / keep leaves, to name a changed fact"
    )
    for one in (sign, ask):
        one.add_argument("--to", type=Path, metavar="FILE", help="写出加签的检查点 / write the cosigned checkpoint")
        one.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    commands.add_parser("show", help="名称、公钥、各账册上次所见 / name, key, what was seen last of each ledger")
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = parser().parse_args(arguments)
    folder = WitnessFolder(args.folder)
    try:
        match args.command:
            case "new":
                sys.stdout.write(f"{folder.begin(args.name).verifier.to_text()}\n")
            case "trust":
                with folder.alone():
                    folder.trust(VerifierKey.from_text(args.key))
            case "show":
                _show(folder)
            case "sign":
                leaves = None if args.leaves is None else partial(_range_of, args.leaves)
                _sign(args, folder, read_request(_beginning(args.request)), leaves)
            case _:
                ledger = LedgerAddress(args.address, args.district, read_token(args.token))
                note = ledger.checkpoint()
                last = last_seen(folder, checkpoint_of(note).origin)
                request = ledger.request_since(0 if last is None else last.size, note)
                _sign(args, folder, request, ledger.leaves if args.leaves else None)
    except NoteError as error:
        return _refuse(error, as_json=getattr(args, "json", False))
    except OSError as error:
        reason = error.strerror or str(error)
        sys.stderr.write(
            f"{error.filename or ''}: 文件不能读写（{reason}），没有加签；请检查路径与权限。 / the file cannot be "
            f"read or written ({reason}), so nothing was signed; check path and rights. [witness.file_unusable]\n"
        )
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    return SIGNED


def _sign(args: argparse.Namespace, folder: WitnessFolder, request: WitnessRequest, leaves: Leaves | None) -> None:
    note = cosign(folder, request, lambda: int(time.time()), leaves)
    if args.to is not None:
        args.to.write_bytes(note.to_bytes())
    if args.json:
        checkpoint = checkpoint_of(note)
        told = {"ok": True, "origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}
        sys.stdout.write(json.dumps({**told, "checkpoint": note.to_bytes().decode()}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(note.to_bytes().decode())


def _refuse(error: NoteError, *, as_json: bool) -> int:
    first_bad = error.first_bad if isinstance(error, RefusedError) else None
    if as_json:
        told = {"ok": False, "code": error.code, "first_bad": first_bad, "zh": error.zh, "en": error.en}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{error}\n")
    return REFUSED if isinstance(error, RefusedError) else BAD_INPUT


def _show(folder: WitnessFolder) -> None:
    key = folder.key().verifier
    sys.stdout.write(f"{key.to_text()}\n")
    for origin in folder.trusted():
        sys.stdout.write(f"{origin}\t{_seen(folder.seen(origin), key)}\n")


def _seen(note: SignedNote | None, key: VerifierKey) -> str:
    if note is None:
        return "尚未见证 / nothing seen yet"
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(signed_at(note, key) or 0))
    return f"{checkpoint_of(note).size}\t{checkpoint_of(note).root.hex()}\t{at}"


def _range_of(path: Path, start: int, end: int) -> Iterator[bytes]:
    return islice(read_leaves(path, end), start, None)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(2 * LONGEST_NOTE)


if __name__ == "__main__":
    sys.exit(main())
