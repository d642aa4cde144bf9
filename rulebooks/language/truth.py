"""Three-valued logic over frames: a test answers True, False, or None when the record does not tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rulebooks.language.frame import Frame

Truth = bool | None
Test = Callable[["Frame"], Truth]


def opposite(truth: Truth) -> Truth:
    """Return the contrary; what is unknown stays so."""
    return None if truth is None else not truth


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Return False when one is, else None when one is not known, else True."""
    known = True
    for truth in truths:
        if truth is False:
            return False
        known = known and truth is True
    return True if known else None


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Return True when one is, else None when one is not known, else False."""
    return opposite(conjunction(opposite(truth) for truth in truths))


def all_of(tests: Sequence[Test]) -> Test:
    """Return a test that holds when all do, and is false as soon as one is."""
    if len(tests) == 1:
        return tests[0]
    tests = tuple(tests)

    def test(frame: Frame) -> Truth:
        mark = len(frame.missing)
        answer: Truth = True
        for one in tests:
            got = one(frame)
            if got is True:
                continue
            if got is False:
                del frame.missing[mark:]
                return False
            answer = None
        return answer

    return test


def any_of(tests: Sequence[Test]) -> Test:
    """Return a test that holds as soon as one does, and is false when none can."""
    if len(tests) == 1:
        return tests[0]
    tests = tuple(tests)

    def test(frame: Frame) -> Truth:
        mark = len(frame.missing)
        answer: Truth = False
        for one in tests:
            got = one(frame)
            if got is True:
                del frame.missing[mark:]
                return True
            if got is None:
                answer = None
        if answer is False:
            del frame.missing[mark:]
        return answer

    return test


def negated(test: Test) -> Test:
    """Return the opposite test; what is unknown stays so."""

    def contrary(frame: Frame) -> Truth:
        got = test(frame)
        return None if got is None else not got

    return contrary


def settled(test: Test) -> Test:
    """Return the test with what it missed forgotten unless it stayed open."""

    def tidy(frame: Frame) -> Truth:
        mark = len(frame.missing)
        got = test(frame)
        if got is not None:
            del frame.missing[mark:]
        return got

    return tidy
