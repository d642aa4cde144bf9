"""taizhang erase: destroy a person's key as the law demands, as a recorded act with its reason."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from uuid import uuid4

import orjson

from events.errors import FactError
from events.ledger.errors import LedgerError
from events.parsing import parse
from events.personal import acts_of_erasure
from services.arguments import district_code, identity
from services.commands.clock import now
from services.commands.refusing import refused
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.recording.embedded import local_principal
from services.recording.request import Request
from services.recording.writer import open_writer
from services.settings.service import SettingError, current_settings
from services.stores.ledgers import key_destroyer, open_ledger_reader

if TYPE_CHECKING:
    import argparse
    import datetime as dt

    from events.fact import AnyFact
    from services.settings.service import Settings


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--district", type=district_code, metavar="D", required=True, help="区县 / district, such as xinzhou"
    )
    parser.add_argument("--person", type=identity, metavar="P", required=True, help="人员编号 / id of the person")
    parser.add_argument("--basis", metavar="TEXT", required=True, help="法律依据，写明条款 / law and article")
    parser.add_argument("--reason", metavar="TEXT", required=True, help="本次的原因 / why in this case")
    parser.add_argument(
        "--unit", type=identity, metavar="U", default="u-office", help="决定的单位 / the unit that decides (u-office)"
    )
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Record the act first and destroy the key then; what was broken off is completed by asking again."""
    try:
        settings = current_settings()
        act, history = _recorded(settings, args.district, args.person)
        if not history:
            return refused(
                "erase.no_such_person",
                f"{args.district} 的账册中没有人员 {args.person}，无可删除；请核对编号。",
                f"There is no {args.person} in the ledger of {args.district}, so there is nothing to erase; check the "
                "id.",
            )
        if act is not None:
            key_destroyer(settings)(args.district, args.person, act.id)
            return _say(args, act.sequence, repeated=True)
        return _erase(args, settings)
    except FactError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    except (LedgerError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)


def _recorded(settings: Settings, district: str, person: str) -> tuple[AnyFact | None, list[AnyFact]]:
    """Return the act by which a person was erased, if any, and what else is recorded of him."""
    with open_ledger_reader(settings) as ledger:
        history = ledger.read_case(district, f"person/{person}")
    return acts_of_erasure(history).get(person), history


def _erase(args: argparse.Namespace, settings: Settings) -> int:
    fact = _act(args, now())
    with open_writer(settings, now) as writer:
        answer = writer.record(Request(facts=(fact,), principal=local_principal(frozenset({args.district}))))
    for problem in answer.problems:
        sys.stderr.write(f"{problem}\n")
    if not answer.is_in_the_ledger:
        return NOT_DONE
    return _say(args, answer.receipts[0].sequence, repeated=False)


def _say(args: argparse.Namespace, sequence: int, *, repeated: bool) -> int:
    if args.json:
        said = {"district": args.district, "person": args.person, "sequence": sequence, "repeated": repeated}
        sys.stdout.write(orjson.dumps(said).decode() + "\n")
        return FINE
    before = "此前已" if repeated else "已"
    sys.stdout.write(
        f"{before}依法删除 {args.person} 的个人信息：密钥已销毁，见第 {sequence} 号事实；封存仍可核验。"
        "含此密钥的旧备份须一并销毁。\n"
        f"Personal data of {args.person} {'were erased before' if repeated else 'are erased'}: the key is destroyed, "
        f"see fact {sequence}; every seal still verifies. Destroy old back-ups that hold the key too.\n"
    )
    return FINE


def _act(args: argparse.Namespace, at: dt.datetime) -> AnyFact:
    given = {
        "id": str(uuid4()),
        "district": args.district,
        "type": "record.personal_data_erased.v1",
        "subject": {"kind": "person", "id": args.person},
        "occurred_at": at.isoformat(timespec="seconds"),
        "recorded_at": at.isoformat(timespec="seconds"),
        "origin": "recorded",
        "actor": {"unit": args.unit},
        "classification": "internal",
        "data": {"basis": args.basis, "reason": args.reason},
    }
    return parse(given)
