"""Everything that the ledger may answer instead of recording, as one list of stable codes.

A `Reason` belongs to one proposal and is returned; a `LedgerError` belongs to the ledger itself and is raised:

    LedgerError
      LedgerUnavailableError   nothing of this batch was recorded, or nobody can tell (OUTCOME_UNKNOWN); the same batch
                               may be handed in again
      LedgerUnusableError      this file cannot serve as a ledger, or not in this way
      UnknownFormError         a stored fact of a form that this program does not know
      PersonErasedError    a personal field of somebody whose key was destroyed
      PersonalTextTooLongError    a personal text that does not fit once it is sealed
      SealedTextDamagedError   a sealed text that its key does not open
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

EMPTY: Final = "ledger.empty_proposal"
SEVERAL_DISTRICTS: Final = "ledger.several_districts"
CLOCK_RESERVED: Final = "ledger.clock_reserved"
CLOCK_NOT_REACHED: Final = "ledger.clock_not_reached"
CLOCK_SET_BACK: Final = "ledger.clock_set_back"
RECORDED_IN_FUTURE: Final = "ledger.recorded_in_future"
OTHER_CONTENT: Final = "ledger.other_content"
KEY_REUSED: Final = "ledger.key_reused"
OUTCOME_UNKNOWN: Final = "database.outcome_unknown"
UNSTORABLE: Final = "ledger.unstorable"
UNKNOWN_FORM: Final = "ledger.unknown_form"
PERSON_ERASED: Final = "ledger.person_erased"
PERSONAL_TEXT_TOO_LONG: Final = "ledger.personal_text_too_long"
SEALED_TEXT_DAMAGED: Final = "ledger.sealed_text_damaged"


class Reason(Struct, frozen=True):
    """Why something was not done: what happened, why it is a problem, what to do."""

    code: str
    zh: str
    en: str


class LedgerError(Exception):
    """A fault of the ledger as a whole."""

    def __init__(self, reason: Reason) -> None:
        """Carry the reason; its code is stable."""
        super().__init__(f"{reason.zh} {reason.en} [{reason.code}]")
        self.reason = reason

    @property
    def code(self) -> str:
        """The stable code."""
        return self.reason.code


class LedgerUnavailableError(LedgerError):
    """The ledger cannot record now; nothing of the batch was recorded, or by its code nobody can tell."""


class LedgerUnusableError(LedgerError):
    """The file is not a ledger that this program can use in this way."""


class UnknownFormError(LedgerUnusableError):
    """A stored fact of a type, or with a field or a value, that this program does not know."""

    def __init__(self, what: str) -> None:
        """Say what is not known."""
        super().__init__(
            Reason(
                UNKNOWN_FORM,
                f"账册中有本程序不认识的事实（{what}），无法读取：通常由更新的版本入账，也可能被改动；"
                "请把本进程升级到正在使用的最新版本，各进程版本已一致的，运行 taizhang verify 查明。",
                f"The ledger holds a fact of a form that this program does not know ({what}) and cannot read: mostly a "
                "newer version recorded it, or it was changed. Bring this process to the newest version in use; where "
                "all are of one version, run taizhang verify.",
            )
        )


class PersonErasedError(LedgerError):
    """A personal field of somebody whose key was destroyed."""

    def __init__(self, person: str) -> None:
        """Name the person by id."""
        super().__init__(
            Reason(
                PERSON_ERASED,
                f"人员 {person} 的个人信息已依法删除，其密钥不再生成；如确需重新登记，请使用新的人员编号。",
                f"The personal data of {person} was erased and the key is never made again; to register the "
                "person anew, use a new id.",
            )
        )


class PersonalTextTooLongError(LedgerError):
    """A personal text that does not fit once it is sealed."""

    def __init__(self, length: int) -> None:
        """Give the length in characters."""
        super().__init__(
            Reason(
                PERSONAL_TEXT_TOO_LONG,
                f"个人信息字段长 {length} 字，加密后超出字段上限，无法入账；请缩短到 2000 字以内。",
                f"A personal text of {length} characters does not fit its field once sealed; keep it under 2,000.",
            )
        )


class SealedTextDamagedError(LedgerError):
    """A sealed text that its key does not open."""

    def __init__(self, person: str) -> None:
        """Name the person by id."""
        super().__init__(
            Reason(
                SEALED_TEXT_DAMAGED,
                f"人员 {person} 的加密字段无法解开：密钥缺失或不符，或内容被改动；请核验账册并检查密钥文件是否配套。",
                f"The sealed field of {person} cannot be opened: its key is missing or another's, or the text was "
                "changed. Verify the ledger and check that the key file belongs to it.",
            )
        )


def empty_proposal() -> Reason:
    """Refuse a request without facts."""
    return Reason(
        EMPTY, "请求中没有任何事实，无可入账；请至少给出一条。", "The request holds no fact; give at least one."
    )


def several_districts(first: str, other: str) -> Reason:
    """Refuse a request with facts of two districts."""
    return Reason(
        SEVERAL_DISTRICTS,
        f"一次请求涉及两个区县（{first}、{other}），各区县账册独立，无法一并入账；请分开提交。",
        f"The request touches two districts ({first}, {other}); each has a ledger of its own. Send them apart.",
    )


def clock_reserved(fact_type: str) -> Reason:
    """Refuse a clock fact that did not come from the ledger itself."""
    return Reason(
        CLOCK_RESERVED,
        f"{fact_type} 只由账册自身写入，不接受提交；请从请求中去掉。",
        f"{fact_type} is written by the ledger alone; leave it out of the request.",
    )


def clock_not_reached(at: dt.datetime, now: dt.datetime) -> Reason:
    """Refuse a due moment that is still to come."""
    return Reason(
        CLOCK_NOT_REACHED,
        f"时点 {at.isoformat()} 尚未到达（现在 {now.isoformat()}），提前写入会使期限被过早判定；请到时再写。",
        f"The moment {at.isoformat()} has not come (now {now.isoformat()}); recording it would judge a deadline early. "
        "Record it when it has passed.",
    )


def clock_set_back(now: dt.datetime, last: dt.datetime) -> Reason:
    """Refuse a clock that stands before the last fact by more than the tolerance."""
    return Reason(
        CLOCK_SET_BACK,
        f"本机时钟 {now.isoformat()} 早于账册最后入账时间 {last.isoformat()}，"
        "入账时间不得倒退，本次未入账；请校正时钟后重试。",
        f"The clock says {now.isoformat()}, the last fact was recorded at {last.isoformat()}; recording times never go "
        "back, so nothing was recorded. Set the clock right and try again.",
    )


def recorded_in_future(stated: dt.datetime, now: dt.datetime) -> Reason:
    """Refuse a stated recording time after now."""
    return Reason(
        RECORDED_IN_FUTURE,
        f"所给入账时间 {stated.isoformat()} 晚于现在 {now.isoformat()}，会使此后的事实无法按时入账；请改为不晚于现在。",
        f"The stated recording time {stated.isoformat()} is after now ({now.isoformat()}); later facts could not be "
        "recorded at their time. State one that has passed.",
    )


def other_content(fact_id: UUID, sequence: int) -> Reason:
    """Refuse a fact whose id stands in the ledger with other content."""
    return Reason(
        OTHER_CONTENT,
        f"事实 {fact_id} 已入账（第 {sequence} 号），内容与本次不同，已入账者不可更改；如需更正，请提交更正事实。",
        f"Fact {fact_id} is recorded (number {sequence}) with other content, and what is recorded never changes; "
        "to set it right, record a correction.",
    )


def key_reused(key: str) -> Reason:
    """Refuse an idempotency key that came with another request before."""
    return Reason(
        KEY_REUSED,
        f"幂等键 {key} 已用于另一内容的请求，无法判断本次是否重复；请为新请求换用新的键。",
        f"The idempotency key {key} came with another request before; use a new key for a new request.",
    )


def unstorable(fact_id: UUID, why: str) -> Reason:
    """Refuse a fact that cannot be written as bytes."""
    return Reason(
        UNSTORABLE,
        f"事实 {fact_id} 无法写成规范字节（{why}），不能封存；请检查其中的文字和数值。",
        f"Fact {fact_id} cannot be written as canonical bytes ({why}); check its texts and numbers.",
    )


def hash_unavailable(algorithm: str) -> LedgerUnusableError:
    """Report a hash algorithm that this machine does not have."""
    return LedgerUnusableError(
        Reason(
            "ledger.hash_unavailable",
            f"本机没有摘要算法 {algorithm}，无法封存或核验；请改用带有该算法的 OpenSSL，或新建账册时选 sha256。",
            f"This machine has no {algorithm}; facts could not be sealed or verified. Use an OpenSSL that has it, or "
            "choose sha256 when creating a ledger.",
        )
    )
