"""Whoever asks what does not answer can be called off."""

from __future__ import annotations

from threading import Event

import pytest

from services.processes.asking import answer_unless


def test_an_answer_is_returned_and_a_fault_raised_as_if_asked_directly() -> None:
    def refuse() -> str:
        raise ValueError("no")

    assert answer_unless(Event(), lambda: "yes") == "yes"
    with pytest.raises(ValueError, match="no"):
        answer_unless(Event(), refuse)


def test_what_is_asked_when_all_stops_already_is_not_asked() -> None:
    stopping, asked = Event(), Event()
    stopping.set()
    assert answer_unless(stopping, asked.set) is None
    assert not asked.is_set()


def test_whoever_is_asked_to_stop_does_not_wait_for_an_answer_that_is_out() -> None:
    stopping, answers = Event(), Event()

    def silent() -> str:
        stopping.set()
        assert answers.wait(60)
        return "too late"

    assert answer_unless(stopping, silent) is None
    answers.set()
