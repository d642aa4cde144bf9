"""How fast the views in PostgreSQL take facts and answer, beside a bare indexed select on the same database."""

from __future__ import annotations

from events.keys import MemoryKeys
from events.postgres.ledger import PostgresLedger
from events.postgres.migrating import migrate_database
from services.stores.migrations import all_migrations
from services.stores.views_places import ServerPlace
from services.views.rebuilding_beside import Share
from tests.bench.views_measured import Result, measured
from tests.postgres_server import own_server


def bench_postgres_views() -> list[Result]:
    """Measure them in the database that holds the ledger too."""
    with own_server() as server:
        database = server.new_database()
        migrate_database(database, all_migrations())
        with PostgresLedger(database, keys=MemoryKeys()) as ledger:
            return measured("postgres.views", ledger, ServerPlace(database), Share("", database))
