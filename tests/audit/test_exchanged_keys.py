"""What happens when somebody changes the key ring: sealed names do not open, and never say another name.

Nothing else changes: facts, seals, replays and packages do without keys. What is recorded meanwhile is sealed under
what the ring holds then.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from events.keys import KeyFile
from events.ledger.errors import SEALED_TEXT_DAMAGED
from events.ledger.port import Ledger
from events.personal import UNOPENED_TEXT, Keys
from events.postgres.keys import PostgresKeys
from events.postgres.ledger import PostgresLedger
from events.sqlite.ledger import SqliteLedger
from projections.replay.answer import Replay
from projections.replay.question import Question
from services.cli import main
from services.evidence.exporting import export
from services.evidence.wanted import Vouching, Wanted
from services.http.visibility import seen
from services.identity.caller import Caller
from services.recording.embedded import LEDGER_FILE
from services.replay.answering import Answering
from services.replay.basis import basis_of
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.replaying import Asked
from tests.audit.house import verified
from tests.audit.stores import PostgresStore, SqliteStore, Store
from tests.events.ledger.examples import MINUTE, NINE, XINZHOU, alone, refusal, registered, sequences, withdrawn

INSPECTOR = Caller(subject="p-inspector", roles=frozenset({"inspector"}), districts=frozenset({XINZHOU}))
ONE_ANOTHERS = (
    "UPDATE {ring} SET person = 'nobody' WHERE person = 'p-li';"
    "UPDATE {ring} SET person = 'p-li' WHERE person = 'p-sun';"
    "UPDATE {ring} SET person = 'p-sun' WHERE person = 'nobody'"
)
CHANGES = {
    "one another's": ONE_ANOTHERS,
    "one made up": "UPDATE {ring} SET key = {bytes64}",
    "half of it": "UPDATE {ring} SET key = substr(key, 1, 32)",
    "one of no cipher": "UPDATE {ring} SET key = substr(key, 1, 5)",
    "nothing": "UPDATE {ring} SET key = substr(key, 1, 0)",
    "no row": "DELETE FROM {ring}",
}
MALFORMED = ("one of no cipher", "nothing")


@contextmanager
def opened(store: Store) -> Iterator[tuple[Ledger, Keys]]:
    """Open a ledger as its writer, with the ring of keys that belongs to it."""
    with ExitStack() as stack:
        if isinstance(store, PostgresStore):
            keys = stack.enter_context(closing(PostgresKeys(store.database)))
            yield stack.enter_context(PostgresLedger(store.database, keys=keys)), keys
        else:
            ring = stack.enter_context(closing(KeyFile(store.data / "keys.sqlite")))
            yield stack.enter_context(SqliteLedger(store.data / LEDGER_FILE, keys=ring)), ring


def change_ring(store: Store, statement: str) -> None:
    if isinstance(store, PostgresStore):
        with psycopg.connect(store.database) as connection:
            made_up = "decode(repeat('ab', 64), 'hex')"
            for one in statement.format(ring="person_keys", bytes64=made_up).split(";"):
                connection.execute(one.encode())
    else:
        with closing(sqlite3.connect(store.data / "keys.sqlite")) as file, file:
            file.executescript(statement.format(ring="keys", bytes64="randomblob(64)"))


def names(store: Store) -> list[str]:
    """Return the names as an inspector is shown them."""
    with opened(store) as (_, keys), store.reading() as ledger:
        shown = seen(ledger.read(XINZHOU), INSPECTOR, keys)
        return [getattr(one.data, "name", "") for one in shown]


def packaged(store: Store, to: Path) -> dict[str, bytes]:
    with store.reading() as ledger:
        last = ledger.head(XINZHOU).sequence
        export(ledger, Wanted(district=XINZHOU, last=last), Vouching(), lambda _sha256: None, to)
    return {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*") if path.is_file()}


def replayed(store: Store) -> Replay:
    basis = basis_of(XINZHOU)
    assert basis is not None
    with store.reading() as ledger:
        answering = Answering(Sources(ledger), basis, XINZHOU, reach_of(ledger, XINZHOU, NINE))
        return answering.answer(Asked(case="person/p-li", question=Question(), whole=False))


@pytest.fixture
def two(store: Store) -> Store:
    """Record two persons by name."""
    with opened(store) as (ledger, _):
        ledger.record(alone(registered("p-li", "李某"), registered("p-sun", "孙某")), NINE)
    return store


@pytest.mark.parametrize("what", CHANGES)
def test_a_name_is_said_not_to_open_and_everything_else_stays(two: Store, tmp_path: Path, what: str) -> None:
    assert names(two) == ["李某", "孙某"]
    before = (packaged(two, tmp_path / "before"), replayed(two), two.tables())
    change_ring(two, CHANGES[what])
    assert names(two) == [UNOPENED_TEXT, UNOPENED_TEXT]
    assert (packaged(two, tmp_path / "after"), replayed(two), two.tables()) == before
    assert verified(two).ok


def test_what_is_recorded_under_an_exchanged_key_opens_with_that_one_alone(two: Store) -> None:
    change_ring(two, ONE_ANOTHERS)
    with opened(two) as (ledger, _):
        ledger.record(alone(registered("p-li", "李某", number=2)), NINE + MINUTE)
    assert names(two) == [UNOPENED_TEXT, UNOPENED_TEXT, "李某"]
    change_ring(two, ONE_ANOTHERS)
    assert names(two) == ["李某", "孙某", UNOPENED_TEXT]
    assert verified(two).ok


@pytest.mark.parametrize("what", MALFORMED)
def test_under_what_is_no_key_nothing_personal_is_recorded(two: Store, what: str) -> None:
    change_ring(two, CHANGES[what])
    with opened(two) as (ledger, _):
        personal, other = ledger.record(alone(registered("p-li", "李某", number=2), withdrawn(1)), NINE + MINUTE)
    assert (refusal(personal), sequences([other])) == (SEALED_TEXT_DAMAGED, [3])


def test_a_key_of_another_type_which_sqlite_takes_opens_nothing_either(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("ledger") / "var")
    with opened(store) as (ledger, _):
        ledger.record(alone(registered("p-li", "李某"), registered("p-sun", "孙某")), NINE)
    for statement in ("UPDATE {ring} SET key = 'abc'", "UPDATE {ring} SET key = 7", "UPDATE {ring} SET key = 1.5"):
        change_ring(store, statement)
        assert names(store) == [UNOPENED_TEXT, UNOPENED_TEXT]


def test_the_names_beside_a_view_say_so_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    history = tmp_path / "persons.jsonl"
    lines: list[dict[str, object]] = []
    for person, name in (("p-li", "李某"), ("p-sun", "孙某")):
        line = {"type": "roster.person_registered.v1", "occurred_at": "2025-09-01", "actor": {"unit": "u-office"}}
        lines.append(
            {**line, "subject": {"kind": "person", "id": person}, "data": {"name": name, "rank": "division_chief"}}
        )
        away = {
            "person": person,
            "kind": "business_trip",
            "from": "2025-10-08",
            "until": "2025-10-12",
            "leaves": ["city"],
            "reason": "招商",
        }
        line = {"type": "absence.registered.v1", "occurred_at": "2025-10-01", "actor": {"unit": "u-office"}}
        lines.append({**line, "subject": {"kind": "absence", "id": f"w-{person}"}, "data": away})
    history.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    assert main(["record", str(history), "--district", XINZHOU]) == 0
    assert main(["serve", "--once"]) == 0

    def named() -> object:
        capsys.readouterr()
        assert main(["views", "show", "absences", "--district", XINZHOU, "--json"]) == 0
        return json.loads(capsys.readouterr().out)["names"]["entries"]

    assert named() == {"p-li": "李某", "p-sun": "孙某"}
    with closing(sqlite3.connect(tmp_path / "keys.sqlite")) as file, file:
        file.executescript(ONE_ANOTHERS.format(ring="keys"))
    assert named() == {"p-li": UNOPENED_TEXT, "p-sun": UNOPENED_TEXT}
