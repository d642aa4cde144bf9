"""taizhang verify: recompute every seal of a ledger, compare it with checkpoints, say whether anything was changed."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from events.ledger.errors import LedgerError
from events.tree.checkpoint import checkpoint_of
from events.tree.signed_note import COSIGNATURE, NoteError, read_note
from rulebooks.problems import RulebookError
from services.commands.progress import progress_bar
from services.commands.verify_package import verify_and_show
from services.evidence.verifying import is_package
from services.exit_codes import FINE, FOUND_WRONG, NOT_DONE, of_fault
from services.file_faults import NOT_READ, file_fault
from services.proving.since import held_checkpoint, read_checkpoint_file, read_key
from services.proving.verifying import own_checkpoints, verify_ledger, with_rulebooks
from services.recording.embedded import LEDGER_FILE
from services.settings.service import SettingError, current_settings
from services.stores.ledgers import open_named_reader

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from events.ledger.port import LedgerReader
    from events.tree.signed_note import VerifierKey
    from services.proving.since import Held
    from services.proving.verifying import DistrictVerified


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "ledger",
        metavar="LEDGER",
        nargs="?",
        help="账册文件、其文件夹、数据库地址或证据包，默认为设置所指的账册 / ledger file, the folder that holds it, "
        "address of a database, or an evidence package; by default the ledger of the settings",
    )
    parser.add_argument(
        "--since",
        action="append",
        metavar="CHECKPOINT",
        help="与此检查点一致，可多次 / consistent with this checkpoint; may repeat",
    )
    parser.add_argument(
        "--key",
        action="append",
        metavar="KEY",
        help="检查点须有此公钥（账册或见证人的）的签名，默认为账册自己的 / "
        "public key (the ledger's or the witness's) that must have signed it; by default the ledger's own",
    )
    parser.add_argument(
        "--rulebooks",
        action="store_true",
        help="另查规则书是否仍是当时判定所用的 / also whether the rulebooks are still those that judged",
    )
    parser.add_argument(
        "--manifest",
        metavar="HEX",
        help="证据包的清单须有此摘要（导出时显示的） / hash that the manifest of a package must have, as export said",
    )
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Verify every district of a ledger."""
    package = args.ledger is not None and is_package(Path(args.ledger))
    if (unusable := _unusable(args, package=package)) is not None:
        sys.stderr.write(f"{unusable}\n")
        return NOT_DONE
    if package:
        return verify_and_show(Path(args.ledger), args.key or (), args.since or (), args.manifest, as_json=args.json)
    try:
        settings = current_settings()
        with open_named_reader(settings, args.ledger) as (reader, folder):
            of_all = args.ledger is None or not Path(args.ledger).is_file() or Path(args.ledger).name == LEDGER_FILE
            own = own_checkpoints(reader, folder, settings.installation, of_all=of_all)
            since = _since(args, {district: key for district, (_, key) in own.items()})
            with progress_bar("核验 verifying", _facts(reader)) as progressed:
                found = verify_ledger(reader, since, own, progressed)
            if args.rulebooks:
                with progress_bar("规则书 rulebooks", _facts(reader)) as progressed:
                    found = with_rulebooks(reader, found, progressed)
    except (LedgerError, NoteError, RulebookError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_READ)}\n")
        return NOT_DONE
    ok = all(one.ok for one in found.values())
    if args.json:
        sys.stdout.write(orjson.dumps(_as_json(found, ok=ok)).decode() + "\n")
    else:
        _show(found)
    return FINE if ok else FOUND_WRONG


def _unusable(args: argparse.Namespace, *, package: bool) -> str | None:
    """Return why the options say nothing about what is to be verified; None when they do."""
    named = args.ledger or "TAIZHANG_DATA"
    if package and args.rulebooks:
        return (
            f"--rulebooks 只用于账册，{named} 是证据包，所含规则书随其他文件一并核验，未核验；请去掉 --rulebooks。 / "
            f"--rulebooks is for a ledger; {named} is an evidence package, whose rulebooks are verified with its other "
            "files, so nothing was verified: leave --rulebooks out. [verify.package_has_rulebooks]"
        )
    if package:
        return None
    if args.manifest is not None:
        return (
            f"--manifest 只用于证据包，{named} 不是证据包，未核验；请指明证据包的文件夹，或去掉 --manifest。 / "
            f"--manifest is for an evidence package, and {named} is none, so nothing was verified; name the folder of "
            "the package, or leave --manifest out. [verify.no_package]"
        )
    if args.key and not args.since:
        return (
            "--key 是检查点须有的签名，未给出检查点，未核验；请以 --since 指明检查点，或去掉 --key。 / "
            "--key is whose signature a checkpoint must have, and none is given, so nothing was verified; name one by "
            "--since, or leave --key out. [verify.no_checkpoint]"
        )
    return None


def _since(args: argparse.Namespace, own: Mapping[str, VerifierKey]) -> list[Held]:
    """Read the checkpoints that the ledger is held against; raise NoteError for one that nobody known has signed."""
    given = [read_key(one) for one in args.key or ()]
    found: list[Held] = []
    for name in args.since or ():
        content = read_checkpoint_file(Path(name))
        origin = checkpoint_of(read_note(content)).origin
        known = given or list(own.values())
        fitting = [key for key in known if key.kind == COSIGNATURE or key.name == origin]
        if not fitting:
            raise NoteError(
                "checkpoint.no_key",
                f"没有核对 {name}（{origin}）签名的公钥，不能据以核验；请用 --key 给出账册或见证人的公钥。",
                f"There is no key to check the signature of {name} ({origin}) with, so it proves nothing; give the "
                "public key of the ledger or the witness by --key.",
            )
        found.append(held_checkpoint(content, fitting))
    return found


def _facts(reader: LedgerReader) -> int:
    counts: Iterable[object] = reader.sequences().values()  # whoever tampered with a head left anything there
    return sum(one for one in counts if isinstance(one, int))


def _as_json(found: Mapping[str, DistrictVerified], *, ok: bool) -> dict[str, object]:
    """Return the whole result; of several districts `root` is the hash of the lines `DISTRICT ROOT`."""
    bad = next((one.first_bad for one in found.values() if one.first_bad is not None), None)
    return {
        "ok": ok,
        "facts": sum(one.found.facts for one in found.values()),
        "root": _root(found),
        "first_bad": bad,
        "districts": [
            {
                "district": district,
                "ok": one.ok,
                "facts": one.found.facts,
                "root": one.found.root.hex(),
                "first_bad": one.first_bad,
                "reason": None
                if one.reason is None
                else {"code": one.reason.code, "zh": one.reason.zh, "en": one.reason.en},
                "checkpoints": [
                    {
                        "origin": held.checkpoint.origin,
                        "size": held.checkpoint.size,
                        "root": held.checkpoint.root.hex(),
                        "signed_by": [{"name": name, "at": at} for name, at in held.signed_by],
                    }
                    for held in one.held
                ],
                "rulebooks": [
                    {"rulebook": each.rulebook, "sequence": each.sequence, "then": each.then, "now": each.now}
                    for each in one.rulebooks
                ],
            }
            for district, one in found.items()
        ],
    }


def _root(found: Mapping[str, DistrictVerified]) -> str:
    if len(found) == 1:
        return next(iter(found.values())).found.root.hex()
    lines = "".join(f"{district} {one.found.root.hex()}\n" for district, one in sorted(found.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _show(found: Mapping[str, DistrictVerified]) -> None:
    if not found:
        sys.stdout.write("账册中没有任何事实，无可核验 / no facts are recorded, so nothing could be verified\n")
    for district, one in found.items():
        reason = "" if one.reason is None else f"{one.reason.zh} / {one.reason.en}"
        if one.ok:
            sys.stdout.write(
                f"{district}: {one.found.facts} 个事实，全部与封存一致 / facts, all as sealed; "
                f"root {one.found.root.hex()}\n"
            )
            if one.held:
                sys.stdout.write(
                    f"{district}: 与 {len(one.held)} 个检查点一致 / consistent with {len(one.held)} checkpoints\n"
                )
        elif one.first_bad is None:
            sys.stdout.write(f"{district}: {reason}\n")
        else:
            sys.stdout.write(
                f"{district}: 第 {one.first_bad} 号起不一致 / changed from number {one.first_bad} on. {reason}\n"
            )
