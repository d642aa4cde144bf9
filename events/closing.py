"""What is closed at the end of a `with` block."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from typing import Self


class Closing(metaclass=ABCMeta):
    """Something that holds a file, a connection or a thread until it is closed."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
