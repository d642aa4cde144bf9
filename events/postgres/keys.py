"""The keys of persons in PostgreSQL, for all processes that write to one ledger."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from events.ledger.errors import PersonErasedError
from events.personal import KEY_BITS
from events.postgres.faults import Awaiting, Patience, Undone, faults_of
from events.postgres.reader import PATIENCE
from events.postgres.recorder import LedgerDatabase

_FIND: Final = "SELECT key FROM person_keys WHERE district = %s AND person = %s"
_MAKE: Final = "INSERT INTO person_keys (district, person, key) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_NONE_TO_DESTROY: Final[tuple[list[Any], ...]] = ([], [(None,)])
_ERASE: Final = (
    "INSERT INTO person_keys AS kept (district, person, erased_by) VALUES (%s, %s, %s) ON CONFLICT (district, person) "
    "DO UPDATE SET key = NULL, erased_by = coalesce(kept.erased_by, excluded.erased_by)"
)
_KEYS_NOT_REACHED: Final = Undone(
    "个人密钥的存取未能完成",
    "reading or changing keys of persons was not completed",
    "以原编号重试",
    "try again with the same ids",
)


class PostgresKeys:
    """Keys in a table of the ledger's database; none is held in memory, so that one erased is gone everywhere at once.

    A destroyed key leaves the table's file at once, the server's log and its back-ups when these are removed.
    """

    def __init__(self, database: str, *, awaiting: Awaiting = PATIENCE) -> None:
        """Prepare connections to a migrated database; raise LedgerUnusableError for a text that is no address."""
        self._database = database
        self._datastore = LedgerDatabase(database, awaiting.connection)
        self._awaiting = awaiting

    def find(self, district: str, person: str) -> bytes | None:
        """Return a person's key, None when there is none; raise PersonErasedError when it was destroyed."""
        rows = self._run(_FIND, district, person)
        if not rows:
            return None
        key: bytes | None = rows[0][0]
        if key is None:
            raise PersonErasedError(person)
        return key

    def find_or_make(self, district: str, person: str) -> bytes:
        """Return a person's key, made and durable before it returns; raise PersonErasedError when it was destroyed."""
        key = self.find(district, person)
        if key is None:
            new = AESSIV.generate_key(bit_length=KEY_BITS)
            self._run(_MAKE, district, person, new)
            key = self.find(district, person) or new
        return key

    def take_over(self, district: str, person: str, key: bytes | None, erased_by: UUID | None) -> None:
        """Keep a key, or the mark of a destroyed one, that comes from elsewhere; what was destroyed stays so."""
        if key is not None:
            self._run(_MAKE, district, person, key)
        elif erased_by is not None and self._run(_FIND, district, person) not in _NONE_TO_DESTROY:
            self.erase(district, person, erased_by)
        elif erased_by is not None:
            self._run(_ERASE, district, person, erased_by)

    def erase(self, district: str, person: str, act: UUID) -> bool:
        """Destroy a person's key for good, naming the recorded act that ordered it; tell whether there was one."""
        found = self._run(_FIND, district, person)
        self._run(_ERASE, district, person, act)
        self._run("VACUUM (FULL) person_keys")
        return bool(found) and found[0][0] is not None

    def close(self) -> None:
        """Close the connections."""
        self._datastore.close()

    def _run(self, statement: str, *values: object) -> list[Any]:
        patience = Patience(self._awaiting)
        with faults_of(self._database, _KEYS_NOT_REACHED):
            while True:
                try:
                    with self._datastore.asking() as cursor:
                        cursor.execute(statement, values)
                        return [] if cursor.description is None else cursor.fetchall()
                except Exception as fault:
                    if not patience.is_left_after(fault):
                        raise
                self._datastore.forget_lost_connections()
