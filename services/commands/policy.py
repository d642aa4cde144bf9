"""taizhang policy: lint a file of house settings, adopt it for a district, explain the settings in force."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from events.errors import FactError
from events.fact import Actor
from events.ledger.errors import LedgerError
from events.moment import instant_of
from events.parsing import parse
from projections.databases.views_database import ViewsError
from projections.policy.policy import Policy, PolicyError, PolicyProblem, policy_from, shipped_policy
from rulebooks.loading import shipped_districts
from services.arguments import district_code, identity
from services.commands.clock import now
from services.commands.policy_tables import print_explained
from services.commands.refusing import no_rulebook_of
from services.exit_codes import FINE, FOUND_WRONG, NOT_DONE, of_fault
from services.file_faults import NOT_READ, file_fault
from services.policy.adopting import adoption_of
from services.policy.explaining import Explained, explained
from services.policy.kept_policies import KeptPolicies
from services.previews.opening import open_saved
from services.recording.embedded import local_principal
from services.recording.request import Request
from services.recording.writer import open_writer
from services.settings.service import SettingError, current_settings

if TYPE_CHECKING:
    import argparse

    from events.fact import AnyFact


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作 ACTION")
    lint = actions.add_parser("lint", help="检查文件 / check a file")
    lint.add_argument("file", metavar="FILE", help="内部设置文件 / file of house settings")
    lint.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    adopt = actions.add_parser("adopt", help="采用，自该事实起生效 / adopt: it rules from that fact on")
    adopt.add_argument("file", metavar="FILE", help="内部设置文件 / file of house settings")
    adopt.add_argument(
        "--district", type=district_code, metavar="D", required=True, help="区县 / district, such as xinzhou"
    )
    adopt.add_argument("--reason", metavar="TEXT", default="本单位调整 / changed by the house", help="原因 / why")
    adopt.add_argument("--from", dest="first_day", metavar="DATE", help="生效日期，默认今日 / first day; default today")
    adopt.add_argument("--unit", type=identity, metavar="U", default="u-office", help="采用单位 / unit that adopts it")
    explain = actions.add_parser("explain", help="说明现行设置 / explain the settings in force")
    explain.add_argument(
        "--district", type=district_code, metavar="D", help="区县；不写则说明随附设置 / district; else the shipped ones"
    )
    explain.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Lint, adopt or explain."""
    try:
        if args.action == "lint":
            return _lint(args.file, as_json=args.json)
        if args.action == "adopt":
            return _adopt(args)
        return _explain(args.district, as_json=args.json)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_READ)}\n")
        return NOT_DONE
    except (LedgerError, SettingError, ViewsError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)


def _lint(file: str, *, as_json: bool) -> int:
    problems: tuple[PolicyProblem, ...] = ()
    try:
        policy_from(Path(file).read_bytes())
    except PolicyError as error:
        problems = error.problems
    if as_json:
        sys.stdout.write(msgspec.json.encode({"file": file, "problems": problems}).decode() + "\n")
    else:
        _name(file, problems)
        sys.stdout.write(f"{len(problems)} 处问题 problems\n")
    return FOUND_WRONG if problems else FINE


def _name(file: str, problems: tuple[PolicyProblem, ...]) -> None:
    for problem in problems:
        sys.stderr.write(f"{file}: {problem}\n")


def _adopt(args: argparse.Namespace) -> int:
    """Keep the text first and record its adoption then, so that no adoption is without its text."""
    settings = current_settings()
    try:
        policy = KeptPolicies(settings.data).keep(Path(args.file).read_bytes())
        fact = _adoption(policy, args, now())
    except PolicyError as error:
        sys.stderr.write(f"{args.file}: {error}\n")
        return NOT_DONE
    except FactError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    principal = local_principal(frozenset({args.district}))
    first_day = fact.data.effective_on  # type: ignore[attr-defined]  # what is parsed above adopts settings
    with open_writer(settings, now) as writer:
        answer = writer.record(Request(facts=(fact,), principal=principal))
    for problem in answer.problems:
        sys.stderr.write(f"{problem}\n")
    if not answer.is_in_the_ledger:
        return NOT_DONE
    sys.stdout.write(
        f"{args.district} 采用 {policy.name}（{policy.sha256[:12]}），{first_day} 起生效，"
        f"第 {answer.receipts[0].sequence} 号事实 / adopted, in force from {first_day}, "
        f"fact {answer.receipts[0].sequence}\n"
    )
    return FINE


def _adoption(policy: Policy, args: argparse.Namespace, at: dt.datetime) -> AnyFact:
    given = adoption_of(policy, Actor(unit=args.unit), at, args.first_day, args.reason)
    own = {
        "id": str(uuid4()),
        "district": args.district,
        "recorded_at": at.isoformat(timespec="seconds"),
        "origin": "recorded",
        "classification": "internal",
    }
    return parse({**given, **own})


def _explain(district: str | None, *, as_json: bool) -> int:
    if district is not None and district not in shipped_districts():
        return no_rulebook_of(district, shipped_districts())
    found = _explained(district)
    if as_json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        print_explained(found)
    return FINE


def _explained(district: str | None) -> Explained:
    if district is None:
        return explained(shipped_policy())
    at = now()
    with open_saved(current_settings(), at, district) as trial:
        return explained(trial.book.policy, district, trial.watch.world, instant_of(at))
