"""Every migration of this program's database: one list, in the order of application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.postgres.migrating import ledger_migrations
from services.relay.postgres_book import relay_migrations

if TYPE_CHECKING:
    from events.postgres.migrating import Migration


def all_migrations() -> list[Migration]:
    """Return the steps of every part; a part that is added names itself here."""
    return [*ledger_migrations(), *relay_migrations()]
