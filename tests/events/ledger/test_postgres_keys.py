"""The keys of persons in PostgreSQL: made once, the same for every process, and gone for all when they are erased."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from threading import Thread
from uuid import UUID

import psycopg
import pytest

from events.ledger.errors import PersonErasedError
from events.postgres.keys import PostgresKeys
from events.postgres.ledger import PostgresLedger
from tests.events.ledger.examples import NINE, XINZHOU, YUANZHOU, alone, registered, sequences

ACT = UUID("00000000-0000-4000-8000-000000000001")
OTHER_ACT = UUID("00000000-0000-4000-8000-000000000002")


@pytest.fixture
def keys(database: str) -> Iterator[PostgresKeys]:
    with closing(PostgresKeys(database)) as opened:
        yield opened


def test_a_key_is_made_once_and_belongs_to_a_district_and_a_person(keys: PostgresKeys) -> None:
    made = keys.find_or_make(XINZHOU, "p-li")
    assert (keys.find(XINZHOU, "p-li"), keys.find_or_make(XINZHOU, "p-li")) == (made, made)
    assert (keys.find(YUANZHOU, "p-li"), keys.find(XINZHOU, "p-sun")) == (None, None)


def test_processes_that_make_a_key_at_once_get_the_same(database: str) -> None:
    made: list[bytes] = []

    def make() -> None:
        with closing(PostgresKeys(database)) as own:
            made.append(own.find_or_make(XINZHOU, "p-li"))

    threads = [Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(set(made))) == (4, 1)


def test_a_key_erased_by_one_process_is_gone_for_another_and_never_made_again(
    database: str, keys: PostgresKeys
) -> None:
    keys.find_or_make(XINZHOU, "p-li")
    with closing(PostgresKeys(database)) as other:
        assert (other.erase(XINZHOU, "p-li", ACT), other.erase(XINZHOU, "p-li", OTHER_ACT)) == (True, False)
    with pytest.raises(PersonErasedError):
        keys.find_or_make(XINZHOU, "p-li")
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT key, erased_by FROM person_keys").fetchall() == [(None, ACT)]


def test_a_key_from_elsewhere_is_kept_and_an_erased_one_stays_erased(keys: PostgresKeys) -> None:
    keys.take_over(XINZHOU, "p-li", b"key", None)
    keys.take_over(XINZHOU, "p-li", b"another", None)
    keys.take_over(XINZHOU, "p-sun", None, ACT)
    assert keys.find(XINZHOU, "p-li") == b"key"
    with pytest.raises(PersonErasedError):
        keys.find(XINZHOU, "p-sun")


def test_personal_texts_are_sealed_with_keys_of_the_database(database: str, keys: PostgresKeys) -> None:
    with PostgresLedger(database, keys=keys) as ledger:
        assert sequences(ledger.record(alone(registered(), registered()), NINE)) == [1, 1]
        assert keys.find(XINZHOU, "p-li") is not None
