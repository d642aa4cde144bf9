"""What was asked and not done: the errors of the services have one form."""

from __future__ import annotations


class NotDoneError(Exception):
    """Something asked that cannot be done; `code` is stable, `zh` and `en` say what happened, why, and what to do."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en} [{code}]")
        self.code, self.zh, self.en = code, zh, en
