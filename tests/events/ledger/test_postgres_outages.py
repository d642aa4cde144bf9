"""Lost connections, killed servers, many writers: what is acknowledged is recorded once, in an order without holes."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from threading import Thread

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from events.ledger.errors import LedgerUnavailableError
from events.ledger.group_commit import GroupCommit
from events.ledger.port import Histories, Outcome, Proposal, Recorded
from events.postgres.faults import Awaiting
from events.postgres.keys import PostgresKeys
from events.postgres.ledger import PostgresLedger
from events.postgres.reader import open_postgres_reader
from tests.events.ledger.cutting_proxy import CuttingProxy, cutting_proxy
from tests.events.ledger.examples import NINE, XINZHOU, YUANZHOU, alone, receipts, sequences, withdrawn
from tests.postgres_server import own_server, standby_of

END_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = %s"


@pytest.fixture
def proxy(database: str) -> Iterator[CuttingProxy]:
    with cutting_proxy(database) as running:
        yield running


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def end_connections(database: str) -> None:
    """Let the server end every other connection to a database, as an administrator does."""
    with psycopg.connect(database) as connection:
        connection.execute(END_OTHERS, [connection.info.dbname])


def test_a_batch_whose_connection_is_cut_between_commit_and_answer_is_recorded_once(proxy: CuttingProxy) -> None:
    with PostgresLedger(proxy.database) as ledger:
        ledger.record(alone(withdrawn(0)), NINE)
        proxy.cuts = 1
        batch = [
            Proposal(facts=(withdrawn(1), withdrawn(2)), key="form-7", expected={"matter/m-14": 1}),
            *alone(withdrawn(0), withdrawn(1, district=YUANZHOU)),
        ]
        outcomes = ledger.record(batch, NINE)
        assert proxy.cut_commits == 1
        assert [type(outcome).__name__ for outcome in outcomes] == ["Recorded", "Repeated", "Recorded"]
        assert sequences(outcomes) == [2, 3, 1, 1]
        assert list(ledger.receipts(XINZHOU, [2, 3])) == list(receipts(outcomes[0]))
        assert [ledger.verify(district).facts for district in (XINZHOU, YUANZHOU)] == [3, 1]


def test_a_due_moment_whose_answer_is_lost_is_recorded_once(proxy: CuttingProxy) -> None:
    with PostgresLedger(proxy.database) as ledger:
        proxy.cuts = 2
        outcome = ledger.record_clock(XINZHOU, NINE, NINE)
        assert (type(outcome), proxy.cut_commits) == (Recorded, 2)
        assert ledger.head(XINZHOU).sequence == 1


def test_when_the_database_does_not_come_back_the_answer_says_that_nobody_knows(proxy: CuttingProxy) -> None:
    with PostgresLedger(proxy.database, awaiting=Awaiting(0.3)) as ledger:
        proxy.cuts = 1_000
        with pytest.raises(LedgerUnavailableError) as unknown:
            ledger.record(alone(withdrawn(1)), NINE)
        assert unknown.value.code == "database.outcome_unknown"
        proxy.cuts = 0
        assert sequences(ledger.record(alone(withdrawn(1)), NINE)) == [1]


def test_a_connection_that_is_ended_before_the_commit_leaves_nothing_and_the_batch_goes_in_again(database: str) -> None:
    asked: list[int] = []

    def decide(histories: Histories) -> None:
        asked.append(len(histories["matter/m-14"]))
        if len(asked) == 1:
            end_connections(database)

    told: list[str] = []
    with PostgresLedger(database, awaiting=Awaiting(told=told.append)) as ledger:
        (outcome,) = ledger.record([Proposal(facts=(withdrawn(1),), decide=decide)], NINE)
        assert (type(outcome), asked) == (Recorded, [0, 0])
        assert ledger.verify(XINZHOU).facts == 1
    assert "closed the connection" in told[0]


def test_a_reader_asks_again_after_its_connections_were_ended(database: str) -> None:
    with PostgresLedger(database) as ledger:
        ledger.record(alone(withdrawn(1)), NINE)
        with open_postgres_reader(database) as reader:
            end_connections(database)
            assert [fact.sequence for fact in reader.read(XINZHOU)] == [1]


def test_a_database_that_is_away_says_what_was_not_done_by_whoever_asked(proxy: CuttingProxy) -> None:
    soon = Awaiting(0.3, connection=1.0)
    with PostgresLedger(proxy.database, awaiting=soon) as ledger:
        ledger.record(alone(withdrawn(1)), NINE)
        with open_postgres_reader(proxy.database, awaiting=soon) as reader:
            proxy.close()
            asked: dict[str, Callable[[], object]] = {
                "nothing was recorded": lambda: ledger.record(alone(withdrawn(2)), NINE),
                "what was asked could not be read": lambda: list(reader.read(XINZHOU)),
                "the ledger was not opened, nothing was changed": lambda: PostgresLedger(proxy.database, awaiting=soon),
                "reading or changing keys of persons was not completed": lambda: PostgresKeys(
                    proxy.database, awaiting=soon
                ).find(XINZHOU, "zhang"),
            }
            told = {}
            for undone, ask in asked.items():
                with pytest.raises(LedgerUnavailableError) as away:
                    ask()
                told[undone] = away.value.code, f"; {undone}. Check" in away.value.reason.en
    assert told == dict.fromkeys(asked, ("database.unreachable", True))


def test_a_batch_that_the_server_ends_to_resolve_a_deadlock_goes_in_again(database: str) -> None:
    take = "SELECT sequence FROM heads WHERE district = %s FOR UPDATE"
    with PostgresLedger(database) as ledger, psycopg.connect(database) as other:
        ledger.record(alone(withdrawn(1), withdrawn(1, district=YUANZHOU)), NINE)
        other.execute("SET deadlock_timeout = '60s'")
        other.execute(take, [YUANZHOU])
        outcomes: list[Outcome] = []
        batch = alone(withdrawn(2), withdrawn(2, district=YUANZHOU))
        writer = Thread(target=lambda: outcomes.extend(ledger.record(batch, NINE)))
        writer.start()
        with psycopg.connect(database, autocommit=True) as watching:
            while not watching.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchall():
                time.sleep(0.01)
        other.execute(take, [XINZHOU])
        other.commit()
        writer.join()
    assert (sequences(outcomes), [type(outcome) for outcome in outcomes]) == ([2, 2], [Recorded, Recorded])


def test_many_writers_at_once_leave_no_hole_and_record_each_fact_once(database: str) -> None:
    writers, each = 4, 40
    outcomes: list[list[Outcome]] = [[] for _ in range(writers)]

    def write(number: int) -> None:
        with PostgresLedger(database) as ledger:
            for n in range(each):
                districts = [XINZHOU, YUANZHOU] if number % 2 else [YUANZHOU, XINZHOU]
                # A fact of its own in two districts, and one that all writers hand in.
                own = [
                    withdrawn(n, district=name, matter=f"m-{n % 5}", name=f"{name}/{number}/{n}") for name in districts
                ]
                shared = withdrawn(n, matter="m-99")
                outcomes[number] += ledger.record(alone(*own, shared), NINE + dt.timedelta(seconds=number))

    threads = [Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_postgres_reader(database) as reader:
        facts = {district: reader.read(district) for district in (XINZHOU, YUANZHOU)}
        assert [reader.verify(district).reason for district in facts] == [None, None]
    assert [len(found) for found in facts.values()] == [(writers + 1) * each, writers * each]
    for found in facts.values():
        assert [fact.sequence for fact in found] == list(range(1, len(found) + 1))
        assert [fact.recorded_at for fact in found] == sorted(fact.recorded_at for fact in found)
    given = [outcome for some in outcomes for outcome in some]
    assert len([outcome for outcome in given if isinstance(outcome, Recorded)]) == (2 * writers + 1) * each
    assert len(given) == 3 * writers * each


def write_by_many(commit: GroupCommit, callers: int, each: int) -> tuple[list[Thread], dict[str, int]]:
    """Let callers record fact after fact; give them, and the sequence of each fact whose answer came."""
    acknowledged: dict[str, int] = {}

    def write(caller: int) -> None:
        for n in range(each):
            fact = withdrawn(n, matter=f"m-{caller}", name=f"{caller}/{n}")
            outcome = commit.record(Proposal(facts=(fact,), key=f"{caller}/{n}"))
            assert isinstance(outcome, Recorded)
            acknowledged[str(fact.id)] = outcome.receipts[0].sequence

    threads = [Thread(target=write, args=(caller,)) for caller in range(callers)]
    for thread in threads:
        thread.start()
    while len(acknowledged) < callers:
        time.sleep(0.01)
    return threads, acknowledged


def test_a_server_that_is_killed_and_comes_back_loses_nothing_that_was_acknowledged() -> None:
    with (
        own_server() as server,
        PostgresLedger(server.new_ledger_database()) as ledger,
        GroupCommit(ledger, now) as commit,
    ):
        threads, acknowledged = write_by_many(commit, 8, 12)
        server.act("kill")
        server.act("start")
        for thread in threads:
            thread.join()
        assert {str(fact.id): fact.sequence for fact in ledger.read(XINZHOU)} == acknowledged
        assert (len(acknowledged), ledger.verify(XINZHOU).facts) == (96, 96)


def test_after_a_failover_to_the_standby_recording_goes_on_and_nothing_acknowledged_is_lost() -> None:
    with own_server() as primary, standby_of(primary) as standby:
        database = primary.new_ledger_database()
        ports = [str(conninfo_to_dict(server.url)["port"]) for server in (primary, standby)]
        either = make_conninfo(
            database, host="127.0.0.1,127.0.0.1", port=",".join(ports), target_session_attrs="read-write"
        )
        with PostgresLedger(either, awaiting=Awaiting(60)) as ledger, GroupCommit(ledger, now) as commit:
            threads, acknowledged = write_by_many(commit, 8, 10)
            primary.act("kill")
            standby.act("promote")
            for thread in threads:
                thread.join()
            assert {str(fact.id): fact.sequence for fact in ledger.read(XINZHOU)} == acknowledged
            assert (len(acknowledged), ledger.verify(XINZHOU).facts) == (80, 80)
