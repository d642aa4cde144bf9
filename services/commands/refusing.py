"""Saying that a command does not do what it was asked, and why."""

from __future__ import annotations

import sys

from services.exit_codes import NOT_DONE
from services.not_done import NotDoneError


def refused(code: str, zh: str, en: str) -> int:
    """Say on standard error why nothing was done and what to do, with a stable code; return the exit code."""
    sys.stderr.write(f"{NotDoneError(code, zh, en)}\n")
    return NOT_DONE


def no_rulebook_of(district: str, there_are: list[str]) -> int:
    """Refuse a district that has no rulebook."""
    return refused(
        "rules.not_there",
        f"没有 {district} 的规则书，无可查看或检查；可用的区县：{'、'.join(there_are)}。请核对 --district。",
        f"There is no rulebook of {district}, so there is nothing to look at or check; the districts are "
        f"{', '.join(there_are)}. Check --district.",
    )


def no_such_rule(rule: str) -> int:
    """Refuse a rule that is in no rulebook."""
    return refused(
        "rules.not_there",
        f"没有规则 {rule}，无可解释或检查；规则的编号见 taizhang rules --district D，如 xinzhou/28.2-reply。",
        f"There is no rule {rule}, so there is nothing to explain or check; taizhang rules --district D lists their "
        "ids, such as xinzhou/28.2-reply.",
    )
